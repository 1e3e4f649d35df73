// A text through the redaction, as a whole and in steps with pauses: no proven key comes out, and
// what holds none comes out as it went in.
#include <atomic>
#include <cstring>

#include "scanner/redact.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

// Each byte of `steps` is one read: so many bytes, or, with the top bit set, a pause. After the
// last, all that is left comes at once.
class SteppedReader : public Reader {
 public:
  SteppedReader(std::string_view text, std::string_view steps) : text_(text), steps_(steps) {}

  Result read(std::span<char> out, int) override {
    size_t most = out.size();
    if (!steps_.empty()) {
      const auto step = static_cast<uint8_t>(steps_.front());
      steps_.remove_prefix(1);
      if (step >= 128) return {Status::idle};
      most = std::min<size_t>(most, step + 1u);
    }
    const size_t count = std::min(most, text_.size());
    if (count == 0) return {Status::end};
    std::memcpy(out.data(), text_.data(), count);
    text_.remove_prefix(count);
    return {Status::data, count};
  }
  std::optional<Diagnostic> failure() override { return std::nullopt; }

 private:
  std::string_view text_;
  std::string_view steps_;
};

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
