// A blob that comes in steps, with pauses: at least what the whole scan finds.

#include "scanner/blob_scan.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/stepped_reader.h"

namespace assay::fuzz {
namespace {

class Collector : public BlobSink {
 public:
  // Without the length: of a key whose padding comes after a pause it is shorter.
  void findings(std::vector<Finding>&& more) override {
    for (const Finding& f : more) {
      all.emplace_back(f.location.byte_offset, f.rule, f.location.line, f.location.column,
                       f.location.utf16_column, f.fingerprint);
    }
  }
  void diagnostic(Diagnostic&&) override { check(false, "nothing fails in memory"); }
  bool stopped() const override { return false; }
  std::vector<std::tuple<uint64_t, const Rule*, uint64_t, uint64_t, uint64_t, std::string>> all;
};

auto scan_text(std::string_view text, std::string_view steps) {
  static Matcher matcher(rules(), prefilter(true), {});
  static WindowBuffer buffer;
  static const auto provenance = [] {
    auto made = std::make_shared<Provenance>();
    made->path = "a.txt";
    return made;
  }();
  SteppedReader reader(text, steps);
  Collector collector;
  BlobScanStats stats;
  scan_blob(reader, provenance, false, buffer, matcher, collector, stats);
  check(stats.bytes == text.size(), "every byte is read");
  std::sort(collector.all.begin(), collector.all.end());
  return collector.all;
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const std::string steps(input.take(input.byte()));
  const std::string text = make_text(input);
  const auto expected = scan_text(text, "");
  const auto seen = scan_text(text, steps);
  for (const auto& one : expected) {
    // A value that only what follows makes a key is not known when its reader pauses before that.
    if (std::get<1>(one)->confidence == assay::Confidence::context) continue;
    check(std::binary_search(seen.begin(), seen.end(), one), "a pause loses no finding");
  }
  check(std::adjacent_find(seen.begin(), seen.end()) == seen.end(), "nothing is found twice");
  return 0;
}
