// Made from the signature alone, so that a new family needs nothing here. `AzFu`:
//
//   base64      QXpGd F6Rn BekZ1          by where in a group of three bytes it begins
//   of UTF-16   QQB6AEYAd EAegBGAH BAHoARgB1
//   twice       UVhwR2 FYcEdk RWHBHZ …
//   escaped     %7a %257a 25257a u007a \x7a #x7a 07a; \172 122; =7A
//   hex         417a4675 41007a00460075; as bytes: 41 7a, 7a 46, 7a:46, 0x7a, 122,
//
// No more than 32 literals may be sought in every byte, or Hyperscan takes twice the time (12 and
// 6 GB/s in the cache, measured): hence `twice` only in runs.
#include "scanner/disguises.h"

#include <fmt/format.h>

#include "scanner/pivots.h"

namespace assay {

namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr size_t kShortest = 4;  // digits of base64: shorter ones stand in every other line

// As UTF-16 looks from the first character to the last, in either byte order.
std::string widened(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!out.empty()) out += '\0';
    out += c;
  }
  return out;
}

std::string hex_of(std::string_view text) {
  std::string out;
  for (const char c : text) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

void add_base64(std::string_view text, Form form, std::vector<DisguisedLiteral>& out) {
  for (unsigned shift = 0; shift < 3; ++shift) {
    DisguisedLiteral literal{"", false, form, 0};
    literal.text = inner_base64(text, shift, literal.phase);
    if (literal.text.size() < kShortest) continue;
    std::string url_safe = literal.text;
    for (char& c : url_safe) c = c == '+' ? '-' : c == '/' ? '_' : c;
    if (url_safe != literal.text) out.push_back({url_safe, false, form, literal.phase});
    out.push_back(std::move(literal));
  }
}

void add_escaped(char pivot, std::vector<DisguisedLiteral>& out) {
  const auto byte = static_cast<unsigned char>(pivot);
  for (const char* form :
       {"%{:02x}", "%25{:02x}", "2525{:02x}", "u00{:02x}", "\\x{:02x}", "#x{:02x}", "0{:02x};"}) {
    out.push_back({fmt::format(fmt::runtime(form), byte), true, Form::escaped, 0});
  }
  out.push_back({fmt::format("\\{:03o}", byte), false, Form::escaped, 0});
  out.push_back({fmt::format("{};", byte), false, Form::escaped, 0});
  out.push_back({fmt::format("={:02X}", byte), false, Form::escaped, 0});
}

// With a neighbour on either side, since a line may end at any byte.
void add_hex_bytes(std::string_view signature, std::vector<DisguisedLiteral>& out) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(signature[i]); };
  for (const char* form : {"{:02x} {:02x}", "{:02x}:{:02x}", "{:02x}-{:02x}", "{:02x},{:02x}"}) {
    for (const size_t i : {kPivot - 1, kPivot}) {
      out.push_back(
          {fmt::format(fmt::runtime(form), byte(i), byte(i + 1)), true, Form::hex_bytes, 0});
    }
  }
  out.push_back({fmt::format("0x{:02x}", byte(kPivot)), true, Form::hex_bytes, 0});
  out.push_back({fmt::format("{},", byte(kPivot)), false, Form::hex_bytes, 0});
  out.push_back({fmt::format("{} {}", byte(kPivot), byte(kPivot + 1)), false, Form::hex_bytes, 0});
}

}  // namespace

std::string inner_base64(std::string_view text, unsigned shift, uint8_t& phase) {
  const size_t first = (size_t{8} * shift + 5) / 6;
  const size_t last = size_t{8} * (shift + text.size()) / 6;
  phase = static_cast<uint8_t>(first % 4);
  std::string out;
  for (size_t digit = first; digit < last; ++digit) {
    unsigned value = 0;
    for (size_t bit = 6 * digit; bit < 6 * digit + 6; ++bit) {
      const auto byte = static_cast<unsigned char>(text[bit / 8 - shift]);
      value = value * 2 + (byte >> (7 - bit % 8) & 1u);
    }
    out += kDigits[value];
  }
  return out;
}

std::vector<DisguisedLiteral> disguised_literals(const KeyFamily& family) {
  const std::string_view signature = family.signature;
  std::vector<DisguisedLiteral> out;
  add_base64(signature, Form::base64, out);
  add_base64(widened(signature), Form::base64, out);
  for (unsigned shift = 0; shift < 3; ++shift) {
    uint8_t phase = 0;
    add_base64(inner_base64(signature, shift, phase), Form::twice, out);
  }
  add_escaped(signature[kPivot], out);
  out.push_back({hex_of(signature), true, Form::hex, 0});
  out.push_back({hex_of(widened(signature)), true, Form::hex, 0});
  add_hex_bytes(signature, out);
  return out;
}

}  // namespace assay
