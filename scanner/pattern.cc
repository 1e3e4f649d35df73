#include "scanner/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "rules/rule_set.h"

namespace assay {

namespace {
constexpr int kMaxGroups = 9;
constexpr int64_t kMemory = 8 << 20;  // bytes a regex may take, its automata included

RE2::Options options() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);  // bytes, as Hyperscan sees them
  options.set_log_errors(false);  // the text of a regex error could quote input
  options.set_max_mem(kMemory);
  options.set_never_nl(false);
  return options;
}
}  // namespace

Pattern::Pattern(const KeywordPattern& source, std::string_view rule_id)
    : source_(source), rule_id_(rule_id) {}
Pattern::~Pattern() = default;

void Pattern::check() const {
  std::call_once(once_, [this] {
    auto regex = std::make_unique<re2::RE2>(source_.regex, options());
    if (!regex->ok()) {
      throw Error(fmt::format("Rule {}: the regex does not compile: {}. Mend it (RE2 syntax).",
                              rule_id_, regex->error()));
    }
    const auto& groups = regex->NamedCapturingGroups();
    const auto secret = groups.find("secret");
    if (secret == groups.end() || regex->NumberOfCapturingGroups() > kMaxGroups) {
      throw Error(fmt::format(
          "Rule {}: the regex needs a group (?P<secret>…) and at most {} groups in all.", rule_id_,
          kMaxGroups));
    }
    group_ = secret->second;
    regex_ = std::move(regex);
  });
}

Pattern::Outcome Pattern::match_at(std::string_view text, size_t at, bool at_end,
                                   Span& secret) const {
  check();
  const size_t end = std::min(text.size(), at + kMaxWidth);
  const bool may_go_on = !at_end && end == text.size();
  re2::StringPiece groups[kMaxGroups + 1];
  const re2::StringPiece piece(text.data(), text.size());
  if (!regex_->Match(piece, at, end, RE2::ANCHOR_START, groups, group_ + 1)) {
    return may_go_on ? Outcome::more : Outcome::none;
  }
  const char* const match_end = groups[0].data() + groups[0].size();
  if (may_go_on && match_end == text.data() + text.size()) return Outcome::more;
  if (groups[group_].empty()) return Outcome::none;
  secret.begin = static_cast<size_t>(groups[group_].data() - text.data());
  secret.end = secret.begin + groups[group_].size();
  return Outcome::found;
}

}  // namespace assay
