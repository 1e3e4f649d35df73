// Made from the signature alone, so that a new family needs nothing here. `AzFu`:
//
//   base64      QXpGd F6Rn BekZ1          by where in a group of three bytes it begins
//   of UTF-16   QQB6AEYAd EAegBGAH BAHoARgB1
//   twice       UVhwR2 FYcEdk RWHBHZ …
//   escaped     %7a %257a 25257a u007a \x7a #x7a 07a; \172 122; =7A
//   hex         417a4675 41007a00460075; as bytes: 41 7a, 7a 46, 7a:46, 0x7a, 122,
//
// No more than 32 literals may be sought in every byte, or Hyperscan takes twice the time (12 and
// 6 GB/s in the cache, measured): hence `twice` only in runs. With the forms of two dozen families
// in every byte a scan would take six times as long, and each `65,` of a log would be looked at: of
// the others than Functions the encoded forms are sought near runs, where they must stand, and what
// is escaped or listed byte by byte in lists, two characters of the signature at a time:
//
//   %53%62  \x53\x62  &#83;&#98;  53 62  0x53, 0x62  83, 98
#include "scanner/disguises.h"

#include <fmt/format.h>

#include <algorithm>

#include "scanner/pivots.h"
#include "scanner/runs.h"

namespace assay {

namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr size_t kShortest = 4;  // digits of base64: shorter ones stand in every other line
constexpr size_t kShortestNearRuns = 3;

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

void add_base64(std::string_view text, Form form, Sought sought, std::vector<SoughtLiteral>& out) {
  const size_t shortest = sought == Sought::everywhere ? kShortest : kShortestNearRuns;
  for (unsigned shift = 0; shift < 3; ++shift) {
    SoughtLiteral literal{"", false, form, 0, sought};
    literal.text = inner_base64(text, shift, literal.phase);
    if (literal.text.size() < shortest) continue;
    std::string url_safe = literal.text;
    for (char& c : url_safe) c = c == '+' ? '-' : c == '/' ? '_' : c;
    if (url_safe != literal.text) out.push_back({url_safe, false, form, literal.phase, sought});
    out.push_back(std::move(literal));
  }
}

void add_escaped(char pivot, std::vector<SoughtLiteral>& out) {
  const auto byte = static_cast<unsigned char>(pivot);
  for (const char* form :
       {"%{:02x}", "%25{:02x}", "2525{:02x}", "u00{:02x}", "\\x{:02x}", "#x{:02x}", "0{:02x};"}) {
    out.push_back(
        {fmt::format(fmt::runtime(form), byte), true, Form::escaped, 0, Sought::everywhere});
  }
  out.push_back({fmt::format("\\{:03o}", byte), false, Form::escaped, 0, Sought::everywhere});
  out.push_back({fmt::format("{};", byte), false, Form::escaped, 0, Sought::everywhere});
  out.push_back({fmt::format("={:02X}", byte), false, Form::escaped, 0, Sought::everywhere});
}

// With a neighbour on either side, since a line may end at any byte.
void add_hex_bytes(std::string_view signature, std::vector<SoughtLiteral>& out) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(signature[i]); };
  for (const char* form : {"{:02x} {:02x}", "{:02x}:{:02x}", "{:02x}-{:02x}", "{:02x},{:02x}"}) {
    for (const size_t i : {kPivot - 1, kPivot}) {
      out.push_back({fmt::format(fmt::runtime(form), byte(i), byte(i + 1)), true, Form::hex_bytes,
                     0, Sought::everywhere});
    }
  }
  out.push_back(
      {fmt::format("0x{:02x}", byte(kPivot)), true, Form::hex_bytes, 0, Sought::everywhere});
  out.push_back({fmt::format("{},", byte(kPivot)), false, Form::hex_bytes, 0, Sought::everywhere});
  out.push_back({fmt::format("{} {}", byte(kPivot), byte(kPivot + 1)), false, Form::hex_bytes, 0,
                 Sought::everywhere});
}

void add_encoded(std::string_view signature, Sought sought, std::vector<SoughtLiteral>& out) {
  add_base64(signature, Form::base64, sought, out);
  add_base64(widened(signature), Form::base64, sought, out);
  for (unsigned shift = 0; shift < 3; ++shift) {
    uint8_t phase = 0;
    add_base64(inner_base64(signature, shift, phase), Form::twice, Sought::near_runs, out);
  }
  out.push_back({hex_of(signature), true, Form::hex, 0, sought});
  out.push_back({hex_of(widened(signature)), true, Form::hex, 0, sought});
}

// Two neighbours, each written by its number: a line may end between any two.
void add_listed(std::string_view signature, std::vector<SoughtLiteral>& out) {
  const auto add = [&](const char* format, Form form, size_t i) {
    const auto first = static_cast<unsigned char>(signature[i]);
    const auto second = static_cast<unsigned char>(signature[i + 1]);
    out.push_back(
        {fmt::format(fmt::runtime(format), first, second), true, form, 0, Sought::in_lists});
  };
  for (size_t i = 0; i + 1 < std::min<size_t>(signature.size(), 3); ++i) {
    for (const char* form :
         {"%{:02x}%{:02x}", "%25{:02x}%25{:02x}", "u00{:02x}\\u00{:02x}", "\\x{:02x}\\x{:02x}",
          "#x{:02x};&#x{:02x};", "#{};&#{};", "\\{:03o}\\{:03o}", "={:02x}={:02x}"}) {
      add(form, Form::escaped, i);
    }
    for (const char* form :
         {"{:02x} {:02x}", "{:02x}:{:02x}", "{:02x}-{:02x}", "{:02x},{:02x}", "0x{:02x},0x{:02x}",
          "0x{:02x}, 0x{:02x}", "{},{}", "{}, {}", "{} {}"}) {
      add(form, Form::hex_bytes, i);
    }
  }
}

// Of a signature that begins with `+` only what nobody escapes: `\u002BASt`, `%2BASt`.
std::string_view unescaped_part(const KeyFamily& family) {
  std::string_view part = family.signature;
  if (part.starts_with('+')) part.remove_prefix(1);
  return part;
}

// A key of 48 characters and more has a run of kLeastRun in it though it is broken once, unless
// that is near its middle. `+` is escaped wherever it stands, and some signatures have one.
bool may_lack_a_run(const KeyFamily& family) {
  if (family.length < kLeastRun || family.scheme == KeyScheme::entra) return true;
  return family.signature.starts_with('+') || (family.padding() > 0 && family.length < 48);
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

bool sought_thoroughly(const KeyFamily& family) { return &family == &key_families().front(); }

std::vector<SoughtLiteral> sought_literals(const KeyFamily& family) {
  const std::string_view signature = family.signature;
  std::vector<SoughtLiteral> out;
  if (signature.empty()) return out;
  if (sought_thoroughly(family)) {
    out.push_back({std::string(signature), false, Form::whole, 0, Sought::everywhere});
    add_encoded(signature, Sought::everywhere, out);
    add_escaped(signature[kPivot], out);
    add_hex_bytes(signature, out);
    return out;
  }
  out.push_back({std::string(unescaped_part(family)), false, Form::whole, 0,
                 may_lack_a_run(family) ? Sought::everywhere : Sought::near_runs});
  add_encoded(signature, Sought::near_runs, out);
  add_listed(unescaped_part(family), out);
  return out;
}

}  // namespace assay
