// Where text of two or four bytes a character stands.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace assay {

// A place of UTF-16 or UTF-32 is reported if kWideProbe bytes from it on are plain ASCII, each with
// its NULs. Of each stretch of kWideGrid + kWideProbe such bytes at least one place is; a key has
// 108 or more.
inline constexpr size_t kWideProbe = 16;
inline constexpr size_t kWideGrid = 64;

// Appends places whose probe ends in (from, to], ascending. Clean text costs one look at 16 of
// every 64 bytes.
void find_wide(std::string_view text, size_t from, size_t to, std::vector<size_t>& places);

}  // namespace assay
