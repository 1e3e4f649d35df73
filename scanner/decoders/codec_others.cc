// zstd, bzip2, lz4 and brotli, each through its own library.
//
// The libraries of zstd and lz4 forget what they wrote in a call that meets damage. They are given
// what they ask for and no more, which is a block, so that all blocks before the damage are kept.
#include <brotli/decode.h>
#include <bzlib.h>
#include <lz4frame.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <climits>

#include "scanner/decoders/codec.h"

namespace assay {
namespace {

template <auto function>
struct Release {
  template <typename Held>
  void operator()(Held* held) const {
    function(held);
  }
};

// Goes on from frame to frame, and over those to be skipped, by itself.
class ZstdCodec : public Codec {
 public:
  ZstdCodec() : held_(ZSTD_createDCtx()) {
    if (held_) ZSTD_DCtx_setParameter(held_.get(), ZSTD_d_windowLogMax, 27);  // 128 MiB
  }

  Decoded decode(std::string_view in, std::span<char> out, bool) override {
    if (!held_) return {Outcome::memory};
    ZSTD_inBuffer given{in.data(), std::min(in.size(), wanted_), 0};
    ZSTD_outBuffer room{out.data(), out.size(), 0};
    const size_t result = ZSTD_decompressStream(held_.get(), &room, &given);
    Outcome outcome = result == 0 ? Outcome::end : Outcome::more;
    if (ZSTD_isError(result)) {
      const ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
      outcome =
          code == ZSTD_error_checksum_wrong ? Outcome::checksum
          : code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_memory_allocation
              ? Outcome::memory
              : Outcome::damaged;
    }
    wanted_ = outcome == Outcome::more ? result : kFirst;
    return {outcome, given.pos, room.pos};
  }

  void restart() override {}

 private:
  static constexpr size_t kFirst = 5;  // the shortest beginning of a frame

  size_t wanted_ = kFirst;
  std::unique_ptr<ZSTD_DCtx, Release<ZSTD_freeDCtx>> held_;
};

class Bzip2Codec : public Codec {
 public:
  Bzip2Codec() { restart(); }
  ~Bzip2Codec() override { BZ2_bzDecompressEnd(&stream_); }
  Bzip2Codec(const Bzip2Codec&) = delete;
  Bzip2Codec& operator=(const Bzip2Codec&) = delete;

  Decoded decode(std::string_view in, std::span<char> out, bool) override {
    if (started_ != BZ_OK) return {Outcome::memory};
    const auto most = [](size_t size) {
      return static_cast<unsigned>(std::min<size_t>(size, INT_MAX));
    };
    const unsigned given = most(in.size()), room = most(out.size());
    stream_.next_in = const_cast<char*>(in.data());
    stream_.avail_in = given;
    stream_.next_out = out.data();
    stream_.avail_out = room;
    const int result = BZ2_bzDecompress(&stream_);
    const Outcome outcome = result == BZ_OK           ? Outcome::more
                            : result == BZ_STREAM_END ? Outcome::end
                            : result == BZ_MEM_ERROR  ? Outcome::memory
                                                      : Outcome::damaged;
    return {outcome, given - stream_.avail_in, room - stream_.avail_out};
  }

  void restart() override {
    BZ2_bzDecompressEnd(&stream_);  // does nothing the first time
    stream_ = {};
    started_ = BZ2_bzDecompressInit(&stream_, 0, 0);
  }

 private:
  bz_stream stream_ = {};
  int started_ = BZ_OK;
};

class Lz4Codec : public Codec {
 public:
  Lz4Codec() {
    LZ4F_dctx* made = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION)) == 0) held_.reset(made);
  }

  Decoded decode(std::string_view in, std::span<char> out, bool) override {
    if (!held_) return {Outcome::memory};
    size_t read = std::min(in.size(), wanted_), written = out.size();
    const size_t result =
        LZ4F_decompress(held_.get(), out.data(), &written, in.data(), &read, nullptr);
    if (LZ4F_isError(result) != 0) {
      // The codes are not part of its stable interface; their names are.
      const std::string_view error = LZ4F_getErrorName(result);
      const bool checksum = error.find("hecksum_invalid") != std::string_view::npos;
      return {checksum ? Outcome::checksum : Outcome::damaged};
    }
    wanted_ = result == 0 ? kFirst : result;
    return {result == 0 ? Outcome::end : Outcome::more, read, written};
  }

  void restart() override {}

 private:
  static constexpr size_t kFirst = 7;  // the shortest header

  size_t wanted_ = kFirst;
  std::unique_ptr<LZ4F_dctx, Release<LZ4F_freeDecompressionContext>> held_;
};

class BrotliCodec : public Codec {
 public:
  BrotliCodec() { restart(); }

  Decoded decode(std::string_view in, std::span<char> out, bool) override {
    if (!held_) return {Outcome::memory};
    const auto* next_in = reinterpret_cast<const uint8_t*>(in.data());
    auto* next_out = reinterpret_cast<uint8_t*>(out.data());
    size_t left = in.size(), room = out.size();
    const BrotliDecoderResult result =
        BrotliDecoderDecompressStream(held_.get(), &left, &next_in, &room, &next_out, nullptr);
    const Outcome outcome = result == BROTLI_DECODER_RESULT_SUCCESS ? Outcome::end
                            : result == BROTLI_DECODER_RESULT_ERROR ? Outcome::damaged
                                                                    : Outcome::more;
    return {outcome, in.size() - left, out.size() - room};
  }

  void restart() override { held_.reset(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)); }

 private:
  std::unique_ptr<BrotliDecoderState, Release<BrotliDecoderDestroyInstance>> held_;
};

}  // namespace

std::unique_ptr<Codec> make_zstd_codec() { return std::make_unique<ZstdCodec>(); }
std::unique_ptr<Codec> make_bzip2_codec() { return std::make_unique<Bzip2Codec>(); }
std::unique_ptr<Codec> make_lz4_codec() { return std::make_unique<Lz4Codec>(); }
std::unique_ptr<Codec> make_brotli_codec() { return std::make_unique<BrotliCodec>(); }

}  // namespace assay
