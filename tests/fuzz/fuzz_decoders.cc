// Every decoder of text: any bytes give a text with a whole map, and a key put into a disguise
// comes back.
#include <fmt/format.h>

#include "rules/keys/base64.h"
#include "scanner/decoders/text_decoders.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

void check_map(std::string_view text, const Restored& out) {
  const size_t count = out.text.size();
  check(out.begin.size() == count && out.end.size() == count && out.how.size() == count,
        "a text and its map have one length");
  check(count <= kMostStretch && count <= 2 * text.size(), "what is restored is bounded");
  for (size_t i = 0; i < count; ++i) {
    check(out.begin[i] < out.end[i] && out.end[i] <= text.size(), "a byte was made of bytes");
    check(!to_string(out.how[i]).empty(), "what was undone has a name");
    if (i == 0) continue;
    check(out.begin[i - 1] <= out.begin[i] && out.end[i - 1] <= out.end[i], "a map goes forward");
  }
}

// A decoder of a whole stretch.
void check_whole(std::string_view text, bool undone, const Restored& out) {
  check_map(text, out);
  if (undone) return;
  check(out.text == text, "where nothing was undone, the text is a copy");
  for (size_t i = 0; i < text.size(); ++i) {
    check(out.begin[i] == i && out.end[i] == i + 1, "and each byte comes of itself");
    check(out.how[i] == Undone::nothing, "and nothing is said to be undone");
  }
}

// A decoder of a stretch around a place.
void check_around(std::string_view text, size_t lo, size_t hi, bool undone, const Restored& out) {
  check_map(text, out);
  check(undone == !out.text.empty(), "nothing undone is nothing restored");
  if (!undone) return;
  check(out.begin.front() >= lo && out.end.back() <= hi, "only what may be looked at is read");
  for (const Undone how : out.how) check(how != Undone::nothing, "every byte was decoded");
}

void check_all(std::string_view text, size_t at, size_t before, size_t after) {
  static Restored out;  // reused, as a matcher does
  check_whole(text, undo_escapes(text, out), out);
  check_whole(text, undo_quoted_printable(text, out), out);
  check_whole(text, undo_layout(text, out), out);
  for (int choice = 0; choice < kPrefixChoices; ++choice) {
    check_whole(text, undo_prefixes(text, choice, out), out);
  }
  const size_t lo = at - std::min(at, before);
  const size_t hi = at + std::min(text.size() - at, after);
  for (const bool big : {false, true}) {
    check_around(text, lo, hi, undo_wide(text, at, before, after, out, big), out);
  }
  for (int phase = 0; phase < 4; ++phase) {
    check_around(text, lo, hi, undo_base64(text, at, phase, before, after, out), out);
  }
  check_around(text, lo, hi, undo_hex(text, at, before, after, out), out);
  check_around(text, lo, hi, undo_listing(text, at, before, after, out), out);
}

// Each writes a text without a line break of its own in one disguise; `at` is where the first digit
// of a byte, or the byte, of text[signature] stands.
std::string disguised(std::string_view text, size_t form, size_t signature, size_t& at) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (i == signature) at = out.size();
    switch (form) {
      case 0:
        out += fmt::format("%{:02x}", byte);
        break;
      case 1:
        out += fmt::format("&#{};", byte);
        break;
      case 2:
        out += fmt::format("={:02X}", byte);
        break;
      case 3:
        out += {static_cast<char>(byte), '\0'};
        break;
      default:
        out += fmt::format("{:02x}", byte);
    }
  }
  return out;
}

void check_key(Input& input) {
  SeededRandom random(input.byte());
  const std::string key = fill_placeholders("{key:function}", random);
  const std::string text = std::string(input.byte() % 8, '~') + key + "~";
  const size_t signature = text.find("AzFu");
  const size_t form = input.byte() % 6;
  Restored out;
  size_t at = 0;
  if (form == 5) {
    const std::string digits = encode_base64(text, Base64Alphabet::standard);
    at = signature * 4 / 3;
    undo_base64(digits, at, static_cast<int>(at % 4), at, digits.size(), out);
  } else {
    const std::string now = disguised(text, form, signature, at);
    if (form < 2) undo_escapes(now, out);
    if (form == 2) undo_quoted_printable(now, out);
    if (form == 3) undo_wide(now, at, now.size(), now.size(), out);
    if (form == 4) undo_hex(now, at, now.size(), now.size(), out);
  }
  check(out.text.find(key) != std::string::npos, "a key in a disguise comes back");
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  check_key(input);
  const size_t place = input.below(65536);
  const size_t before = input.below(4096);
  const size_t after = input.below(4096);
  const std::string_view rest = input.rest();
  const std::string text(rest);  // its own memory, so that a sanitizer sees its end
  check_all(text, place % (text.size() + 1), before, after);
  return 0;
}
