// The syntax of RE2, read as far as scanner/regex_shape.h needs it.
#pragma once

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// Characters that may stand at one place: never too few.
struct RegexChars {
  std::bitset<128> ascii;
  bool beyond = false;  // others than ASCII
  bool folds = false;   // only the Kelvin sign or the long s, beside `ascii`
};

struct RegexNode {
  enum class Op { nothing, chars, concat, alternate, repeat };  // nothing: an assertion, or empty
  Op op = Op::nothing;
  RegexChars chars;
  int min = 0;
  int max = 0;  // -1: no bound
  std::vector<size_t> parts;
};

struct RegexTree {
  bool known = false;            // false: there is something that is not read here
  std::vector<RegexNode> nodes;  // parts stand before what is made of them
  // The alternatives of the whole regex, each a row of items with where they stand in it, and what
  // flags are on there ("(?i)" or "").
  struct Item {
    size_t node = 0;
    size_t begin = 0;
    std::string flags;
  };
  struct Branch {
    std::vector<Item> items;
    size_t end = 0;
  };
  std::vector<Branch> branches;
};

// `regex` is one that RE2 accepts in UTF-8.
RegexTree parse_regex(std::string_view regex);

}  // namespace assay
