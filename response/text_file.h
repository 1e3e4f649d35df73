// A small file that the user named, or that a known place of a repository holds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay {

// The content of a regular file of at most `most` bytes. Throws Error, a sentence with `name` and a
// remedy, if it is not there, may not be read, is no regular file or is longer.
std::string read_text_file(const std::string& path, const std::string& name, size_t most);

// Takes the next line off `text`, without its end.
std::string_view take_line(std::string_view& text);

// Whether git wrote the line, where it could not merge two versions of a file.
bool is_conflict_marker(std::string_view line);

}  // namespace assay
