// A baseline that anyone may have written: taken or refused with its place, and what is taken is
// asked, written and read again.
#include "response/baseline.h"
#include "rules/keys/c3id.h"
#include "rules/rule_set.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

Finding some_finding(std::string_view path) {
  Finding finding;
  finding.rule = &rules().rules().front();
  finding.confidence = Confidence::context;
  finding.secret = Secret("a value");
  auto provenance = std::make_shared<Provenance>();
  provenance->path = path;
  finding.provenance = std::move(provenance);
  return finding;
}

void check_sentences(const std::vector<std::string>& sentences) {
  check(sentences.size() <= 101, "sentences are bounded");
  for (const std::string& said : sentences) {
    check(said.ends_with('.') && !holds_proven_key(said), "a sentence without a key");
  }
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  using assay::Baseline;
  Input input(data, size);
  const std::string text = make_text(input);
  try {
    Baseline baseline = Baseline::parse(text, "b");
    bool expired = false;
    for (const std::string_view path : {"src/a.py", "a.zip!/b/c", "", "/"}) {
      const auto finding = some_finding(path);
      const auto* entry = baseline.find(finding, "2026-11-22", expired);
      check(entry == nullptr || !expired, "what is accepted has not expired");
      const auto& entries = baseline.entries();
      check(
          entry == nullptr || (entry >= entries.data() && entry < entries.data() + entries.size()),
          "an entry is one of the baseline's");
    }
    check_sentences(baseline.unused());
    check_sentences(baseline.expired("2026-11-22"));
    check_sentences(baseline.doubts());
    const std::string written = baseline.text();
    check(!holds_proven_key(written), "a baseline holds no key");
    if (baseline.form() == Baseline::Form::assay) {
      Baseline again = Baseline::parse(written, "b");
      check(again.text() == written, "what is written is read");
      again.add(some_finding("a"), "a reason", "", "");
      check(again.find(some_finding("b"), "", expired) != nullptr, "what is added is accepted");
      check(Baseline::parse(again.text(), "b").text() == again.text(), "and comes back");
    }
  } catch (const assay::Error& error) {
    const std::string_view said = error.what();
    check(said.starts_with("b:") || said.starts_with("b, ") || said.starts_with("The baseline"),
          "an error names the place");
    check(!holds_proven_key(said) && said.size() < 1000, "an error holds no key");
  }
  return 0;
}
