#include "rules/keys/crc32.h"

#include <zlib.h>

namespace assay {

uint32_t crc32(std::string_view data) {
  return static_cast<uint32_t>(
      ::crc32_z(0, reinterpret_cast<const unsigned char*>(data.data()), data.size()));
}

}  // namespace assay
