#include "scanner/regex_rules.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <functional>

#include "rules/keys/mint.h"
#include "scanner/matcher.h"

namespace assay {
namespace {

Rule rule(std::string id, RegexRule regex) {
  Rule made;
  made.id = std::move(id);
  made.family = kCustomFamily;
  made.confidence = Confidence::context;
  regex.file = "rules.toml";
  if (regex.line == 0) regex.line = 7;
  made.regex = std::make_shared<const RegexRule>(std::move(regex));
  return made;
}

RegexRule regex(std::string text, std::vector<std::string> keywords = {}, double entropy = 0) {
  RegexRule made;
  made.regex = std::move(text);
  made.keywords = std::move(keywords);
  made.entropy = entropy;
  return made;
}

struct Found {
  std::string id;
  Span match, secret;
  friend bool operator==(const Found&, const Found&) = default;
  friend void PrintTo(const Found& found, std::ostream* out) {
    *out << found.id << " " << found.match.begin << "-" << found.match.end << " "
         << found.secret.begin << "-" << found.secret.end;
  }
};

// In windows whose own parts end at each of `seams`, and at the end.
std::vector<Found> found_in(const RegexRules& rules, std::string_view text,
                            std::vector<size_t> seams = {}, std::string_view path = "a.txt") {
  RegexRules::Scratch scratch(rules);
  std::vector<Found> found;
  seams.push_back(text.size());
  size_t own = 0;
  for (const size_t seam : seams) {
    const size_t base = own - std::min(own, kWindowBefore);
    const size_t end = std::min(text.size(), seam + RegexRules::kMostWidth);
    std::vector<RegexMatch> matches;
    EXPECT_TRUE(rules.find(text.substr(base, end - base), base, own - base, seam - base, path,
                           scratch, matches));
    for (const RegexMatch& match : matches) {
      found.push_back({match.rule->id,
                       {match.match.begin + base, match.match.end + base},
                       {match.secret.begin + base, match.secret.end + base}});
    }
    own = seam;
  }
  return found;
}

std::vector<std::string> secrets_in(const RegexRules& rules, std::string_view text,
                                    std::string_view path = "a.txt") {
  std::vector<std::string> secrets;
  for (const Found& found : found_in(rules, text, {}, path)) {
    secrets.emplace_back(text.substr(found.secret.begin, found.secret.size()));
  }
  return secrets;
}

using Strings = std::vector<std::string>;

Allowlist allow(const std::function<void(Allowlist&)>& fill) {
  Allowlist list;
  fill(list);
  return list;
}
RegexRule with(RegexRule made, const std::function<void(RegexRule&)>& fill) {
  fill(made);
  return made;
}
RegexRule allowing(const std::function<void(Allowlist&)>& fill) {
  return with(regex(R"(key=(\w+))", {"key"}),
              [&](RegexRule& made) { made.allowlists.push_back(allow(fill)); });
}

TEST(RegexRules, FindWhatGitleaksFinds) {
  const struct {
    const char* what;
    RegexRule rule;
    std::string text;
    Strings secrets;
  } rows[] = {
      {"no group: the match", regex(R"(tok_\w+)", {"tok_"}), "a tok_ab b", {"tok_ab"}},
      {"the first group", regex(R"(key=(\w+)-(\w+))", {"key"}), "key=ab-cd", {"ab"}},
      {"the first group that is not empty", regex(R"(key=(x*)(\w+))", {"key"}), "key=ab", {"ab"}},
      {"no group took part", regex(R"(key(=x)?)", {"key"}), "key", {"key"}},
      {"the group that is named",
       with(regex(R"(key=(\w+)-(\w+))", {"key"}), [](RegexRule& r) { r.secret_group = 2; }),
       "key=ab-cd",
       {"cd"}},
      {"line breaks are cut off", regex(R"(\s+tok\s+)", {"tok"}), "\n\n tok\n\n", {" tok"}},
      {"groups see the match alone", regex(R"(tok(\w+?)\b)", {"tok"}), "tokab", {"ab"}},
      {"a keyword in any case", regex("(?i)tok[0-9]", {"tok"}), "TOK1 ToK2 tik3", {"TOK1", "ToK2"}},
      {"a keyword elsewhere will do", regex("x[0-9]", {"tok"}), "x1 tok x2", {"x1", "x2"}},
      {"no keyword, no match", regex("x[0-9]", {"tok"}), "x1 x2", {}},
      {"no keywords at all", regex("x[0-9]"), "x1 x2", {"x1", "x2"}},
      {"matches do not overlap", regex("aXa", {"x"}), "aXaXaXa", {"aXa", "aXa"}},
      {"the first alternative counts", regex("tok(?:a|ab)", {"tok"}), "tokab", {"toka"}},
      {"entropy must be passed", regex(R"(key=(\w+))", {"key"}, 1), "key=aabb key=abc", {"abc"}},
      {"entropy of nothing", regex(R"(key=(\w+))", {"key"}, 0), "key=aaaa", {"aaaa"}},
      {"neighbours are seen", regex(R"(\btok\b)", {"tok"}), "atok tok tokb", {"tok"}},
      {"^ is the begin of the text", regex("^tok", {"tok"}), "tok\ntok", {"tok"}},
      {"$ is its end", regex("tok$", {"tok"}), "tok\ntok", {"tok"}},
      {"lines, if it says so", regex("(?m)^tok$", {"tok"}), "tok\ntok", {"tok", "tok"}},
      {"what is no character is one", regex("tok(.+)x", {"tok"}), "tok\xff\xe9x", {"\xff\xe9"}},
      {"a character is one",
       regex("tok(.)x", {"tok"}),
       "tok\xc3\xa9x tok\xc3x",
       {"\xc3\xa9", "\xc3"}},
      {"the Kelvin sign is a k",
       regex("(?i)tok=(.)", {"tok"}),
       "tok=a to\xe2\x84\xaa=b",
       {"a", "b"}},
      {"nothing is no secret", regex("(tok)?", {"tok"}), "tok", {"tok"}},
      {"a name as Go has it", regex(R"(tok=(?<first>\w)(?P<then>\w))", {"tok"}), "tok=ab", {"a"}},
      {"no name: a class, an escape, a quote",
       regex(R"(tok=[[:alpha:]\](?<]\(?<?\Q(?<\E(?<one>\w)[^](?<]x)", {"tok"}),
       "tok=](<(?<a.x",
       {"a"}},
      {"stopword",
       allowing([](Allowlist& a) {
         a.stopwords = {"example", "xy"};
       }),
       "key=myExample key=other key=aXYb",
       {"other"}},
      {"regex on the secret",
       allowing([](Allowlist& a) { a.regexes = {"^ab$"}; }),
       "key=ab key=abc",
       {"abc"}},
      {"regex on the match",
       allowing([](Allowlist& a) {
         a.target = Allowlist::Target::match;
         a.regexes = {"^key=ab$"};
       }),
       "key=ab key=abc",
       {"abc"}},
      {"regex on the line",
       allowing([](Allowlist& a) {
         a.target = Allowlist::Target::line;
         a.regexes = {"# test"};
       }),
       "key=ab # test\nkey=cd\n# test\nkey=ef # test",
       {"cd"}},
      {"a line begins with its break",
       allowing([](Allowlist& a) {
         a.target = Allowlist::Target::line;
         a.regexes = {"^#", "^\n!"};
       }),
       "# key=ab\n# key=cd\n! key=ef",
       {"cd"}},
      {"flags hold for the regexes behind",
       allowing([](Allowlist& a) {
         a.regexes = {"(?i)^x$", "^ab$"};
       }),
       "key=AB key=cd",
       {"cd"}},
      {"path of the file", allowing([](Allowlist& a) { a.paths = {R"(\.txt$)"}; }), "key=ab", {}},
      {"path of another", allowing([](Allowlist& a) { a.paths = {R"(\.md$)"}; }), "key=ab", {"ab"}},
      {"all: each must hold",
       allowing([](Allowlist& a) {
         a.condition = Allowlist::Condition::all;
         a.paths = {R"(\.txt$)"};
         a.stopwords = {"test"};
       }),
       "key=testing key=ab",
       {"ab"}},
      {"all: a commit is not known",
       allowing([](Allowlist& a) {
         a.condition = Allowlist::Condition::all;
         a.commits = {"abc"};
         a.stopwords = {"test"};
       }),
       "key=testing",
       {"testing"}},
      {"any: a commit does not matter",
       allowing([](Allowlist& a) { a.commits = {"abc"}, a.stopwords = {"test"}; }),
       "key=testing",
       {}},
      {"path that fits",
       with(regex("tok", {"tok"}), [](RegexRule& r) { r.path = "a.t"; }),
       "tok",
       {"tok"}},
      {"path that does not",
       with(regex("tok", {"tok"}), [](RegexRule& r) { r.path = "^b"; }),
       "tok",
       {}},
      {"not reported",
       with(regex("tok", {"tok"}), [](RegexRule& r) { r.skip_report = true; }),
       "tok",
       {}},
  };
  for (const auto& row : rows) {
    for (const bool keywords : {true, false}) {
      const RuleSet set({rule("one", row.rule)});
      const RegexRules rules(set, {"", keywords});
      EXPECT_EQ(secrets_in(rules, row.text), row.secrets) << row.what << " " << keywords;
    }
  }
}

TEST(RegexRules, AllowlistsOfTheFileHoldForAll) {
  RuleSet set({rule("one", regex("tok[0-9]", {"tok"})), rule("two", regex("tik[0-9]", {"tik"}))});
  set.set_allowlists({allow([](Allowlist& a) { a.regexes = {"1"}, a.paths = {"^vendor/"}; })});
  const RegexRules rules(set, {});
  EXPECT_EQ(secrets_in(rules, "tok1 tok2 tik1 tik2"), Strings({"tok2", "tik2"}));
  EXPECT_EQ(secrets_in(rules, "tok1 tok2", "vendor/a"), Strings());
}

TEST(RegexRules, GenericOnesGiveWay) {
  const RuleSet set({rule("a-Generic-key", regex(R"((?:key|tok)=(\w+))", {"key", "tok"})),
                     rule("special", regex("ab[0-9]+", {"ab"}))});
  const RegexRules rules(set, {});
  const struct {
    const char* what;
    std::string text;
    std::vector<std::string> ids;
  } rows[] = {
      {"the same secret", "key=ab1", {"special"}},
      {"another secret", "key=cd1", {"a-Generic-key"}},
      {"on another line", "key=ab\nab1", {"a-Generic-key", "special"}},
      {"behind it on the line", "key=ab ab1", {"special"}},
      {"a part of the other's is enough", "ab1 key=b1", {"special"}},
      {"more than the other's", "key=xab1", {"a-Generic-key", "special"}},
  };
  for (const auto& row : rows) {
    for (const size_t seam : {size_t{0}, size_t{3}, size_t{5}}) {
      std::vector<std::string> ids;
      for (const Found& found : found_in(rules, row.text, {seam})) ids.push_back(found.id);
      EXPECT_EQ(ids, row.ids) << row.what << seam;
    }
  }
}

TEST(RegexRules, RequireOthersNearBy) {
  const auto needing = [](std::optional<uint64_t> lines, std::optional<uint64_t> columns) {
    RegexRule made = regex("tok", {"tok"});
    made.required.push_back({"other", lines, columns});
    return made;
  };
  const struct {
    const char* what;
    RegexRule rule;
    std::string text;
    size_t count;
  } rows[] = {
      {"anywhere", needing({}, {}), "tok\n\n\n     oth1", 1},
      {"nowhere", needing({}, {}), "tok", 0},
      {"in reach of lines", needing(1, {}), "tok\noth1 \n\ntok", 1},
      {"in reach of columns", needing({}, 5), " tok  oth1", 1},
      {"not in reach of columns", needing({}, 4), " tok  oth1", 0},
      {"both", needing(1, 3), "tok\noth1\ntok     tok", 2},
  };
  for (const auto& row : rows) {
    const RuleSet set(
        {rule("one", row.rule), rule("other", with(regex("oth1", {"never"}),
                                                   [](RegexRule& r) { r.skip_report = true; }))});
    const RegexRules rules(set, {});
    EXPECT_EQ(found_in(rules, row.text).size(), row.count) << row.what;
  }
}

TEST(RegexRules, OfPathsAlone) {
  const RuleSet set({rule("cert", with({}, [](RegexRule& r) { r.path = R"((?i)\.p12$)"; })),
                     rule("text", regex("tok", {"tok"}))});
  const RegexRules rules(set, {});
  EXPECT_TRUE(secrets_in(rules, "tok", "a.p12").size() == 1);
  ASSERT_EQ(rules.of_path("x/a.P12").size(), 1u);
  EXPECT_EQ(rules.of_path("x/a.P12")[0]->id, "cert");
  EXPECT_TRUE(rules.of_path("x/a.p12.txt").empty());
}

TEST(RegexRules, SayWhatIsWrongAndWhere) {
  const struct {
    const char* what;
    RegexRule rule;
    const char* said;
  } rows[] = {
      {"regex", regex("tok(", {"tok"}), "rules.toml:7: rule one: the regex does not compile: "},
      {"look-ahead", regex("tok(?=x)", {"tok"}), "rules.toml:7: rule one: the regex does not"},
      {"too large", regex("((((a{100}){100}){100}){100}){100}"), "the regex does not compile"},
      {"path", with(regex("a"), [](RegexRule& r) { r.path = "["; }), "the path does not compile"},
      {"group", with(regex("(a)"), [](RegexRule& r) { r.secret_group = 2; }), "no group 2"},
      {"allowlist", allowing([](Allowlist& a) {
         a.regexes = {"a", "("}, a.line = 9;
       }),
       "rules.toml:9: a regex of the allowlist does not compile"},
      {"allowed path", allowing([](Allowlist& a) { a.paths = {"("}, a.line = 9; }),
       "rules.toml:9: a path of the allowlist does not compile"},
      {"required",
       with(regex("a"),
            [](RegexRule& r) {
              r.required.push_back({"none", {}, {}});
            }),
       "the rule none that it requires is not there"},
  };
  for (const auto& row : rows) {
    const RuleSet set({rule("one", row.rule)});
    try {
      const RegexRules rules(set, {});
      ADD_FAILURE() << row.what;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(row.said), std::string::npos) << error.what();
    }
  }
}

TEST(RegexRules, WarnOfSlowOnes) {
  const struct {
    RegexRule rule;
    size_t warnings;
  } rows[] = {{regex("tok[0-9]+", {"tok"}), 0},
              {regex("tok[0-9]+"), 1},
              {regex("[0-9]{32}", {"tok"}), 0},
              {regex("[0-9]{32,}", {"tok"}), 1}};
  for (const auto& row : rows) {
    const RuleSet set({rule("one", row.rule)});
    const RegexRules rules(set, {});
    ASSERT_EQ(rules.warnings().size(), row.warnings) << row.rule.regex;
    if (row.warnings > 0) {
      EXPECT_EQ(rules.warnings()[0].substr(0, 21), "rules.toml:7: rule on") << rules.warnings()[0];
    }
  }
}

// Regexes of all ways to be searched, over an alphabet that makes matches likely.
const std::vector<RegexRule>& small_rules() {
  static const std::vector<RegexRule> kRules = {
      regex("ab[ab]{2,4}", {"ab"}),
      regex(R"((?i)[\w.]{0,5}?(?:ab|ka)[ =]{0,3}([a-c]{2,6})(?:[ ;]|$))", {"ab", "ka"}),
      regex(R"([\w.]{0,5}(?i:[\w]{0,3}?ab)=(a+))", {"ab"}),
      regex(R"(\b(b{1,3}ab|c\.a{2})\b)", {"ab", "c."}),
      regex("a.*?b", {"a"}),
      regex("(?:^|[ =])a{2}k", {"aak"}),
      regex("(?i)ka+|bc{3}", {"ka", "bcc"}),
      regex("b+", {"k"}),
      regex("(?m)^a.*$"),
      regex(R"(ab\s*=\s*[^a]+?c)", {"ab"}),
      regex("(?s)ab.{3}c", {"ab"}),
      regex("[ab]?c{2}(?:a|b=)a", {"cca", "ccb="}),
      regex(R"((?:a|ab)(?:c|bcd)(?:d*))", {"a"}),
      regex(R"((a*)ab(\d|b))", {"ab"}),
  };
  return kRules;
}

std::string small_text(SeededRandom& random, size_t length) {
  static const std::vector<std::string> kPieces = {
      "a", "b", "c", "k", "A",  "B", "K",        "ab",   "abc",          "aak",     "ka",
      "=", " ", ".", ";", "\n", "1", "\xc3\xa9", "\xff", "\xe2\x84\xaa", "\xc5\xbf"};
  std::string text;
  while (text.size() < length) text += kPieces[random.below(kPieces.size())];
  return text;
}

// By the letter: the regex over all of the text, if a keyword stands there.
std::vector<Span> by_the_letter(const RegexRule& source, std::string text) {
  std::string lower = text;
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  const bool present = std::any_of(source.keywords.begin(), source.keywords.end(), [&](auto& word) {
    return lower.find(word) != std::string::npos;
  });
  std::vector<Span> found;
  if (!present && !source.keywords.empty()) return found;
  for (char& c : text) c = c == '\xff' ? '\x1a' : c;
  const RE2 whole(source.regex);
  for (size_t at = 0; at <= text.size();) {
    re2::StringPiece match;
    if (!whole.Match(text, at, text.size(), RE2::UNANCHORED, &match, 1)) break;
    const auto begin = static_cast<size_t>(match.data() - text.data());
    at = begin + std::max<size_t>(match.size(), 1);
    if (match.empty()) continue;
    found.push_back({begin, begin + match.size()});
  }
  return found;
}

Span without_breaks(const std::string& text, Span span) {
  while (span.begin < span.end && text[span.begin] == '\n') ++span.begin;
  while (span.begin < span.end && text[span.end - 1] == '\n') --span.end;
  return span;
}

TEST(RegexRules, FindWhatTheRegexesAloneFind) {
  SeededRandom random(5);
  size_t count = 0;
  for (const RegexRule& source : small_rules()) {
    const RuleSet set({rule("one", source)});
    const RegexRules rules(set, {});
    for (int round = 0; round < 300; ++round) {
      const std::string text = small_text(random, random.below(60));
      std::vector<Span> wanted, seen;
      for (const Span& span : by_the_letter(source, text)) {
        const Span cut = without_breaks(text, span);
        if (cut.size() > 0) wanted.push_back(cut);
      }
      for (const Found& found : found_in(rules, text)) seen.push_back(found.match);
      ASSERT_EQ(seen, wanted) << source.regex << "\n" << text;
      count += seen.size();
    }
  }
  EXPECT_GT(count, 2000u);
}

TEST(RegexRules, FindTheSameWithoutKeywordsAndInWindows) {
  std::vector<Rule> all;
  for (const RegexRule& source : small_rules()) {
    all.push_back(
        rule((all.size() % 3 == 1 ? "generic-" : "r-") + std::to_string(all.size()), source));
  }
  const RuleSet set(all);
  const RegexRules fast(set, {}), plain(set, {"", false});
  SeededRandom random(6);
  for (int round = 0; round < 600; ++round) {
    const std::string text = small_text(random, random.below(200));
    const auto wanted = found_in(plain, text);
    EXPECT_EQ(found_in(fast, text), wanted) << text;
    std::vector<size_t> seams;
    for (size_t at = random.below(80); at < text.size(); at += random.below(80)) {
      seams.push_back(at);
    }
    EXPECT_EQ(found_in(fast, text, seams), wanted) << text;
  }
}

TEST(RegexRules, KnowNoMatchWiderThanTheBound) {
  constexpr size_t kMost = RegexRules::kMostWidth;
  const RuleSet set({rule("one", regex("BEGIN(?s:.)+?END", {"begin"}))});
  const struct {
    const char* what;
    std::string text;
    std::vector<Span> matches;
  } rows[] = {
      {"as wide", "BEGIN" + std::string(kMost - 8, '.') + "END", {{0, kMost}}},
      {"one more", "BEGIN" + std::string(kMost - 7, '.') + "END", {}},
      {"a second begin",
       "BEGIN" + std::string(kMost - 7, '.') + "BEGIN.END",
       {{kMost - 2, kMost + 7}}},
  };
  for (const auto& row : rows) {
    for (const bool keywords : {true, false}) {
      const RegexRules rules(set, {"", keywords});
      for (const std::vector<size_t>& seams : {std::vector<size_t>{}, {3}, {kMost}}) {
        std::vector<Span> seen;
        for (const Found& found : found_in(rules, row.text, seams)) seen.push_back(found.match);
        EXPECT_EQ(seen, row.matches) << row.what << keywords;
      }
    }
  }
}

TEST(RegexRules, StayLinearWhereKeywordsStandInBulk) {
  const RuleSet set(
      {rule("generic", regex(R"((?i)[\w.-]{0,50}?(?:key|api)[ \t\w.-]{0,20}=([\w.=-]{10,150}))",
                             {"key", "api"})),
       rule("begin", regex("(?i)-----BEGIN[a-z ]{0,100}KEY(?s:.){64,}?END KEY", {"-----begin"})),
       rule("any", regex("key.*?never", {"key"}))});
  const RegexRules rules(set, {});
  for (const std::string_view piece : {"key ", "-----BEGIN KEY", "key", "=", "api.key="}) {
    std::string text;
    while (text.size() < (1 << 20)) text += piece;
    EXPECT_LT(found_in(rules, text, {512 << 10}).size(), 100000u);
  }
}

TEST(RegexRules, MeasureEntropyAsGitleaksDoes) {
  EXPECT_DOUBLE_EQ(shannon_entropy(""), 0);
  EXPECT_DOUBLE_EQ(shannon_entropy("aaaa"), 0);
  EXPECT_DOUBLE_EQ(shannon_entropy("abab"), 1);
  EXPECT_DOUBLE_EQ(shannon_entropy("abcdefgh"), 3);
  EXPECT_DOUBLE_EQ(shannon_entropy("\xc3\xa9\xc3\xa9"), 0.5);  // one character, twice in 4 bytes
  EXPECT_DOUBLE_EQ(shannon_entropy("\xff\xfe"), 0);            // both the replacement character
}

}  // namespace
}  // namespace assay
