// Each library's own word, where it is linked in; of ISA-L only what it was built against.
#include "scanner/decoders/codec_versions.h"

#include <archive.h>
#include <brotli/decode.h>
#include <bzlib.h>
#include <fmt/format.h>
#include <isa-l.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <string_view>

namespace assay {

std::vector<std::string> codec_versions() {
  const std::string_view bzip2 = BZ2_bzlibVersion();  // "1.0.8, 13-Jul-2019"
  const uint32_t brotli = BrotliDecoderVersion();
  const int archive = archive_version_number();
  return {
      fmt::format("libarchive {}.{}.{}", archive / 1000000, archive / 1000 % 1000, archive % 1000),
      fmt::format("ISA-L {}.{}.{}", ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION),
      fmt::format("zlib {}", zlibVersion()),
      fmt::format("zstd {}", ZSTD_versionString()),
      fmt::format("liblzma {}", lzma_version_string()),
      fmt::format("bzip2 {}", bzip2.substr(0, bzip2.find(','))),
      fmt::format("brotli {}.{}.{}", brotli >> 24, brotli >> 12 & 0xFFF, brotli & 0xFFF),
  };
}

}  // namespace assay
