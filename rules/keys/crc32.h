// CRC-32 (ISO-HDLC, the one of zip and gzip), the checksum of GitHub, npm and older DevOps tokens.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay {

// crc32("123456789") is 0xCBF43926. zlib does the work. Any thread.
uint32_t crc32(std::string_view data);

}  // namespace assay
