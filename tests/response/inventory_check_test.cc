#include "response/inventory_check.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "response/inventory_entry.h"

namespace assay {
namespace {

std::vector<std::string> checked(std::string_view fields, int max_age = -1) {
  const std::string lines = "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\"," + std::string(fields) + "}\n";
  const Inventory inventory =
      Inventory::parse(header_line(std::string(32, 's'), {}) + "\n" + lines, "t");
  InventoryCheck check;
  check.max_age = max_age;
  check.today = *day_of("2026-11-22");
  return check_inventory(inventory, check);
}

TEST(InventoryCheck, SaysWhatIsOpen) {
  const std::string good = R"("app":"a","key_name":"k","scope":"host","owner":"o","contact":"c")";
  const std::string name = "Host key k of a (AAAAAAAAAAAAAAAAAAAA) ";
  const struct {
    std::string fields;
    int max_age;
    std::vector<std::string> says;
  } cases[] = {
      {good, -1, {}},
      {R"("contact":"c")", -1, {"Key of an unknown app (AAAAAAAAAAAAAAAAAAAA) has no owner."}},
      {R"("app":"a","scope":"app","owner":"o")",
       -1,
       {"Master key of a (AAAAAAAAAAAAAAAAAAAA) has no contact."}},
      {R"("app":"a","canary":true)", 1, {}},
      {good + R"(,"callers":["x"])", -1, {}},
      {good + R"(,"callers":["x","y"])",
       -1,
       {name + "is held by 2 callers, who cannot be told apart: x, y."}},
      {good, 90, {name + "has no date of its last rotation or of its making."}},
      {good + R"(,"created":"2026-11-21")",
       0,
       {name + "was made 1 day ago, and no rotation since is known."}},
      {good + R"(,"created":"2026-08-24")", 90, {}},
      {good + R"(,"created":"2026-08-23")",
       90,
       {name + "was made 91 days ago, and no rotation since is known."}},
      {good + R"(,"created":"2020-01-01","last_rotated":"2026-08-24T23:00:00Z")", 90, {}},
      {good + R"(,"last_rotated":"2025-11-22")", 90, {name + "was last rotated 365 days ago."}},
      {good + R"(,"contested":["owner=p"])",
       -1,
       {name + "has two values of `owner`; the other one is p."}},
      {good + "}\n{\"id\":\"BBBBBBBBBBBBBBBBBBBB\"," + good,
       -1,
       {"2 keys are told to be host key k of a: AAAAAAAAAAAAAAAAAAAA, BBBBBBBBBBBBBBBBBBBB. Remove "
        "those that were renewed since."}},
      {good + "}\n{\"canary\":true,\"id\":\"BBBBBBBBBBBBBBBBBBBB\"," + good, -1, {}},
  };
  for (const auto& c : cases) EXPECT_EQ(checked(c.fields, c.max_age), c.says) << c.fields;
}

TEST(InventoryCheck, ReadsDays) {
  EXPECT_TRUE(day_of("2024-02-29"));
  EXPECT_EQ(*day_of("2025-11-02T08:00:00Z") - *day_of("2025-11-01"), std::chrono::days(1));
  for (const std::string_view text :
       {"", "2025-02-29", "2025-13-01", "20251102", "2025-1-02-", "2025-11-0x"}) {
    EXPECT_FALSE(day_of(text)) << text;
  }
}

}  // namespace
}  // namespace assay
