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
  random.resize(family.bytes() - 7u, 'r');
  const std::string key = mint(family, seed, random);
  const auto info = identify(key);
  const bool proves = family.scheme != KeyScheme::none;
  check(info && info->family == &family, "a key made here is known");
  check(proves == (info->confidence == Confidence::verified), "and proven");
  check(info->canonical.reveal() == key && info->fingerprint().size() == 20, "and canonical");
  // Two seeds hold at once for one key in 2^32.
  check(info->kind == seed.kind || family.seeds.size() > 1, "and of its kind");
  const std::string_view digits = std::string_view(key).substr(0, family.digits());
  check(has_form(family, digits), "and of its form");
  check(std::all_of(digits.begin(), digits.end(), [&](char c) { return is_key_digit(family, c); }),
        "with its characters");
  const bool annotated = family.scheme == KeyScheme::common_annotated;
  check(birth_month(family, digits).size() == (annotated ? 7 : 0), "and tells when it was made");
}

// What a text says of itself, read as each family.
void check_form(std::string_view text) {
  for (const KeyFamily& family : key_families()) {
    if (text.size() < family.digits()) continue;
    const std::string_view digits = text.substr(0, family.digits());
    const bool form = has_form(family, digits);
    check(form || birth_month(family, digits).empty(), "no form, no month");
    check(form || service_name(family, digits).empty(), "no form, no service");
    check(form || key_variant(family, digits).empty(), "no form, no variant");
    check(form || seed_of_form(family, digits) == nullptr, "no form, no kind");
    const KeySeed* seed = verify(family, digits);
    check(form || seed == nullptr || family.is_identifiable() || family.scheme == KeyScheme::redis,
          "no form, no proof");
    looks_like_sample(family, digits);
  }
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
    check_form(candidate);
    const auto info = assay::identify(candidate);
    if (!info) continue;
    check(info->family != nullptr && !info->canonical.empty(), "who is known has a canonical text");
    const auto canonical = assay::identify(info->canonical.reveal());
    check(canonical && canonical->canonical == info->canonical, "which is canonical");
    check(canonical->confidence == info->confidence, "and proves as much");
  }
  return 0;
}
