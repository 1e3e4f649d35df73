// With and without Hyperscan, whole and in two windows: the same findings.
#include "scanner/blob_scan.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

Matcher& matcher(bool hyperscan) {
  static Matcher fast(rules(), prefilter(true), {true, false});
  static Matcher plain(rules(), prefilter(false), {true, false});
  return hyperscan ? fast : plain;
}

std::vector<Finding> match_whole(std::string_view text, bool hyperscan) {
  std::vector<Finding> findings;
  matcher(hyperscan).reset();
  matcher(hyperscan).match({text, 0, 0, text.size(), true, "a.txt"}, findings);
  return findings;
}

// As in tests/scanner/matcher_test.cc.
std::vector<Finding> match_cut(std::string_view text, size_t seam) {
  std::vector<Finding> findings;
  matcher(true).reset();
  const size_t first_end = std::min(text.size(), seam + kWindowAfter);
  matcher(true).match({text.substr(0, first_end), 0, 0, seam, first_end == text.size(), "a.txt"},
                      findings);
  const size_t base = seam - std::min(seam, kWindowBefore);
  matcher(true).match({text.substr(base), base, seam - base, text.size() - base, true, "a.txt"},
                      findings);
  return findings;
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  constexpr size_t kLeads[] = {0, 0, 0, 7, assay::kWindowBefore - 40, assay::kWindowBefore + 900};
  const size_t lead = kLeads[input.byte() % std::size(kLeads)];
  const size_t seam_choice = input.below(65536);
  const std::string middle = make_text(input);
  std::string text = filler(lead);
  const size_t begin = text.size();
  text += middle;
  if (lead > 0) text += filler(assay::kWindowAfter + 100);

  const auto expected = match_whole(text, false);
  check(same(match_whole(text, true), expected), "findings are those of the reference path");
  const size_t seam = begin + (middle.empty() ? 0 : seam_choice % (middle.size() + 1));
  check(same(match_cut(text, seam), expected), "findings do not depend on where a window ends");
  return 0;
}
