// Git LFS pointers: blobs that stand for content that is stored elsewhere.
#pragma once

#include <string_view>

namespace assay {

// Whether a blob is one, as the LFS specification tells them: a first line, and less than 1024
// bytes.
inline bool is_lfs_pointer(std::string_view text) {
  return text.size() < 1024 && text.starts_with("version https://git-lfs.github.com/spec/v1");
}

}  // namespace assay
