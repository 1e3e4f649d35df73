// Compressed streams made in memory, for tests.
#pragma once

#include <bzlib.h>
#include <gtest/gtest.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <string>
#include <string_view>

namespace assay {

inline std::string deflated(std::string_view text, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}
inline std::string gzipped(std::string_view text) { return deflated(text, 15 + 16); }
inline std::string zlibbed(std::string_view text) { return deflated(text, 15); }

inline std::string zstd_frame(std::string_view text) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> held(ZSTD_createCCtx(),
                                                                  &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(held.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress2(held.get(), out.data(), out.size(), text.data(), text.size()));
  return out;
}

inline std::string lzma_coded(lzma_stream& stream, std::string_view text) {
  std::string out(text.size() + (64 << 10), '\0');
  stream.next_in = reinterpret_cast<const uint8_t*>(text.data());
  stream.avail_in = text.size();
  stream.next_out = reinterpret_cast<uint8_t*>(out.data());
  stream.avail_out = out.size();
  EXPECT_EQ(lzma_code(&stream, LZMA_FINISH), LZMA_STREAM_END);
  out.resize(stream.total_out);
  lzma_end(&stream);
  return out;
}
inline std::string xz_stream(std::string_view text) {
  lzma_stream stream = LZMA_STREAM_INIT;
  EXPECT_EQ(lzma_easy_encoder(&stream, 1, LZMA_CHECK_CRC64), LZMA_OK);
  return lzma_coded(stream, text);
}
inline std::string lzma_stream_alone(std::string_view text) {
  lzma_stream stream = LZMA_STREAM_INIT;
  lzma_options_lzma options;
  lzma_lzma_preset(&options, 1);
  EXPECT_EQ(lzma_alone_encoder(&stream, &options), LZMA_OK);
  return lzma_coded(stream, text);
}
inline void append_number(std::string& out, uint64_t number, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) out += static_cast<char>(number >> 8 * i);
}
// The same stream within other bytes: of one MiB's dictionary, which is what preset 1 has.
inline std::string lzip_member(std::string_view text) {
  std::string out = std::string("LZIP\1\x14", 6) + lzma_stream_alone(text).substr(13);
  append_number(out, lzma_crc32(reinterpret_cast<const uint8_t*>(text.data()), text.size(), 0), 4);
  append_number(out, text.size(), 8);
  append_number(out, out.size() + 8, 8);
  return out;
}

inline std::string bzip2_stream(std::string_view text) {
  std::string out(text.size() + text.size() / 50 + 1000, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()),
                                     static_cast<unsigned>(text.size()), 1, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

inline std::string lz4_frame(std::string_view text) {
  LZ4F_preferences_t wanted{};
  wanted.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  wanted.frameInfo.blockSizeID = LZ4F_max64KB;
  std::string out(LZ4F_compressFrameBound(text.size(), &wanted), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), &wanted));
  return out;
}

// Stored blocks, as there need be no encoder for them: "no more", four digits of length, "stored".
inline std::string brotli_stream(std::string_view text) {
  std::string out;
  for (bool first = true; !text.empty(); first = false) {
    const std::string_view block = text.substr(0, 65536);
    const uint64_t bits = (block.size() - 1) << 3 | uint64_t{1} << 19;
    append_number(out, first ? bits << 1 : bits, 3);
    out += block;
    text.remove_prefix(block.size());
  }
  return out + (out.empty() ? '\x06' : '\x03');
}

}  // namespace assay
