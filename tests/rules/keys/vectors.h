// Reading the vectors of tests/data: one a line, columns parted by blanks, `#` begins a comment.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace assay {

// The rows of a file. Fails the test if it has fewer than `at_least`, so that a lost file is told.
inline std::vector<std::vector<std::string>> vectors(const std::string& name, size_t at_least) {
  std::ifstream in(std::string(ASSAY_TEST_DATA) + "/" + name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream columns(line);
    rows.emplace_back();
    for (std::string column; columns >> column;) rows.back().push_back(column);
  }
  EXPECT_GE(rows.size(), at_least) << name;
  return rows;
}

// The bytes of a column of hexadecimal digits; `-` is the empty text.
inline std::string unhex(const std::string& digits) {
  std::string bytes;
  if (digits == "-") return bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace assay
