// What scanner/regex_rules*.cc share: the rules compiled, and a worker's memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/literal_set.h"
#include "scanner/pattern.h"
#include "scanner/regex_rules.h"
#include "scanner/regex_rules_allow.h"
#include "scanner/regex_shape.h"

namespace assay {

// Where a rule's regex is tried.
enum class Search {
  at_starts,        // a match begins where the shape's cores can
  around_starts,    // in windows around the places where a core matches
  around_keywords,  // in windows around keywords
  everywhere,       // if a keyword stands in the text, or the rule has none
};

// A way for a match to begin: see RegexShape::Branch. `core` is null where the regex itself is
// tried; `head` where there is none.
struct CompiledBranch {
  std::unique_ptr<UserRegex> core, head;
  LeadingBytes leading;
  size_t before = 0, core_width = 0;  // at most kMostWidth
};

struct CompiledRule {
  const Rule* rule = nullptr;
  const RegexRule* source = nullptr;
  std::unique_ptr<UserRegex> regex, path;  // may be null
  std::vector<CompiledBranch> branches;    // of Search::at_starts and around_starts
  std::vector<CompiledAllowlist> allowlists;
  std::vector<size_t> required;  // rules, beside source->required
  Search search = Search::everywhere;
  size_t width = 0;  // of a match, at most kMostWidth
  bool has_keywords = false;
  bool folds = false;    // see RegexShape
  bool generic = false;  // by its id: gives way to rules that are not
};

struct CompiledRules {
  // That a keyword speaks of a rule, or of a branch of it.
  struct Use {
    uint32_t rule = 0;
    uint32_t branch = 0;  // kOnlyPresent: that it is there is all that counts
    uint32_t offset = 0;  // of the keyword in the core
  };
  static constexpr uint32_t kOnlyPresent = UINT32_MAX;

  std::vector<CompiledRule> rules;
  std::vector<CompiledAllowlist> allowlists;
  std::vector<Literal> literals;       // keywords, then the characters that fold to ASCII
  std::vector<std::vector<Use>> uses;  // beside them; of the latter none
  size_t first_fold = 0;               // literal
  std::unique_ptr<LiteralSet> set;     // null: keywords are compared one after another
  std::vector<std::string> warnings;
  bool any_regex = false;
};

// A match of a rule in a text, as the regex gives it, with what was made of it.
struct RawMatch {
  uint32_t rule = 0;
  Span all;  // the regex's match
  Span match, secret;
};

// A match of the text before, for generic ones that give way to it. Offsets in the blob.
struct PastMatch {
  uint64_t begin = 0, secret_begin = 0;
  size_t secret_size = 0;
  uint32_t rule = 0;
};

struct SearchMemory {
  explicit SearchMemory(const CompiledRules& compiled);

  LiteralSet::Scratch literals;
  std::vector<uint64_t> last_end;  // of each rule, in the blob
  bool fresh = true;               // nothing was searched since the last reset
  uint64_t searched_to = 0;        // in the blob, of what was searched last
  std::vector<PastMatch> past;
  std::optional<std::string> path;  // that `active` is about
  std::vector<char> looks;          // each rule: it has a regex, and this path is not out of scope
  std::vector<char> active;         // each rule: that, and it reports
  bool any_active = false;

  // Of one call.
  std::vector<LiteralSet::Place> places;
  std::vector<size_t> folds;                // ends of characters that fold
  std::vector<char> present;                // each rule: one of its keywords
  std::vector<std::vector<Span>> windows;   // each rule
  std::vector<std::vector<size_t>> starts;  // each rule
  std::vector<size_t> tried;                // each rule: bytes that wide cores were tried on
  std::string buffer, path_buffer;          // of valid_text
  std::vector<RawMatch> raw;
};

// What find() is asked, as the stages see it. A match counts that begins in [zone_begin, zone_end).
struct SearchTask {
  std::string_view raw;   // as it came
  std::string_view text;  // as UTF-8; empty until make_valid
  uint64_t base = 0;
  size_t own_begin = 0, own_end = 0, zone_begin = 0, zone_end = 0;
  std::string_view path;  // UTF-8
};

// No more matches of one rule are taken out of one text.
inline constexpr size_t kMostMatches = 65536;

// Appends the raw matches of all rules that are active; false if kMostMatches cut them short.
// The text is made valid only if a regex is tried on it.
bool search_rules(const CompiledRules& compiled, SearchTask& task, SearchMemory& memory);

// Appends the matches of one regex that begin in [from, to), each behind the last; tried
// everywhere.
bool search_regex(const CompiledRule& rule, std::string_view text, size_t from, size_t to,
                  uint32_t index, std::vector<RawMatch>& raw);

// Sets match and secret, asks entropy and allowlists: whether it is a finding.
bool judge_match(const CompiledRules& compiled, const SearchTask& task, RawMatch& raw);

// Of judged matches: leaves out those whose required rules have no match near by, and generic ones
// where a rule that is not has found the same.
void drop_without_required(const CompiledRules& compiled, const SearchTask& task,
                           const std::vector<char>& looks, std::vector<RawMatch>& matches);
void drop_generic(const CompiledRules& compiled, const SearchTask& task,
                  const std::vector<PastMatch>& past, std::vector<RawMatch>& matches);

}  // namespace assay
