#include "rules/nearest_name.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace assay {
namespace {

TEST(NearestName, IsOneLetterOrAThirdOfThemAway) {
  constexpr std::array<std::string_view, 5> kNames = {"enable", "disable", "rule", "regex", "a"};
  const struct {
    std::string_view word, nearest;
  } cases[] = {
      {"disable", "disable"},
      {"disabel", "disable"},
      {"disabled", "disable"},
      {"dsable", "disable"},
      {"Disable", "disable"},
      {"rules", "rule"},
      {"regx", "regex"},
      {"rgeex", "regex"},
      {"regular", ""},
      {"zzzz", ""},
      {"b", "a"},
      {"", "a"},
      {"enabled", "enable"},
  };
  for (const auto& row : cases) EXPECT_EQ(nearest_name(row.word, kNames), row.nearest) << row.word;
  EXPECT_EQ(nearest_name(std::string(10'000, 'a'), kNames), "");
  EXPECT_EQ(did_you_mean("regx", kNames), "Did you mean regex? ");
  EXPECT_EQ(did_you_mean("zzzz", kNames), "");
}

TEST(NearestName, OfEquallyNearOnesIsTheFirst) {
  constexpr std::array<std::string_view, 3> kNames = {"AZF1001", "AZF1002", "AZF1004"};
  EXPECT_EQ(nearest_name("AZF1003", kNames), "AZF1001");
}

}  // namespace
}  // namespace assay
