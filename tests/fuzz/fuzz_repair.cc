// Repairing and unmasking: what comes out proves itself, and the numbers belong together.
#include <algorithm>

#include "rules/keys/mint.h"
#include "rules/keys/repair.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

void check_key(const Repaired& one) {
  const auto info = identify(one.key.reveal());
  check(info && info->confidence == Confidence::verified, "an answer proves itself");
  check(info->family == one.family && info->kind == one.seed->kind, "as what it is said to be");
}

void check_repair(const Repair& repair) {
  check(repair.tried <= 30'000, "a scan tries so many and no more");
  check(repair.answers.size() == std::min<uint64_t>(repair.found, 16), "answers are counted");
  // Three characters of base 66 are the least that proves a key.
  check(repair.by_chance <= static_cast<double>(repair.tried) * 4 / 4294967296.0 + 1.0 / 287'000 &&
            repair.by_chance >= 0,
        "chance is a matter of the tries");
  for (const Repaired& one : repair.answers) check_key(one);
}

void check_text(std::string_view text) {
  check_repair(repair(text, Effort::scan));
  if (const auto unmasked = unmask(text, Effort::scan)) {
    check(unmasked->masked > 0 && unmasked->candidates > 0, "a mask hides something");
    check(unmasked->tried <= 30'000, "a scan tries so many and no more");
    check(unmasked->family->is_identifiable(), "other schemes say nothing");
    check(unmasked->keys.size() <= 3, "three are kept");
    for (const Repaired& one : unmasked->keys) check_key(one);
  }
  const auto info = identify(text);
  if (info && info->confidence == Confidence::verified) {
    const Repair repaired = repair(text, Effort::scan);
    check(repaired.found == 1 && repaired.answers[0].key == info->canonical,
          "a valid key is never made into another");
  }
}

// A key with bytes put over it, taken out and put in where the input says.
std::string damaged(Input& input) {
  const auto families = key_families();
  const KeyFamily& family = families[input.below(families.size())];
  SeededRandom random(input.below(256));
  std::string text = mint(family, family.seeds[input.below(family.seeds.size())],
                          random.bytes(family.bytes() - 7u));
  for (size_t count = input.below(5); count > 0 && !text.empty(); --count) {
    const size_t at = input.below(text.size());
    const char with = static_cast<char>(input.below(256));
    switch (input.below(4)) {
      case 0:
        text[at] = with;
        break;
      case 1:
        text.erase(at, 1);
        break;
      case 2:
        text.insert(at, 1, with);
        break;
      default:
        text.replace(at, std::min<size_t>(input.below(8), text.size() - at), "***");
    }
  }
  return text;
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  check_text({reinterpret_cast<const char*>(data), size});
  Input input(data, size);
  check_text(damaged(input));
  return 0;
}
