// Base64 there and back, and keys made and known again.
#include "rules/keys/base64.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

void check_base64(std::string_view bytes) {
  for (const auto alphabet : {Base64Alphabet::standard, Base64Alphabet::url_safe}) {
    const std::string digits = encode_base64(bytes, alphabet, false);
    const std::string padded = encode_base64(bytes, alphabet);
    check(padded.size() % 4 == 0 && padded.starts_with(digits), "padding comes last");
    std::string back(digits.size() * 3 / 4, '\0');
    check(decode_base64(digits, back.data()) && back == bytes, "what was encoded is decoded");
  }
  // The same bytes read as digits.
  std::string decoded(bytes.size() * 3 / 4, '\0');
  if (!decode_base64(bytes, decoded.data())) return;
  std::string again = encode_base64(decoded, Base64Alphabet::url_safe, false);
  std::string digits(bytes);
  std::replace(digits.begin(), digits.end(), '+', '-');
  std::replace(digits.begin(), digits.end(), '/', '_');
  check(again == digits, "what was decoded is encoded");
}

void check_minted(const KeyFamily& family, const KeySeed& seed, std::string random) {
  random.resize(family.bytes - 7u, 'r');
  const std::string key = mint(family, seed, random);
  const auto info = identify(key);
  check(info && info->family == &family && info->confidence == Confidence::verified,
        "a key made here is proven");
  check(info->canonical.reveal() == key && info->fingerprint().size() == 20, "and canonical");
  // Two seeds hold at once for one key in 2^32.
  check(info->kind == seed.kind || family.seeds.size() > 1, "and of its kind");
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const assay::KeyFamily& family =
      assay::key_families()[input.byte() % assay::key_families().size()];
  const assay::KeySeed& seed = family.seeds[input.byte() % family.seeds.size()];
  const std::string bytes(input.rest());
  check_base64(bytes);
  check_minted(family, seed, bytes);

  Input again(data, size);
  const std::string text = make_text(again);
  for (const std::string_view candidate : {std::string_view(bytes), std::string_view(text)}) {
    const auto info = assay::identify(candidate);
    if (!info) continue;
    check(info->family != nullptr && !info->canonical.empty(), "who is known has a canonical text");
    const auto canonical = assay::identify(info->canonical.reveal());
    check(canonical && canonical->canonical == info->canonical, "which is canonical");
    check(canonical->confidence == info->confidence, "and proves as much");
  }
  return 0;
}
