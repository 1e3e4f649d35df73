// What is new, gone and still there between two reports.
#include "response/findings_diff.h"

#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

struct Place {
  int key;  // 0: no fingerprint
  const char* path;
  uint64_t line;
  bool accepted = false;
};

FindingsFile file_of(const std::vector<Place>& places) {
  std::vector<Finding> findings;
  for (const Place& place : places) {
    findings.push_back(
        place.key == 0 ? sample_finding("AZF1005", "{plain:56}", 3, place.path, place.line)
                       : sample_finding("AZF1002", "{key:function}",
                                        static_cast<uint64_t>(place.key), place.path, place.line));
    if (place.accepted) {
      findings.back().suppression =
          std::make_shared<Suppression>(Suppression{Suppression::Kind::baseline, "b:1", "known"});
    }
  }
  return parse_findings(write_report("jsonl", {}, findings), "a", sample_rules());
}

TEST(FindingsDiff, KeysAndPlaces) {
  using Counts = std::vector<uint64_t>;
  const struct {
    const char* name;
    std::vector<Place> before, after;
    Counts keys, places;  // new, gone, still there
  } rows[] = {
      {"nothing", {}, {}, {0, 0, 0}, {0, 0, 0}},
      {"the same", {{1, "a", 1}}, {{1, "a", 1}}, {0, 0, 1}, {0, 0, 1}},
      {"a new key", {}, {{1, "a", 1}}, {1, 0, 0}, {1, 0, 0}},
      {"a key that is gone", {{1, "a", 1}}, {}, {0, 1, 0}, {0, 1, 0}},
      {"another key at its place", {{1, "a", 1}}, {{2, "a", 1}}, {1, 1, 0}, {1, 1, 0}},
      {"it moved to another line", {{1, "a", 1}}, {{1, "a", 5}}, {0, 0, 1}, {0, 0, 1}},
      {"it moved to another file", {{1, "a", 1}}, {{1, "b", 1}}, {0, 0, 1}, {1, 1, 0}},
      {"once more in the file",
       {{1, "a", 3}, {1, "a", 9}},
       {{1, "a", 4}, {1, "a", 9}, {1, "a", 12}},
       {0, 0, 1},
       {1, 0, 2}},
      {"once less in the file", {{1, "a", 3}, {1, "a", 9}}, {{1, "a", 9}}, {0, 0, 1}, {0, 1, 1}},
      {"twice at one place", {{1, "a", 3}}, {{1, "a", 3}, {1, "a", 3}}, {0, 0, 1}, {1, 0, 1}},
      {"without a fingerprint", {{0, "a", 3}}, {{0, "a", 4}}, {0, 0, 1}, {0, 0, 1}},
      {"accepted since", {{1, "a", 3}}, {{1, "a", 4, true}}, {0, 0, 0}, {0, 0, 0}},
      {"accepted no more", {{1, "a", 3, true}}, {{1, "a", 3}}, {0, 0, 0}, {0, 0, 0}},
      {"accepted, and at another path",
       {{1, "a", 3, true}},
       {{1, "a", 3, true}, {1, "b", 1}},
       {1, 0, 0},
       {1, 0, 0}},
      {"without, in another file", {{0, "a", 3}}, {{0, "b", 3}}, {1, 1, 0}, {1, 1, 0}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const FindingsFile before = file_of(row.before);
    const FindingsFile after = file_of(row.after);
    const FindingsDiff diff = compare_findings(before, after);
    EXPECT_EQ(Counts(std::begin(diff.keys_by_change), std::end(diff.keys_by_change)), row.keys);
    EXPECT_EQ(Counts(std::begin(diff.places_by_change), std::end(diff.places_by_change)),
              row.places);
  }
}

TEST(FindingsDiff, WhichPlacesTheyAre) {
  const FindingsFile before = file_of({{1, "a", 3}, {1, "a", 9}, {1, "b", 1}});
  const FindingsFile after = file_of({{1, "a", 4}, {1, "a", 9}, {1, "a", 12}});
  const FindingsDiff diff = compare_findings(before, after);
  ASSERT_EQ(diff.keys.size(), 1u);
  const KeyChange& key = diff.keys[0];
  ASSERT_EQ(key.appeared.size(), 1u);
  EXPECT_EQ(key.appeared[0]->finding.location.line, 12u);
  ASSERT_EQ(key.gone.size(), 1u);
  EXPECT_EQ(key.gone[0]->finding.provenance->path, "b");
  EXPECT_EQ(key.still_there.size(), 2u);
}

}  // namespace
}  // namespace assay
