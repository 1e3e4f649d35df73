// CODEOWNERS: whatever it holds, each path gets an answer, soon, and the same again. The input is a
// byte for the form, a CODEOWNERS, a zero byte, and a path.
#include "response/codeowners.h"
#include "rules/rule_set.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  using assay::Codeowners;
  using assay::CodeownersForm;
  if (size == 0) return 0;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const char choice = input.front();
  input.remove_prefix(1);
  const size_t zero = std::min(input.find('\0'), input.size());
  const std::string text(input.substr(0, zero));
  const std::string path(zero < input.size() ? input.substr(zero + 1) : "services/orders/a.cs");
  const std::optional<CodeownersForm> forms[] = {CodeownersForm::github, CodeownersForm::gitlab,
                                                 std::nullopt};
  try {
    const Codeowners file = Codeowners::parse(text, "CODEOWNERS", forms[(choice & 0xff) % 3]);
    const auto answer = file.find(path);
    file.find(path + "/x");
    const auto again = file.find(path);
    check(answer.has_value() == again.has_value(), "the same path, the same answer");
    if (!answer) return 0;
    check(answer->owners == again->owners && answer->reason == again->reason, "the same words");
    check(!answer->reason.empty(), "an answer has a reason");
    check(answer->gave_up == answer->owners.empty(), "an answer names owners");
    for (const std::string& owner : answer->owners) {
      check(owner.find('@') != std::string::npos || owner.ends_with("…"), "an owner has its mark");
    }
  } catch (const assay::Error&) {
    check(text.size() > 1000, "a short text is read");
  }
  return 0;
}
