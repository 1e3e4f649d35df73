// xz, lzip and lzma, through liblzma.
#include <lzma.h>

#include "scanner/decoders/codec.h"

namespace assay {
namespace {

constexpr uint64_t kMemory = uint64_t{256} << 20;  // `xz -9` needs 65 MiB

enum class Wrapping { xz, lzip, alone };

class LzmaCodec : public Codec {
 public:
  explicit LzmaCodec(Wrapping wrapping) : wrapping_(wrapping) { restart(); }
  ~LzmaCodec() override { lzma_end(&stream_); }
  LzmaCodec(const LzmaCodec&) = delete;
  LzmaCodec& operator=(const LzmaCodec&) = delete;

  Decoded decode(std::string_view in, std::span<char> out, bool last) override {
    if (started_ != LZMA_OK) return {Outcome::memory};
    stream_.next_in = reinterpret_cast<const uint8_t*>(in.data());
    stream_.avail_in = in.size();
    stream_.next_out = reinterpret_cast<uint8_t*>(out.data());
    stream_.avail_out = out.size();
    const lzma_ret result = lzma_code(&stream_, last ? LZMA_FINISH : LZMA_RUN);
    return {outcome(result), in.size() - stream_.avail_in, out.size() - stream_.avail_out};
  }

  void restart() override {
    switch (wrapping_) {
      case Wrapping::xz:
        started_ = lzma_stream_decoder(&stream_, kMemory, 0);
        break;
      case Wrapping::lzip:
        started_ = lzma_lzip_decoder(&stream_, kMemory, 0);
        break;
      case Wrapping::alone:
        started_ = lzma_alone_decoder(&stream_, kMemory);
        break;
    }
  }

 private:
  static Outcome outcome(lzma_ret result) {
    switch (result) {
      case LZMA_OK:
      case LZMA_BUF_ERROR:  // neither bytes nor room: no fault of the data
        return Outcome::more;
      case LZMA_STREAM_END:
        return Outcome::end;
      case LZMA_MEM_ERROR:
      case LZMA_MEMLIMIT_ERROR:
        return Outcome::memory;
      default:
        return Outcome::damaged;
    }
  }

  Wrapping wrapping_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_ret started_ = LZMA_OK;
};

}  // namespace

std::unique_ptr<Codec> make_xz_codec() { return std::make_unique<LzmaCodec>(Wrapping::xz); }
std::unique_ptr<Codec> make_lzip_codec() { return std::make_unique<LzmaCodec>(Wrapping::lzip); }
std::unique_ptr<Codec> make_lzma_codec() { return std::make_unique<LzmaCodec>(Wrapping::alone); }

}  // namespace assay
