// The user's rules over source text and over log text: matches that keywords bring about, against
// the regexes alone; and what reading the rules costs. With ASSAY_BENCH_RULES=FILE those of a
// gitleaks file, else 200 of our own that look like such: a name, an operator, a value.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "benchmarks/check.h"
#include "benchmarks/text.h"
#include "rules/config.h"
#include "scanner/regex_rules.h"

namespace assay {

namespace {

constexpr size_t kBytes = 8 << 20;
constexpr size_t kPiece = 512 << 10;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Rule made_rule(const std::string& id, std::string regex, std::vector<std::string> keywords) {
  auto source = std::make_shared<RegexRule>();
  source->regex = std::move(regex);
  source->keywords = std::move(keywords);
  source->entropy = 3;
  Rule rule;
  rule.id = id;
  rule.family = kCustomFamily;
  rule.confidence = Confidence::context;
  rule.regex = std::move(source);
  return rule;
}

RuleSet made_rules() {
  SeededRandom random(2);
  const std::string value = R"([ \w.-]{0,16}["' ]{0,2}(?:=|:|=>)["' ]{0,3}(VALUE)(?:["'\s;]|$))";
  const auto with = [&](const std::string& what) {
    std::string regex = value;
    return regex.replace(regex.find("VALUE"), 5, what);
  };
  std::vector<Rule> rules;
  for (int i = 0; i < 200; ++i) {
    std::string word;
    while (word.size() < 6) word += static_cast<char>('a' + random.below(26));
    const std::string id = std::to_string(i);
    if (i % 2 == 0) {
      rules.push_back(
          made_rule("named-" + id, R"((?i)[\w.-]{0,40}?)" + word + with("[a-f0-9]{32}"), {word}));
    } else {
      rules.push_back(
          made_rule("prefix-" + id, R"(\b()" + word + R"(_[A-Za-z0-9]{36})\b)", {word + "_"}));
    }
  }
  rules.push_back(made_rule("generic",
                            R"((?i)[\w.-]{0,40}?(?:key|secret|token|auth|passw(?:or)?d))" +
                                with(R"([\w.=-]{10,120}|[a-z0-9+/]{12,}={0,2})"),
                            {"key", "secret", "token", "auth", "passwd", "password"}));
  return RuleSet(std::move(rules));
}

const RuleSet& rules() {
  static const RuleSet kRules = [] {
    const char* const file = std::getenv("ASSAY_BENCH_RULES");
    if (file == nullptr) return made_rules();
    std::vector<std::string> disabled;
    return apply_config({}, parse_gitleaks(read_file(file), file, read_file, std::nullopt),
                        disabled);
  }();
  return kRules;
}

std::string source_files() {
  SeededRandom random(3);
  std::string out;
  while (out.size() < kBytes) {
    for (const Language& language : languages()) out += source_text(language, 20000, random);
  }
  return out;
}
std::string log_lines() {
  SeededRandom random(4);
  return log_text(kBytes, random);
}

std::vector<RegexMatch> find_all(const RegexRules& regex_rules, std::string_view text) {
  RegexRules::Scratch scratch(regex_rules);
  std::vector<RegexMatch> all, matches;
  for (size_t at = 0; at < text.size(); at += kPiece) {
    const size_t before = std::min<size_t>(at, 4608), base = at - before;
    const size_t end = std::min(text.size(), at + kPiece);
    const size_t reach = std::min(text.size(), end + RegexRules::kMostWidth);
    matches.clear();
    regex_rules.find(text.substr(base, reach - base), base, before, end - base, "a.txt", scratch,
                     matches);
    for (RegexMatch& match : matches) {
      for (Span* span : {&match.match, &match.secret}) span->begin += base, span->end += base;
      all.push_back(match);
    }
  }
  return all;
}

void find_in(benchmark::State& state, const std::string& text) {
  const RegexRules fast(rules(), {"", true});
  const RegexRules plain(rules(), {"", false});
  const std::string_view checked = std::string_view(text).substr(0, 256 << 10);
  require(find_all(fast, checked) == find_all(plain, checked), "matches are those of the regexes");
  size_t found = 0;
  for (auto _ : state) found = find_all(fast, text).size();
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
  state.counters["matches"] = static_cast<double>(found);
}

void BM_Source(benchmark::State& state) { find_in(state, source_files()); }
BENCHMARK(BM_Source)->Unit(benchmark::kMillisecond);

void BM_Log(benchmark::State& state) { find_in(state, log_lines()); }
BENCHMARK(BM_Log)->Unit(benchmark::kMillisecond);

// A keyword everywhere, and no match: what an enemy would send.
void BM_KeywordsInBulk(benchmark::State& state) {
  std::string text;
  while (text.size() < kBytes) text += "key = ";
  find_in(state, text);
}
BENCHMARK(BM_KeywordsInBulk)->Unit(benchmark::kMillisecond);

// Before the first byte is read: the rules read, their keywords compiled, no regex compiled.
void BM_Start(benchmark::State& state) {
  for (auto _ : state) {
    const RegexRules made(rules(), {"", true});
    require(!made.empty(), "there are rules");
  }
}
BENCHMARK(BM_Start)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace assay
