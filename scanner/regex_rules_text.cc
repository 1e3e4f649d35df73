// RE2 for texts outside of a scan: sets of regexes, each of which one automaton runs. Where a set
// needs more memory than it may have, its regexes are asked one by one.
#include <fmt/format.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <deque>

#include "rules/rule_set.h"
#include "scanner/regex_rules_regex.h"
#include "scanner/text_pattern.h"

namespace assay {

namespace {

constexpr int64_t kMemory = 8 << 20;            // bytes a set may take, its automata included
constexpr size_t kSetBytes = size_t{32} << 10;  // of regexes in one

}  // namespace

struct TextPatterns::Regexes {
  struct Set {
    size_t first = 0, last = 0;
    std::unique_ptr<RE2::Set> made;  // null: one by one
  };
  std::deque<UserRegex> alone;
  std::vector<Set> sets;

  void make_sets();
  void ask(const Set& set, re2::StringPiece text, std::vector<size_t>& found) const;
};

TextPatterns::TextPatterns() : regexes_(std::make_unique<Regexes>()) {}
TextPatterns::~TextPatterns() = default;

size_t TextPatterns::add(const std::string& regex, std::string_view place) {
  regexes_->alone.emplace_back(regex, fmt::format("{}: the regex", place));
  return regexes_->alone.size() - 1;
}

void TextPatterns::Regexes::make_sets() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  for (size_t first = 0; first < alone.size();) {
    Set set{first, first, std::make_unique<RE2::Set>(options, RE2::UNANCHORED)};
    bool added = true;
    for (size_t bytes = 0; set.last < alone.size() && bytes < kSetBytes; ++set.last) {
      added = added && set.made->Add(alone[set.last].text(), nullptr) >= 0;
      bytes += alone[set.last].text().size() + 1;
    }
    if (!added || !set.made->Compile()) set.made = nullptr;
    first = set.last;
    sets.push_back(std::move(set));
  }
}

void TextPatterns::Regexes::ask(const Set& set, re2::StringPiece text,
                                std::vector<size_t>& found) const {
  if (set.made != nullptr) {
    std::vector<int> numbers;
    RE2::Set::ErrorInfo error{};
    const bool any = set.made->Match(text, &numbers, &error);
    if (any || error.kind == RE2::Set::kNoError) {
      std::sort(numbers.begin(), numbers.end());
      for (const int number : numbers) found.push_back(set.first + static_cast<size_t>(number));
      return;
    }
  }
  for (size_t i = set.first; i < set.last; ++i) {
    if (RE2::PartialMatch(text, alone[i].get())) found.push_back(i);
  }
}

std::vector<size_t> TextPatterns::found_in(std::string_view text) {
  if (regexes_->sets.empty()) regexes_->make_sets();
  std::vector<size_t> found;
  for (const Regexes::Set& set : regexes_->sets) {
    regexes_->ask(set, {text.data(), text.size()}, found);
  }
  return found;
}

}  // namespace assay
