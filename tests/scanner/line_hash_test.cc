// The line hash against the rows that github/codeql-action publishes for it
// (src/fingerprints.test.ts), and against a slow copy of its definition.
#include "scanner/line_hash.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/mint.h"

namespace assay {
namespace {

using std::string_literals::operator""s;

std::string repeat(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

std::vector<uint64_t> first_lines(size_t count) {
  std::vector<uint64_t> lines;
  for (size_t i = 1; i <= count; ++i) lines.push_back(i);
  return lines;
}

struct Row {
  std::string promise;
  std::string text;
  std::vector<std::string> hashes;  // of line 1, 2, …
};

const std::vector<std::string> kGreetings = {
    "e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1"};

TEST(LineHash, GivesThePublishedHashes) {
  const std::vector<Row> rows = {
      {"an empty text has one line", "", {"c129715d7a2bc9a3:1"}},
      {"blanks do not count, and no zeros are filled in on the left",
       " a\nb\n  \t\tc\n d",
       {"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"}},
      {"no newline at the end",
       " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
       {"8b7cf3e952e7aeb2:1", "b1ae1287ec4718d9:1", "bff680108adb0fcc:1", "c6805c5e1288b612:1",
        "b86d3392aea1be30:1", "e6ceba753e1a442:1"}},
      {"a newline at the end", " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", kGreetings},
      {"carriage return and newline are one line end",
       " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", kGreetings},
      {"equal hashes are counted, and the end of the text makes a difference",
       repeat("Lorem ipsum dolor sit amet.\n", 10),
       {"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:4",
        "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6", "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1",
        "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(line_hashes(row.text, first_lines(row.hashes.size())), row.hashes) << row.promise;
  }
}

// The published rows with lone carriage returns count more lines than we do. Ours are those that
// begin after a newline.
TEST(LineHash, ALoneCarriageReturnEndsALineOfTheHashButNotOfOurCount) {
  EXPECT_EQ(line_hashes(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", first_lines(3)),
            (std::vector<std::string>{kGreetings[0], kGreetings[1], ""}));
  EXPECT_EQ(line_hashes(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", first_lines(5)),
            (std::vector<std::string>{kGreetings[0], kGreetings[1], kGreetings[2], kGreetings[3],
                                      kGreetings[6]}));
  // Lines that only the hash sees count as equals: "x" stands twice before the third.
  const std::string tail = repeat("y", 200);
  const std::string third =
      line_hashes(tail + "\rx" + tail + "\rx" + tail + "\nx" + tail, {{2}})[0];
  EXPECT_EQ(third.substr(third.find(':')), ":3");
}

TEST(LineHash, LinesMayRepeatBeMissedOutOrLieOutside) {
  const std::string text = repeat("Lorem ipsum dolor sit amet.\n", 10);
  const std::vector<uint64_t> lines = {0, 3, 3, 7, 11, 12, 900};
  EXPECT_EQ(line_hashes(text, lines),
            (std::vector<std::string>{"", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:3",
                                      "a7f2ff1481e87703:1", "c129715d7a2bc9a3:1", "", ""}));
  EXPECT_TRUE(line_hashes(text, {}).empty());
}

// Units as Node decodes them: pairs beyond U+FFFF, U+FFFD for each longest piece of a character
// that breaks off.
TEST(LineHash, UnitsAreUtf16WithInvalidBytesReplaced) {
  const std::string replaced = "\xEF\xBF\xBD";
  const std::vector<std::pair<std::string, std::string>> alike = {
      {"\xFF", replaced},
      {"\x80\x80", replaced + replaced},
      {"\xC0\xAF", replaced + replaced},
      {"\xE2\x82", replaced},
      {"\xE2\x82z", replaced + "z"},
      {"\xF0\x9F\x98", replaced},
      {"\xF0\x9F\x98\xF0", replaced + replaced},
      {"\xE0\x80\x80", replaced + replaced + replaced},
      {"\xED\xA0\x80", replaced + replaced + replaced},  // a lone surrogate
      {"\xF4\x90\x80\x80", replaced + replaced + replaced + replaced},
      {"\xF5", replaced},
      {"\xEF\xBF\xBF", "\xEF\xBF\xBF"},
  };
  for (size_t row = 0; row < alike.size(); ++row) {
    for (const std::string& tail : {""s, "\n"s, "=1\nnext"s}) {
      EXPECT_EQ(line_hashes("a" + alike[row].first + tail, {{1}}),
                line_hashes("a" + alike[row].second + tail, {{1}}))
          << "row " << row << ", tail of " << tail.size();
    }
  }
  // Made with codeql-action's definition in JavaScript.
  EXPECT_EQ(line_hashes("key = \xF0\x9F\x98\x80 \xC3\xA9\xE2\x82\xAC\nz", first_lines(2)),
            (std::vector<std::string>{"4e44294a39f43f9f:1", "76dcabf80cb35c79:1"}));
}

// The definition, unrolled: every unit is a byte here, every line hashed from scratch.
std::vector<std::string> slow(const std::string& text) {
  std::vector<int> units;
  std::vector<std::pair<size_t, bool>> starts = {{0, true}};  // where, and whether we count it
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ' || text[i] == '\t') continue;
    const bool joined = text[i] == '\n' && i > 0 && text[i - 1] == '\r';
    if (!joined) units.push_back(text[i] == '\r' ? '\n' : text[i]);
    if (joined) starts.back().second = true;
    if (!joined && units.back() == '\n') starts.emplace_back(units.size(), text[i] == '\n');
  }
  units.push_back(0xFFFF);
  std::map<uint64_t, int> counts;
  std::vector<std::string> result;
  for (const auto& [start, counted] : starts) {
    uint64_t hash = 0;
    for (size_t i = 0; i < 100; ++i) {
      hash = hash * 37 + (start + i < units.size() ? static_cast<uint64_t>(units[start + i]) : 0);
    }
    char text_of[40];
    snprintf(text_of, sizeof text_of, "%lx:%d", static_cast<unsigned long>(hash), ++counts[hash]);
    if (counted) result.emplace_back(text_of);
  }
  return result;
}

TEST(LineHash, AgreesWithItsDefinitionOnSmallTexts) {
  constexpr std::string_view kLetters = "ab \t\r\r\n\n\n";
  SeededRandom random(7);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    const uint64_t size = random.below(i % 10 == 0 ? 400 : 12);
    for (uint64_t k = 0; k < size; ++k) text += kLetters[random.below(kLetters.size())];
    const std::vector<std::string> expected = slow(text);
    EXPECT_EQ(line_hashes(text, first_lines(expected.size())), expected)
        << "seed 7, text " << i << " of " << size << " bytes";
    const uint64_t line = 1 + random.below(expected.size());
    EXPECT_EQ(line_hashes(text, {{line}})[0], expected[line - 1]) << "line " << line << " alone";
  }
}

}  // namespace
}  // namespace assay
