// A text through the redaction, as a whole and in steps with pauses: no proven key comes out, and
// what holds none comes out as it went in.
#include <atomic>

#include "scanner/redact.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/stepped_reader.h"

namespace assay::fuzz {
namespace {

RedactResult redact_text(std::string_view text, std::string_view steps, std::string& out) {
  SteppedReader reader(text, steps);
  const std::atomic<bool> stop{false};
  return redact(reader, "a.txt", rules(), prefilter(true),
                {[&](std::string_view bytes) { out += bytes; }, [] {}}, stop);
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const std::string steps(input.take(input.byte()));
  const std::string text = make_text(input);
  for (const std::string& pauses : {std::string(), steps}) {
    std::string out;
    const auto result = redact_text(text, pauses, out);
    if (!result.container.empty()) {
      check(out.empty(), "nothing of a container is written");
      continue;
    }
    check(result.bytes == text.size(), "every byte is read");
    check(!holds_proven_key(out), "no proven key comes out");
    check(result.replaced > 0 || out == text, "what holds no key stays as it is");
    check(result.distinct <= result.replaced, "no more distinct keys than keys");
  }
  return 0;
}
