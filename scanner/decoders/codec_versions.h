// Which libraries undo archives and compression. For assay doctor.
#pragma once

#include <string>
#include <vector>

namespace assay {

// "libarchive 3.6.2", "zlib 1.2.13", …
std::vector<std::string> codec_versions();

}  // namespace assay
