// Three questions to the tree of a regex.
//
// How wide: bytes are added up. A character beyond ASCII has at most 4.
//
// Does each match hold a keyword: from each item of a row on, the texts that a match can begin with
// are written out in lower case, as far as they are few; if each of them holds a keyword, so does
// each match.
//   (?:passw(?:or)?d|token)[ \t]{0,20}=   ->  "passwd", "password", "token"
//
// Which bytes come first: the set of places where a part can begin goes through the tree, and comes
// out as the set of places where it can end.
#include "scanner/regex_shape.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <optional>

#include "scanner/regex_parse.h"
#include "scanner/valid_text.h"

namespace assay {

namespace {

using Op = RegexNode::Op;

constexpr size_t kMostTexts = 64;
constexpr size_t kMostText = 48;
constexpr size_t kMostChoices = 4;  // characters of a class that are written out
constexpr size_t kMostWork = 20000;

size_t add(size_t a, size_t b) { return a > SIZE_MAX - b ? SIZE_MAX : a + b; }
size_t times(size_t a, size_t b) { return a != 0 && b > SIZE_MAX / a ? SIZE_MAX : a * b; }

size_t width(const RegexChars& chars) { return chars.beyond ? 4 : chars.folds ? 3 : 1; }

// The widest match of each node.
std::vector<size_t> widths_of(const RegexTree& tree) {
  std::vector<size_t> widths;
  for (const RegexNode& node : tree.nodes) {
    size_t widest = 0;
    switch (node.op) {
      case Op::nothing:
        break;
      case Op::chars:
        widest = width(node.chars);
        break;
      case Op::concat:
        for (const size_t part : node.parts) widest = add(widest, widths[part]);
        break;
      case Op::alternate:
        for (const size_t part : node.parts) widest = std::max(widest, widths[part]);
        break;
      case Op::repeat:
        widest = widths[node.parts[0]];
        if (widest > 0) {
          widest = node.max < 0 ? SIZE_MAX : times(widest, static_cast<size_t>(node.max));
        }
        break;
    }
    widths.push_back(widest);
  }
  return widths;
}

// A text that a match begins with; `closed`: what follows is not written out.
struct Begin {
  std::string text;
  bool closed = false;
};
using Begins = std::vector<Begin>;

void close(Begins& begins) {
  for (Begin& begin : begins) begin.closed = true;
}

class Expander {
 public:
  explicit Expander(const RegexTree& tree) : tree_(tree) {}

  void expand(size_t index, Begins& begins) {
    const bool open =
        std::any_of(begins.begin(), begins.end(), [](const Begin& begin) { return !begin.closed; });
    if (!open) return;
    if (++work_ > kMostWork) return close(begins);
    const RegexNode& node = tree_.nodes[index];
    switch (node.op) {
      case Op::nothing:
        return;
      case Op::chars:
        return expand(node.chars, begins);
      case Op::concat:
        for (const size_t part : node.parts) expand(part, begins);
        return;
      case Op::alternate:
        return choose(node.parts, begins);
      case Op::repeat:
        for (int i = 0; i < node.min && i < static_cast<int>(kMostText); ++i) {
          expand(node.parts[0], begins);
        }
        if (node.max == node.min && node.max <= static_cast<int>(kMostText)) return;
        if (node.max != node.min + 1) return close(begins);
        Begins longer = begins;
        expand(node.parts[0], longer);
        join(begins, longer);
    }
  }

 private:
  void expand(const RegexChars& chars, Begins& begins) {
    std::string choices;
    for (size_t c = 0; c < 128 && choices.size() <= kMostChoices; ++c) {
      const bool upper = c >= 'A' && c <= 'Z';
      const size_t low = upper ? c + 32 : c;
      if (!chars.ascii[c]) continue;
      if (choices.find(static_cast<char>(low)) == std::string::npos) {
        choices += static_cast<char>(low);
      }
    }
    if (chars.beyond || choices.size() > kMostChoices || choices.empty()) return close(begins);
    Begins made;
    for (const Begin& begin : begins) {
      if (begin.closed) {
        made.push_back(begin);
        continue;
      }
      for (const char c : choices) made.push_back({begin.text + c, begin.text.size() >= kMostText});
    }
    if (made.size() > kMostTexts) return close(begins);
    begins = std::move(made);
  }

  void choose(const std::vector<size_t>& parts, Begins& begins) {
    Begins all;
    for (const size_t part : parts) {
      Begins one = begins;
      expand(part, one);
      if (all.size() + one.size() > kMostTexts) return close(begins);
      all.insert(all.end(), one.begin(), one.end());
    }
    begins = std::move(all);
  }

  void join(Begins& begins, const Begins& more) {
    if (begins.size() + more.size() > kMostTexts) return close(begins);
    begins.insert(begins.end(), more.begin(), more.end());
  }

  const RegexTree& tree_;
  size_t work_ = 0;
};

// Where in each of the texts that the row's items from `first` on begin with a keyword stands, or
// nothing if one has none. Of several the longest is taken: it is the rarest.
std::optional<std::vector<RegexShape::Start>> starts_of(const RegexTree& tree,
                                                        std::span<const size_t> items,
                                                        std::span<const std::string> keywords) {
  Begins begins = {{}};
  Expander expander(tree);
  for (const size_t item : items) expander.expand(item, begins);
  std::vector<RegexShape::Start> starts;
  for (const Begin& begin : begins) {
    size_t longest = 0;
    RegexShape::Start start;
    for (uint32_t i = 0; i < keywords.size(); ++i) {
      const size_t at = begin.text.find(keywords[i]);
      if (at == std::string::npos || keywords[i].size() <= longest) continue;
      longest = keywords[i].size();
      start = {i, at};
    }
    if (longest == 0) return std::nullopt;
    if (std::find(starts.begin(), starts.end(), start) == starts.end()) starts.push_back(start);
  }
  return starts;
}

// Whether each match of the node holds a keyword.
bool holds_keyword(const RegexTree& tree, size_t index, std::span<const std::string> keywords) {
  const RegexNode& node = tree.nodes[index];
  const auto holds = [&](size_t part) { return holds_keyword(tree, part, keywords); };
  switch (node.op) {
    case Op::nothing:
    case Op::chars:
      return starts_of(tree, std::span(&index, 1), keywords).has_value();
    case Op::concat:
      for (size_t i = 0; i < node.parts.size(); ++i) {
        if (starts_of(tree, std::span(node.parts).subspan(i), keywords)) return true;
      }
      return std::any_of(node.parts.begin(), node.parts.end(), [&](size_t part) {
        const Op op = tree.nodes[part].op;
        return (op == Op::alternate || op == Op::concat || op == Op::repeat) && holds(part);
      });
    case Op::alternate:
      return std::all_of(node.parts.begin(), node.parts.end(), holds);
    case Op::repeat:
      return node.min > 0 && holds(node.parts[0]);
  }
  return false;
}

// Fills LeadingBytes. A set of places is a bit each; the last stands for all from there on.
class LeadingReader {
 public:
  LeadingReader(const RegexTree& tree, LeadingBytes& leading) : tree_(tree), leading_(leading) {}

  void read(std::span<const size_t> items) {
    uint64_t places = 1;
    for (const size_t item : items) places = through(item, places);
    if (work_ > kMostWork) return;
    leading_.length = static_cast<size_t>(std::countr_zero(places | kLast));
  }

 private:
  static constexpr uint64_t kLast = uint64_t{1} << LeadingBytes::kMost;

  static uint64_t moved(uint64_t places, int by) {
    const uint64_t far = places << by;
    return (far & (kLast - 1)) | ((far >> LeadingBytes::kMost) != 0 ? kLast : 0);
  }

  uint64_t through(const RegexChars& chars, uint64_t places) {
    for (size_t c = 0; c < 128; ++c) {
      if (chars.ascii[c]) leading_.allowed[c] |= static_cast<uint32_t>(places);
    }
    uint64_t ends = chars.ascii.any() ? moved(places, 1) : 0;
    if (chars.ascii[static_cast<size_t>(kNoCharacter)]) {
      // What is asked may not be UTF-8 yet (scanner/valid_text.h).
      for (size_t c = 128; c < 256; ++c) leading_.allowed[c] |= static_cast<uint32_t>(places);
    }
    if (chars.beyond || chars.folds) {
      const uint64_t all = places | moved(places, 1) | moved(places, 2) | moved(places, 3);
      for (size_t c = 128; c < 256; ++c) leading_.allowed[c] |= static_cast<uint32_t>(all);
      ends |= moved(places, 2) | moved(places, 3) | moved(places, 4);
    }
    return ends;
  }

  uint64_t through(size_t index, uint64_t places) {
    if (++work_ > kMostWork || places == 0) return places;
    const RegexNode& node = tree_.nodes[index];
    switch (node.op) {
      case Op::nothing:
        return places;
      case Op::chars:
        return through(node.chars, places);
      case Op::concat:
        for (const size_t part : node.parts) places = through(part, places);
        return places;
      case Op::alternate: {
        uint64_t ends = 0;
        for (const size_t part : node.parts) ends |= through(part, places);
        return ends;
      }
      case Op::repeat: {
        const int kMost = static_cast<int>(LeadingBytes::kMost) + 1;
        for (int i = 0; i < std::min(node.min, kMost); ++i) places = through(node.parts[0], places);
        uint64_t ends = places;
        for (int i = node.min; (node.max < 0 || i < node.max) && i < node.min + kMost; ++i) {
          places = through(node.parts[0], places);
          if ((ends | places) == ends) break;
          ends |= places;
        }
        return ends;
      }
    }
    return places;
  }

  const RegexTree& tree_;
  LeadingBytes& leading_;
  size_t work_ = 0;
};

// The row's items from `first` on, as many as are not too wide.
std::string head_of(std::string_view regex, const RegexTree::Branch& row,
                    const std::vector<size_t>& widths, size_t first) {
  size_t widest = 0, end = first;
  for (; end < row.items.size(); ++end) {
    widest = add(widest, widths[row.items[end].node]);
    if (widest > RegexShape::kWidestHead) break;
  }
  if (end == first || end == row.items.size()) return {};
  const size_t begin = row.items[first].begin;
  std::string head = row.items[first].flags;
  head += regex.substr(begin, row.items[end].begin - begin);
  return head;
}

std::optional<RegexShape::Branch> branch_of(std::string_view regex, const RegexTree& tree,
                                            const RegexTree::Branch& row,
                                            const std::vector<size_t>& widths,
                                            std::span<const std::string> keywords) {
  std::vector<size_t> items;
  for (const auto& item : row.items) items.push_back(item.node);
  RegexShape::Branch branch;
  for (size_t i = 0; i < items.size(); ++i) {
    const std::span<const size_t> rest = std::span(items).subspan(i);
    if (auto starts = starts_of(tree, rest, keywords)) {
      branch.starts = std::move(*starts);
      branch.core = row.items[i].flags;
      branch.core += regex.substr(row.items[i].begin, row.end - row.items[i].begin);
      for (const size_t item : rest) branch.core_widest = add(branch.core_widest, widths[item]);
      LeadingReader(tree, branch.leading).read(rest);
      if (branch.core_widest > RegexShape::kWidestHead) {
        branch.head = head_of(regex, row, widths, i);
      }
      return branch;
    }
    branch.before = add(branch.before, widths[items[i]]);
    if (branch.before == SIZE_MAX) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

RegexShape shape_of(std::string_view regex, std::span<const std::string> keywords) {
  RegexShape shape;
  const RegexTree tree = parse_regex(regex);
  if (!tree.known) return shape;
  shape.known = true;
  const std::vector<size_t> widths = widths_of(tree);
  shape.widest = widths.back();
  for (const RegexNode& node : tree.nodes) shape.folds = shape.folds || node.chars.folds;
  shape.holds_keyword = holds_keyword(tree, tree.nodes.size() - 1, keywords);
  if (!shape.holds_keyword) return shape;
  for (const RegexTree::Branch& row : tree.branches) {
    auto branch = branch_of(regex, tree, row, widths, keywords);
    if (!branch) {
      shape.branches.clear();
      break;
    }
    shape.branches.push_back(std::move(*branch));
  }
  return shape;
}

}  // namespace assay
