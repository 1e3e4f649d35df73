// An earlier SARIF log that anyone may have written, compared with, and told in a new one.
#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "response/base_sarif.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

// What is gone stands in the log, and the log is one.
void check_log(const BaseSarif& base) {
  ReportOptions options;
  options.base = &base;
  const auto report = find_format("sarif")->make(rules(), options);
  std::string out;
  report->begin(out);
  report->finish({}, out);
  check(nlohmann::json::accept(out), "a log is JSON");
  check(!holds_control(out, "\n"), "a log holds no control characters");
  check(!holds_proven_key(out), "a log holds no key");
}

void compare(BaseSarif& base) {
  Finding finding;
  finding.rule = &rules().rules()[0];
  const size_t gone = base.absent().size();
  for (const BaseResult* result : base.absent()) {
    if (result->rule != finding.rule->id || result->fingerprint.empty()) continue;
    finding.fingerprint = result->fingerprint;
    finding.baseline_state = BaselineState::none;
    base.judge(finding, result->uri);
    check(finding.baseline_state == BaselineState::unchanged, "what stands there is known");
  }
  check(base.absent().size() <= gone, "what is there is not gone");
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  try {
    assay::BaseSarif base = assay::BaseSarif::parse(make_text(input), "fuzz");
    check_log(base);
    compare(base);
  } catch (const assay::Error& error) {
    const std::string_view said = error.what();
    check(is_utf8(said) && said.ends_with('.') && said.size() < 1000, "an error is a sentence");
  }
  return 0;
}
