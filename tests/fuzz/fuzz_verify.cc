// Gathering at every signature, and names without keys.
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

void check_candidate(const KeyFamily& family, std::string_view text, const Candidate& candidate) {
  const Span span = candidate.span;
  const Span digits = candidate.digits;
  check(candidate.family == &family, "the candidate is of the family asked for");
  check(digits.begin == span.begin && digits.end <= span.end && span.end <= text.size(),
        "the digits open the span, which lies in the text");
  check(digits.size() == family.digits(), "a candidate has its family's digits");
  const std::string_view value = text.substr(digits.begin, digits.size());
  check(std::all_of(value.begin(), value.end(), [&](char c) { return is_key_digit(family, c); }),
        "digits are digits");
  check(verify(family, value) == candidate.seed, "the seed is the one that verifies");
}

bool equal(const Candidate& a, const Candidate& b, size_t shift) {
  return a.seed == b.seed && a.encoding == b.encoding && a.span.begin == b.span.begin + shift &&
         a.span.end == b.span.end + shift;
}

void check_place(const KeyFamily& family, std::string_view text, size_t end) {
  Candidate whole;
  const Gather at_end = gather(family, text, end, true, whole);
  check(at_end != Gather::more, "at the end of a text nothing more is asked for");
  if (at_end == Gather::found) check_candidate(family, text, whole);

  Candidate open;
  const Gather going_on = gather(family, text, end, false, open);
  if (going_on != Gather::more) {
    check(going_on == at_end, "an answer given early is the answer");
    if (at_end == Gather::found) check(equal(open, whole, 0), "and so is its candidate");
  } else {
    check(text.size() - end < kGatherAfter, "kGatherAfter bytes are enough");
  }
  const size_t from = end - std::min(end, kGatherBefore);
  const size_t to = std::min(text.size(), end + kGatherAfter);
  Candidate cut;
  const Gather windowed =
      gather(family, text.substr(from, to - from), end - from, to == text.size(), cut);
  check(windowed == at_end, "kGatherBefore and kGatherAfter bytes decide");
  if (at_end == Gather::found) check(equal(whole, cut, from), "and give the same candidate");
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const std::string text = make_text(input);
  for (const assay::KeyFamily& family : assay::key_families()) {
    if (family.signature.empty()) continue;
    for (size_t at = text.find(family.signature); at != std::string::npos;
         at = text.find(family.signature, at + 1)) {
      check_place(family, text, at + family.signature.size());
    }
  }
  const std::string safe = assay::redact_names(text);
  check(!holds_proven_key(safe), "no proven key is left in a name");
  check(assay::redact_names(safe) == safe, "a redacted name stays as it is");
  return 0;
}
