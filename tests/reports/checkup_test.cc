#include "reports/checkup.h"

#include <gtest/gtest.h>

#include "rules/keys/mint.h"

namespace assay {
namespace {

using Status = Check::Status;

TEST(Checkup, TellsHowManyAreWrong) {
  const Check good{Status::ok, "cache", "it works", ""};
  const Check odd{Status::warning, "hooks", "none", "Install one."};
  const Check bad{Status::wrong, "config", "line 3", "Correct it."};
  const struct {
    std::vector<Check> checks;
    std::string_view last;
    bool wrong;
  } rows[] = {{{good}, "\nAll is well.\n", false},
              {{good, odd}, "\nNothing is wrong; 1 warning.\n", false},
              {{bad}, "\n1 wrong, 0 warnings.\n", true},
              {{bad, odd, bad, odd}, "\n2 wrong, 2 warnings.\n", true}};
  for (const auto& row : rows) {
    EXPECT_TRUE(checkup_text(row.checks).ends_with(row.last)) << checkup_text(row.checks);
    EXPECT_EQ(is_wrong(row.checks), row.wrong) << row.last;
    const bool ok = checkup_json(row.checks, "1").find("\"ok\":true") != std::string::npos;
    EXPECT_EQ(ok, !row.wrong) << row.last;
  }
}

TEST(Checkup, ShowsNoKeyAndNoControlCharacter) {
  SeededRandom random(1);
  const std::string key = fill_placeholders("{key:master}", random);
  const std::vector<Check> checks = {{Status::wrong, "hooks", key + "\x1b[2J\n", key}};
  for (const std::string& out : {checkup_text(checks), checkup_json(checks, "1")}) {
    EXPECT_EQ(out.find(key.substr(4, 30)), std::string::npos);
    EXPECT_EQ(out.find('\x1b'), std::string::npos);
  }
}

}  // namespace
}  // namespace assay
