// owners.toml: whatever it holds, it is read or refused with its line, and facts get an answer. The
// input is an owners.toml, a zero byte, and a fact.
#include "response/owners_file.h"
#include "rules/rule_set.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  using assay::OwnersFile;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t zero = std::min(input.find('\0'), input.size());
  const std::string_view fact =
      zero < input.size() ? input.substr(zero + 1) : "contoso-orders.azurewebsites.net";
  try {
    const OwnersFile file = OwnersFile::parse(input.substr(0, zero), "o.toml");
    check(!file.rules().empty(), "a file that is taken has owners");
    for (const auto& rule : file.rules()) check(!rule.name.empty(), "an owner has a name");
    bool gave_up = false;
    const auto match = file.find({fact, fact, fact, fact}, gave_up);
    if (match) {
      check(match->value == fact && !match->pattern->text.empty(), "a match says what matched");
      check(match->pattern->line > 0, "a pattern has its line");
    }
  } catch (const assay::Error& error) {
    check(std::string_view(error.what()).starts_with("o.toml:"), "an error names the line");
  }
  return 0;
}
