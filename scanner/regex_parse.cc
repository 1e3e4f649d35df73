// A recursive descent over the syntax that RE2 and Go share. It need not find errors: RE2 has
// accepted the regex. Where it meets what it does not know (\Q \C, octal) it gives up, and the
// regex is tried everywhere.
//
//   a(?i)b|[c-e]{2,}   ->  branches: "a", "b" with flags "(?i)"; "[c-e]{2,}" with flags "(?i)"
#include "scanner/regex_parse.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>

namespace assay {

namespace {

constexpr int kMostDepth = 100;
constexpr size_t kMostNodes = 10000;
constexpr uint32_t kLastCharacter = 0x10FFFF;

struct Flags {
  bool fold = false, multi_line = false, dot_all = false, ungreedy = false;
  std::string text() const {
    std::string on;
    if (fold) on += 'i';
    if (multi_line) on += 'm';
    if (dot_all) on += 's';
    if (ungreedy) on += 'U';
    return on.empty() ? on : "(?" + on + ")";
  }
};

// A class while it is read. `inexact`: it may hold characters that the regex does not mean, so its
// opposite is not known.
struct ClassBuilder {
  RegexChars chars;
  bool inexact = false;

  void add(uint32_t first, uint32_t last) {
    for (uint32_t c = first; c <= std::min<uint32_t>(last, 127); ++c) chars.ascii.set(c);
    if (last > 127) chars.beyond = true;
  }
  void add_all() {
    chars.ascii.set();
    chars.beyond = true;
    inexact = true;
  }
  void fold() {
    for (uint32_t c = 'a'; c <= 'z'; ++c) {
      if (chars.ascii[c] || chars.ascii[c - 32]) chars.ascii.set(c), chars.ascii.set(c - 32);
    }
    if (chars.ascii['k'] || chars.ascii['s']) chars.folds = true;
    if (!chars.beyond) return;
    for (const char c : {'k', 'K', 's', 'S'}) chars.ascii.set(static_cast<size_t>(c));
    inexact = true;
  }
  void negate() {
    if (inexact) {
      chars.ascii.set();
    } else {
      chars.ascii.flip();
    }
    chars.beyond = true;
  }
};

bool perl_class(char letter, ClassBuilder& builder) {
  ClassBuilder made;
  switch (std::tolower(static_cast<unsigned char>(letter))) {
    case 'd':
      made.add('0', '9');
      break;
    case 's':
      for (const char c : {'\t', '\n', '\f', '\r', ' '}) made.add(c, c);
      break;
    case 'w':
      made.add('0', '9'), made.add('A', 'Z'), made.add('a', 'z'), made.add('_', '_');
      break;
    default:
      return false;
  }
  if (letter < 'a') made.negate();
  builder.chars.ascii |= made.chars.ascii;
  builder.chars.beyond |= made.chars.beyond;
  return true;
}

bool posix_class(std::string_view name, ClassBuilder& builder) {
  const bool negated = name.starts_with('^');
  if (negated) name.remove_prefix(1);
  static constexpr struct {
    std::string_view name;
    int (*holds)(int);
  } kClasses[] = {
      {"alnum", std::isalnum}, {"alpha", std::isalpha}, {"blank", std::isblank},
      {"cntrl", std::iscntrl}, {"digit", std::isdigit}, {"graph", std::isgraph},
      {"lower", std::islower}, {"print", std::isprint}, {"punct", std::ispunct},
      {"space", std::isspace}, {"upper", std::isupper}, {"xdigit", std::isxdigit},
      {"word", nullptr},       {"ascii", nullptr},
  };
  for (const auto& row : kClasses) {
    if (row.name != name) continue;
    for (int c = 0; c < 128; ++c) {
      bool in = row.holds == nullptr ? std::isalnum(c) || c == '_' : row.holds(c) != 0;
      if (name == "ascii") in = true;
      if (in != negated) builder.chars.ascii.set(static_cast<size_t>(c));
    }
    if (negated) builder.chars.beyond = true;
    return true;
  }
  return false;
}

class Parser {
 public:
  explicit Parser(std::string_view regex) : regex_(regex) {}

  RegexTree parse() {
    Flags flags;
    alternation(flags, 0);
    if (at_ != regex_.size()) failed_ = true;
    tree_.known = !failed_ && tree_.nodes.size() <= kMostNodes;
    return std::move(tree_);
  }

 private:
  bool more() const { return !failed_ && at_ < regex_.size(); }
  bool take(std::string_view piece) {
    if (regex_.substr(at_, piece.size()) != piece) return false;
    at_ += piece.size();
    return true;
  }
  size_t fail() {
    failed_ = true;
    return node({});
  }
  size_t node(RegexNode made) {
    if (tree_.nodes.size() > kMostNodes) failed_ = true;
    tree_.nodes.push_back(std::move(made));
    return tree_.nodes.size() - 1;
  }
  size_t chars(const RegexChars& what) {
    RegexNode made;
    made.op = RegexNode::Op::chars;
    made.chars = what;
    return node(std::move(made));
  }

  // Up to `)` or the end. Flags that are set within hold to the end of the group, over `|` too.
  size_t alternation(Flags flags, int depth) {
    if (depth > kMostDepth) return fail();
    RegexNode all;
    all.op = RegexNode::Op::alternate;
    do {
      all.parts.push_back(row(flags, depth));
    } while (more() && take("|"));
    return node(std::move(all));
  }

  size_t row(Flags& flags, int depth) {
    std::vector<RegexTree::Item> items;
    while (more() && regex_[at_] != '|' && regex_[at_] != ')') {
      const size_t begin = at_;
      if (set_flags(flags)) continue;
      const std::string flag_text = depth == 0 ? flags.text() : "";
      size_t made = atom(flags, depth);
      while (more() && quantify(made)) continue;
      items.push_back({made, begin, flag_text});
    }
    RegexNode all;
    all.op = RegexNode::Op::concat;
    for (const auto& item : items) all.parts.push_back(item.node);
    if (depth == 0) tree_.branches.push_back({std::move(items), at_});
    return node(std::move(all));
  }

  // `(?i)`; a group with flags, `(?i:`, is an atom's.
  bool set_flags(Flags& flags) {
    const size_t begin = at_;
    Flags made = flags;
    if (take("(?") && read_flags(made) && take(")")) {
      flags = made;
      return true;
    }
    at_ = begin;
    return false;
  }
  bool read_flags(Flags& flags) {
    bool on = true;
    for (; more() && regex_[at_] != ')' && regex_[at_] != ':'; ++at_) {
      switch (regex_[at_]) {
        case 'i':
          flags.fold = on;
          break;
        case 'm':
          flags.multi_line = on;
          break;
        case 's':
          flags.dot_all = on;
          break;
        case 'U':
          flags.ungreedy = on;
          break;
        case '-':
          on = false;
          break;
        default:
          return false;
      }
    }
    return true;
  }

  size_t atom(const Flags& flags, int depth) {
    const char c = regex_[at_];
    if (c == '(') return group(flags, depth);
    if (c == '[') return bracket(flags);
    if (c == '\\') return escape(flags);
    if (c == '^' || c == '$') return ++at_, node({});
    if (c == '.') {
      ++at_;
      ClassBuilder any;
      any.add_all();
      return chars(any.chars);
    }
    if (c == '*' || c == '+' || c == '?') return fail();
    return single(character(), flags);
  }

  size_t single(uint32_t c, const Flags& flags) {
    ClassBuilder builder;
    builder.add(c, c);
    if (flags.fold) builder.fold();
    return chars(builder.chars);
  }

  // One character of the regex itself.
  uint32_t character() {
    const auto lead = static_cast<unsigned char>(regex_[at_++]);
    if (lead < 0x80) return lead;
    while (at_ < regex_.size() && (static_cast<unsigned char>(regex_[at_]) & 0xC0) == 0x80) ++at_;
    return 0x80;  // which one does not matter
  }

  size_t group(const Flags& flags, int depth) {
    ++at_;
    Flags inner = flags;
    if (take("?P<") || take("?<")) {
      while (more() && regex_[at_] != '>') ++at_;
      if (!take(">")) return fail();
    } else if (take("?")) {
      if (!read_flags(inner) || !take(":")) return fail();
    }
    const size_t made = alternation(inner, depth + 1);
    return take(")") ? made : fail();
  }

  // `*`, `+`, `?`, `{2,3}`, and the `?` that makes it lazy.
  bool quantify(size_t& made) {
    RegexNode repeat;
    repeat.op = RegexNode::Op::repeat;
    repeat.max = -1;
    if (take("+")) {
      repeat.min = 1;
    } else if (take("?")) {
      repeat.max = 1;
    } else if (!take("*") && !counts(repeat)) {
      return false;
    }
    take("?");
    repeat.parts = {made};
    made = node(std::move(repeat));
    return true;
  }

  // `{2}`, `{2,}`, `{2,3}`; else the brace is a character.
  bool counts(RegexNode& repeat) {
    const size_t begin = at_;
    const auto number = [&]() -> std::optional<int> {
      int value = 0;
      const size_t first = at_;
      while (more() && std::isdigit(static_cast<unsigned char>(regex_[at_])) && at_ - first < 5) {
        value = value * 10 + (regex_[at_++] - '0');
      }
      return at_ == first ? std::nullopt : std::optional(value);
    };
    if (take("{")) {
      if (const auto least = number()) {
        repeat.min = repeat.max = *least;
        if (take(",")) {
          const auto most = number();
          repeat.max = most ? *most : -1;
        }
        if (take("}")) return true;
      }
    }
    at_ = begin;
    return false;
  }

  size_t escape(const Flags& flags) {
    const char c = at_ + 1 < regex_.size() ? regex_[at_ + 1] : '\0';
    if (c == 'b' || c == 'B' || c == 'A' || c == 'z') return at_ += 2, node({});
    ClassBuilder builder;
    if (!class_escape(builder)) {
      const auto code = escaped_character();
      if (!code) return fail();
      builder.add(*code, *code);
    }
    if (flags.fold) builder.fold();
    return chars(builder.chars);
  }

  // `\d`, `\pL`, `\p{Greek}` at at_.
  bool class_escape(ClassBuilder& builder) {
    const char c = at_ + 1 < regex_.size() ? regex_[at_ + 1] : '\0';
    if (perl_class(c, builder)) return at_ += 2, true;
    if (c != 'p' && c != 'P') return false;
    at_ += 2;
    if (take("{")) {
      while (more() && regex_[at_] != '}') ++at_;
    }
    if (at_ < regex_.size()) ++at_;
    builder.add_all();
    return true;
  }

  // `\n`, `\x41`, `\x{1F511}`, `\.` at at_.
  std::optional<uint32_t> escaped_character() {
    if (at_ + 1 >= regex_.size()) return std::nullopt;
    ++at_;
    const char c = regex_[at_];
    if (c == 'x') return ++at_, hexadecimal();
    constexpr std::string_view kLetters = "afnrtv", kMeaning = "\a\f\n\r\t\v";
    if (const size_t i = kLetters.find(c); i != std::string_view::npos) {
      return ++at_, static_cast<uint32_t>(kMeaning[i]);
    }
    if (std::isalnum(static_cast<unsigned char>(c))) return std::nullopt;
    return character();
  }
  std::optional<uint32_t> hexadecimal() {
    const bool braces = take("{");
    uint32_t value = 0;
    size_t digits = 0;
    for (; more() && std::isxdigit(static_cast<unsigned char>(regex_[at_])); ++at_, ++digits) {
      if (!braces && digits == 2) break;
      const int c = std::tolower(static_cast<unsigned char>(regex_[at_]));
      value = value * 16 + static_cast<uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
      if (value > kLastCharacter) return std::nullopt;
    }
    if (digits == 0 || (braces && !take("}"))) return std::nullopt;
    return value;
  }

  size_t bracket(const Flags& flags) {
    ++at_;
    const bool negated = take("^");
    ClassBuilder builder;
    for (bool first = true; more() && (first || regex_[at_] != ']'); first = false) {
      if (regex_.substr(at_, 2) == "[:") {
        const size_t end = regex_.find(":]", at_ + 2);
        if (end == std::string_view::npos) return fail();
        if (!posix_class(regex_.substr(at_ + 2, end - at_ - 2), builder)) return fail();
        at_ = end + 2;
        continue;
      }
      if (regex_[at_] == '\\' && class_escape(builder)) continue;
      const auto low = class_character();
      if (!low) return fail();
      uint32_t high = *low;
      const bool range = at_ + 1 < regex_.size() && regex_[at_] == '-' && regex_[at_ + 1] != ']';
      if (range) {
        ++at_;
        const auto last = class_character();
        if (!last) return fail();
        high = std::max(*last, *low);
      }
      builder.add(*low, high);
    }
    if (!take("]")) return fail();
    if (flags.fold) builder.fold();
    if (negated) builder.negate();
    return chars(builder.chars);
  }
  std::optional<uint32_t> class_character() {
    if (!more()) return std::nullopt;
    return regex_[at_] == '\\' ? escaped_character() : character();
  }

  std::string_view regex_;
  size_t at_ = 0;
  bool failed_ = false;
  RegexTree tree_;
};

}  // namespace

RegexTree parse_regex(std::string_view regex) { return Parser(regex).parse(); }

}  // namespace assay
