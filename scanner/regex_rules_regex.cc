// RE2 reads a regex in a tenth of the time that it takes to compile it. Given no memory it stops
// between the two, and says that the regex is too large: then its syntax is right. A regex that may
// be too large indeed, by its counts, is compiled at once.
#include "scanner/regex_rules_regex.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/regex_parse.h"

namespace assay {

namespace {

// A regex with its automata. The second is for those with large counts.
constexpr int64_t kMemory[] = {8 << 20, 64 << 20};

// Less than an empty automaton takes. (Of less than 2, RE2 makes 0, which means without a limit.)
constexpr int64_t kNoMemory = 64;

// Characters and classes of a regex whose counts are written out, up to which it surely fits.
constexpr size_t kSurelyFits = 4000;

// Where the class that begins at `at` ends.
size_t behind_class(std::string_view regex, size_t at) {
  at += regex.substr(at, 2) == "[^" ? 2 : 1;
  for (size_t first = at; at < regex.size(); ++at) {
    if (regex[at] == ']' && at > first) return at + 1;
    if (regex[at] == '\\') {
      ++at;
    } else if (regex.substr(at, 2) == "[:") {
      at = std::min(regex.find(":]", at), regex.size() - 1) + 1;
    }
  }
  return regex.size();
}

// Go's (?<name>…) as (?P<name>…): RE2 of before 2023 knows that form alone.
std::string with_known_names(std::string_view regex) {
  std::string out;
  for (size_t at = 0; at < regex.size();) {
    size_t end = at + 1;
    if (regex.substr(at, 2) == "\\Q") {
      end = std::min(regex.find("\\E", at), regex.size());
    } else if (regex[at] == '\\') {
      end = std::min(at + 2, regex.size());
    } else if (regex[at] == '[') {
      end = behind_class(regex, at);
    } else if (regex.substr(at, 3) == "(?<" && regex.substr(at + 3).find_first_of("=!") != 0) {
      out += "(?P<";
      at += 3;
      continue;
    }
    out += regex.substr(at, end - at);
    at = end;
  }
  return out;
}

std::unique_ptr<re2::RE2> made_of(const std::string& regex, int64_t memory) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory);
  return std::make_unique<re2::RE2>(regex, options);
}

std::unique_ptr<re2::RE2> compile(const std::string& regex) {
  std::unique_ptr<re2::RE2> made;
  for (const int64_t memory : kMemory) {
    made = made_of(regex, memory);
    if (made->error_code() != RE2::ErrorPatternTooLarge) break;
  }
  return made;
}

bool surely_fits(const std::string& regex) {
  const RegexTree tree = parse_regex(regex);
  if (!tree.known) return false;
  std::vector<size_t> sizes;
  for (const RegexNode& node : tree.nodes) {
    size_t size = 1;
    for (const size_t part : node.parts) size += sizes[part];
    if (node.op == RegexNode::Op::repeat) {
      size *= static_cast<size_t>(std::max({node.min, node.max, 1}));
    }
    if (size > kSurelyFits) return false;
    sizes.push_back(size);
  }
  return true;
}

void check(const re2::RE2& regex, const std::string& where) {
  if (regex.ok()) return;
  throw Error(fmt::format("{} does not compile: {}. Mend it (RE2 syntax).", where, regex.error()));
}

}  // namespace

UserRegex::UserRegex(std::string regex, const std::string& where)
    : regex_(with_known_names(regex)) {
  if (surely_fits(regex_)) {
    const auto read = made_of(regex_, kNoMemory);
    if (read->error_code() != RE2::ErrorPatternTooLarge) check(*read, where);
    return;
  }
  std::call_once(once_, [this] { compiled_ = compile(regex_); });
  check(*compiled_, where);
}
UserRegex::~UserRegex() = default;

const re2::RE2& UserRegex::get() const {
  std::call_once(once_, [this] { compiled_ = compile(regex_); });
  return *compiled_;
}

}  // namespace assay
