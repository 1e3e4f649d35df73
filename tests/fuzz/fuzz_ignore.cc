// Ignore files: whatever they hold, each path gets a verdict, and soon. The input is an ignore
// file, a zero byte, and a path.
#include "scanner/sources/ignore.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  using assay::IgnoreRules;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t zero = std::min(input.find('\0'), input.size());
  const std::string_view text = input.substr(0, zero);
  const std::string_view path = zero < input.size() ? input.substr(zero + 1) : "logs/2026/app.log";

  const IgnoreRules rules = IgnoreRules::parse(text);
  const auto as_file = rules.check(path, false);
  rules.check(path, true);
  check(!rules.empty() || as_file == IgnoreRules::Verdict::none, "no rules say nothing");
  check(rules.memory() <= 4096 + text.size() * 256, "rules take memory as their text does");
  check(!rules.cut(), "a short text is read whole");
  const std::string_view line = text.substr(0, text.find('\n'));
  if (!IgnoreRules::fault(line).empty()) {
    check(IgnoreRules::parse(line).check(path, false) == IgnoreRules::Verdict::none,
          "a faulty pattern matches nothing");
  }
  return 0;
}
