// The disguises that other tests are made of say what they do.
#include "tests/support/disguises.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace assay {
namespace {

struct Plain {
  std::string text;
  size_t begin = 0, length = 0;
};

// A key with both digits that the alphabets write otherwise.
Plain plain_text(uint64_t seed) {
  SeededRandom random(seed);
  Plain plain;
  std::string key;
  do {
    key = fill_placeholders("{key:master}", random);
  } while (key.find('-') == std::string::npos || key.find('_') == std::string::npos);
  plain.text =
      "2025-11-02T08:00:00Z GET /health 200\n2025-11-02T08:00:01Z GET "
      "https://contoso-orders.azurewebsites.net/api/Refund?code=";
  plain.begin = plain.text.size();
  plain.length = key.size();
  plain.text += key + "&clientId=default HTTP/1.1 500\n2025-11-02T08:00:02Z GET /health 200\n";
  return plain;
}

bool ends_in(const std::string& name, std::string_view end) {
  return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
}

TEST(Disguises, NamesAreUnique) {
  std::set<std::string> names;
  for (const Disguise& row : disguises()) EXPECT_TRUE(names.insert(row.name).second) << row.name;
  EXPECT_GT(names.size(), 300u);
}

TEST(Disguises, TheKeyDoesNotStandInThemAsItIs) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const Plain plain = plain_text(seed);
    const std::string key = plain.text.substr(plain.begin, plain.length);
    const std::string digits = key.substr(0, key.find('='));
    for (const Disguise& row : disguises()) {
      SeededRandom random(seed);
      const std::string text = row.apply(plain.text, plain.begin, plain.length, random);
      const bool stands = text.find(digits) != std::string::npos;
      if (row.chain.empty()) {
        EXPECT_EQ(stands, row.name != "other alphabet") << row.name;
        continue;
      }
      EXPECT_EQ(text.find(key), std::string::npos) << row.name;
      EXPECT_NE(text, plain.text) << row.name;
      // Rows that change nothing but the padding leave the digits alone.
      const bool padding_only = text.find(digits) != std::string::npos;
      const bool says_so = row.name.find("padding") != std::string::npos ||
                           row.name.find("in a query") != std::string::npos ||
                           row.name.find("document in a string") != std::string::npos ||
                           ends_in(row.name, "UTF-16 of JSON");
      if (padding_only) {
        EXPECT_TRUE(says_so) << row.name << " with seed " << seed;
      }
    }
  }
}

TEST(Disguises, TheSameSeedGivesTheSame) {
  const Plain plain = plain_text(7);
  for (const Disguise& row : disguises()) {
    SeededRandom first(3);
    SeededRandom second(3);
    EXPECT_EQ(row.apply(plain.text, plain.begin, plain.length, first),
              row.apply(plain.text, plain.begin, plain.length, second))
        << row.name;
  }
}

}  // namespace
}  // namespace assay
