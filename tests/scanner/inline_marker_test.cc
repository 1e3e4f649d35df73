#include "scanner/inline_marker.h"

#include <gtest/gtest.h>

#include <string>

#include "rules/keys/mint.h"

namespace assay {
namespace {

// The marker beside the first `@` of `text`, in whose place a key stands.
std::shared_ptr<const Marker> marker_of(std::string text) {
  SeededRandom random(7);
  const std::string key = fill_placeholders("{key:function}", random);
  const size_t at = text.find('@');
  EXPECT_NE(at, std::string::npos);
  text.replace(at, 1, key);
  return read_marker(text, at, at + key.size());
}

struct Row {
  std::string_view name, text, word, rule = "", reason = "";
  uint64_t line = 0;
};
constexpr std::string_view kPragma = "pragma: allowlist secret";
constexpr std::string_view kNextLine = "pragma: allowlist nextline secret";

constexpr Row kRows[] = {
    {"nothing", "key = @\n", ""},
    {"own, with rule and reason", "key=@ # assay:allow AZF1002 vector of the docs\n", kOwnMarker,
     "AZF1002", "vector of the docs"},
    {"own, without a rule", "key=@ // assay:allow for the tests", kOwnMarker, "", "for the tests"},
    {"own, bare", "key=@ # assay:allow\r\nnext reason", kOwnMarker},
    {"with colons", "@ # assay:allow: AZF1002: a vector", kOwnMarker, "AZF1002", "a vector"},
    {"in brackets", "@ # assay:allow(AZF1002) a vector", kOwnMarker, "AZF1002", "a vector"},
    {"with a dash", "@ # assay:allow AZK2171-1 - a vector", kOwnMarker, "AZK2171-1", "a vector"},
    {"several rules", "@ # assay:allow AZF1001,AZF1002 x", kOwnMarker, "AZF1001,AZF1002", "x"},
    {"a rule of the user's is left to who knows them", "@ # assay:allow generic-api-key: x",
     kOwnMarker, "", "generic-api-key: x"},
    {"no rule: an id and more", "@ # assay:allow AZF1002x is none", kOwnMarker, "",
     "AZF1002x is none"},
    {"comment in C", "f(\"@\"); /* assay:allow AZF1002 vector */ g();", kOwnMarker, "AZF1002",
     "vector"},
    {"comment in HTML", "<p>@</p> <!-- assay:allow vector -->", kOwnMarker, "", "vector"},
    {"comment in Jinja", "@ {# assay:allow vector #}", kOwnMarker, "", "vector"},
    {"comment in SQL", "select '@' --assay:allow vector", kOwnMarker, "", "vector"},
    {"no blank", "@ #assay:allow vector", kOwnMarker, "", "vector"},
    {"in front of the key", "/* assay:allow AZF1002 vector */ f(\"@\")", kOwnMarker, "AZF1002",
     "vector"},
    {"in front, what goes on to the key is no reason", "assay:allow AZF1002 x-key: @", kOwnMarker,
     "AZF1002"},
    {"in front, in a quoted text", R"({"_": "assay:allow AZF1002 vector", "key": "@"})", kOwnMarker,
     "AZF1002", "vector"},
    {"behind, in a quoted text", R"({"key": "@", "_": "assay:allow vector"})", kOwnMarker, "",
     "vector"},
    {"line before", "# assay:allow AZF1002 vector\nkey=@\n", kOwnMarker, "AZF1002", "vector", 1},
    {"line before, indented", "a\r\n  // assay:allow vector\r\n  key=@", kOwnMarker, "", "vector",
     1},
    {"line before, in a block", "/*\n * assay:allow vector\n key=@ */", kOwnMarker, "", "vector",
     1},
    {"line before, remark", "REM assay:allow vector\nset K=@", kOwnMarker, "", "vector", 1},
    {"line before, HTML", "<!-- assay:allow vector -->\n@", kOwnMarker, "", "vector", 1},
    {"line before with code behind the comment", "/* assay:allow vector */ f()\n@", ""},
    {"line before with code", "f() # assay:allow vector\nkey=@", ""},
    {"line before with a key that is commented out", "# old=abc assay:allow vector\nkey=@", ""},
    {"line before the last", "# assay:allow vector\n\nkey=@", ""},
    {"line behind", "key=@\n# assay:allow vector", ""},
    {"own goes before others", "key=@ # gitleaks:allow assay:allow vector", kOwnMarker, "",
     "vector"},
    {"another marker is no reason", "key=@ # assay:allow gitleaks:allow", kOwnMarker},
    {"a reason ends at another marker", "@ # assay:allow vector # gitleaks:allow", kOwnMarker, "",
     "vector"},
    {"a reason ends at a pragma", "@ # assay:allow vector  # pragma: allowlist secret", kOwnMarker,
     "", "vector"},
    {"no letter is no reason", "@ # assay:allow ???", kOwnMarker},
    {"part of a word", "@ # assay:allowed x", ""},
    {"part of a longer word", "@ # assay:allow-list x", ""},
    {"end of a word", "@ # essay:allow xassay:allow", ""},
    {"our word has one case", "@ # Assay:Allow x", ""},
    {"value in a link", "https://h/api?code=@&x=assay:allow", ""},
    {"path of a link", "https://h/assay:allow?code=@", ""},
    {"host of a link", "see https://assay:allow/ and @", ""},
    {"gitleaks", "key=@ #gitleaks:allow", "gitleaks:allow"},
    {"gitleaks, in front", "/* gitleaks:allow */ key=@", "gitleaks:allow"},
    {"gitleaks has one case", "key=@ # GitLeaks:Allow", ""},
    {"gitleaks, on the key's line only", "# gitleaks:allow\nkey=@", ""},
    {"what stands behind theirs is no reason", "key=@ # gitleaks:allow test", "gitleaks:allow"},
    {"betterleaks", "key=@ # betterleaks:allow", "betterleaks:allow"},
    {"trufflehog", "key=@ # trufflehog:ignore", "trufflehog:ignore"},
    {"kingfisher", "key=@ # kingfisher:ignore", "kingfisher:ignore"},
    {"kingfisher has any case", "key=@ # KingFisher:Ignore", "kingfisher:ignore"},
    {"pragma", "key=@  # pragma: allowlist secret", kPragma},
    {"pragma, its other forms", "key=@ // pragma:whitelist-secret", kPragma},
    {"pragma in HTML", "<b>@</b> <!-- pragma: allowlist secret -->", kPragma},
    {"pragma needs a comment", "key=@ pragma: allowlist secret", ""},
    {"pragma has one case", "key=@ # PRAGMA: ALLOWLIST SECRET", ""},
    {"pragma of the next line", "# pragma: allowlist nextline secret\nkey=@", kNextLine, "", "", 1},
    {"pragma of the next line, on the line", "key=@ # pragma: allowlist nextline secret", ""},
    {"pragma on the line before", "# pragma: allowlist secret\nkey=@", ""},
};

TEST(InlineMarker, IsReadAsItsToolReadsIt) {
  for (const Row& row : kRows) {
    const auto marker = marker_of(std::string(row.text));
    EXPECT_EQ(marker ? marker->word : std::string_view(), row.word) << row.name;
    if (!marker) continue;
    EXPECT_EQ(marker->rule, row.rule) << row.name;
    EXPECT_EQ(marker->reason, row.reason) << row.name;
    EXPECT_EQ(marker->line, row.line) << row.name;
    EXPECT_EQ(is_foreign(*marker), row.word != kOwnMarker) << row.name;
  }
}

TEST(InlineMarker, IsNoneWithinTheKeyItself) {
  const std::string text = "key='# assay:allow x' rest";
  EXPECT_NE(read_marker(text, 0, 3), nullptr);
  EXPECT_EQ(read_marker(text, 5, 20), nullptr);
  EXPECT_EQ(read_marker(text, 3, 10), nullptr) << "a marker that the key cuts in two";
}

TEST(InlineMarker, IsReadInUtf16) {
  const auto widen = [](std::string_view text, bool little) {
    std::string out;
    for (const char c : text) out.append(little ? std::string{c, '\0'} : std::string{'\0', c});
    return out;
  };
  for (const bool little : {true, false}) {
    const std::string text = widen("a\r\n# assay:allow vector\r\nkey=", little) + "KEY" +
                             widen("\r\n# gitleaks:allow", little);
    const size_t at = text.find("KEY");
    const auto marker = read_marker(text, at, at + 3);
    ASSERT_NE(marker, nullptr);
    EXPECT_EQ(marker->reason, "vector");
  }
}

TEST(InlineMarker, LooksSoFarAndNoFurther) {
  const std::string marker = "gitleaks:allow";
  for (const bool far : {false, true}) {
    const std::string gap(kMarkerReach - marker.size() + (far ? 1 : 0), ' ');
    EXPECT_EQ(marker_of("@" + gap + marker) == nullptr, far);
    EXPECT_EQ(marker_of("\n" + marker + gap.substr(far ? 0 : 1) + "@") == nullptr, far);
  }
  // Whether a line that begins further away holds nothing but a comment is not known.
  const std::string dots(2000, '.');
  EXPECT_EQ(marker_of(dots + "# assay:allow vector\n@"), nullptr);
}

TEST(InlineMarker, ItsReasonMayStandInAReport) {
  SeededRandom random(3);
  const std::string key = fill_placeholders("{key:master}", random);
  const std::string value = fill_placeholders("{plain:56}", random);
  struct {
    std::string_view name;
    std::string text, reason;
  } const rows[] = {
      {"control characters", "# assay:allow a\x1b[31mb\x01", "a\xEF\xBF\xBD[31mb\xEF\xBF\xBD"},
      {"no UTF-8",
       "# assay:allow a\xFF"
       "b",
       "a\xEF\xBF\xBD"
       "b"},
      {"direction",
       "# assay:allow a\xE2\x80\xAE"
       "b",
       "a\xEF\xBF\xBD"
       "b"},
      {"tab", "# assay:allow a\tb", "a b"},
      {"what may be a value", "# assay:allow was " + value.substr(0, 45) + ", once",
       "was " + std::string(45, '*') + ", once"},
      {"link", "# assay:allow https://example.org/payments/decisions/accepted/of-the-year-2026",
       "https://example.org/payments/decisions/accepted/of-the-year-2026"},
      {"long",
       "# assay:allow " + std::string(30, 'a') + " " +
           [] {
             std::string words;
             while (words.size() < 600) words += "word ";
             return words;
           }(),
       {}},
  };
  for (const auto& row : rows) {
    const auto marker = marker_of("@ " + row.text);
    ASSERT_NE(marker, nullptr) << row.name;
    if (!row.reason.empty()) {
      EXPECT_EQ(marker->reason, row.reason) << row.name;
    } else {
      EXPECT_TRUE(marker->reason.ends_with("…")) << row.name;
      EXPECT_EQ(marker->reason.size(), kMostReason - 1 + 3) << row.name;
    }
  }
  const auto other = marker_of("@ # assay:allow was " + key);
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(other->reason.find(key.substr(0, 40)), std::string::npos);
  EXPECT_TRUE(other->reason.starts_with("was "));
  const std::string twice = value + " # assay:allow was " + value;
  EXPECT_EQ(read_marker(twice, 0, value.size())->reason, "") << "the value itself";
}

TEST(InlineMarker, IdsOfRulesHaveOneForm) {
  for (const char* id : {"AZF1001", "TOK3901", "AZK2171-1"}) EXPECT_TRUE(is_rule_id(id)) << id;
  for (const char* id : {"", "azf1001", "AZF100", "AZF10011", "AZF1001-", "AZF1001-0", "AZF1001-a",
                         "AZFX001", "generic-api-key"}) {
    EXPECT_FALSE(is_rule_id(id)) << id;
  }
}

}  // namespace
}  // namespace assay
