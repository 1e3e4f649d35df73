// Codecs: what undoes one way of compressing, as a stream.
#pragma once

#include <memory>
#include <span>
#include <string_view>

namespace assay {

class Codec {
 public:
  enum class Outcome {
    more,      // it goes on: with more bytes, or with more room
    end,       // a stream of it has ended, and its checksum holds
    damaged,   // these bytes are not of the format
    checksum,  // all is decoded, and the checksum does not hold
    memory,    // it asks for more memory than it is given
  };
  struct Decoded {
    Outcome outcome;
    size_t read = 0;
    size_t written = 0;  // also before damage
  };

  virtual ~Codec() = default;

  // Decodes from `in` into `out`, as far as either lasts. With `more` and neither read nor written
  // it wants more than `in`, of which all has been read. `last`: nothing follows `in`.
  virtual Decoded decode(std::string_view in, std::span<char> out, bool last) = 0;

  // After `end`: makes ready for the next stream.
  virtual void restart() = 0;
};

// Null if there is no memory.
std::unique_ptr<Codec> make_gzip_codec();
std::unique_ptr<Codec> make_zlib_codec();
std::unique_ptr<Codec> make_zstd_codec();
std::unique_ptr<Codec> make_xz_codec();
std::unique_ptr<Codec> make_lzip_codec();
std::unique_ptr<Codec> make_lzma_codec();
std::unique_ptr<Codec> make_bzip2_codec();
std::unique_ptr<Codec> make_lz4_codec();
std::unique_ptr<Codec> make_brotli_codec();

}  // namespace assay
