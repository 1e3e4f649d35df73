// The table of formats, and what they share: bytes made safe to show, and the wording for people.
//
//   printable("a\x1b[2J\xff")  is  a\x1b[2J\xff  with the backslashes written out
#include "reports/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>

namespace assay {

namespace {

constexpr std::array kFormats = {
    Format{"text", "for a person: one block a key, the worst first", false, make_text_report},
    Format{"jsonl", "one JSON object a line: see docs/report-fields.md", false, make_jsonl_report},
    Format{"sarif", "SARIF 2.1.0, for code scanning", true, make_sarif_report},
    Format{"github", "annotations in a GitHub Actions log", true, make_github_report},
    Format{"markdown", "a summary for the page of a job", false, make_markdown_report},
};

struct Character {
  size_t length;  // bytes; of the invalid sequence where it is one
  char32_t code;
  bool valid;
};

// The character that starts `bytes`, which must not be empty. An invalid sequence is as long as its
// beginning could still have become a character (Unicode 15, table 3-7), at least one byte.
Character first_character(std::string_view bytes) {
  const auto byte = [bytes](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {1, lead, true};
  if (lead < 0xc2 || lead > 0xf4) return {1, 0, false};
  const size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t code = lead & (0x7fu >> length);
  for (size_t i = 1; i < length; ++i) {
    // Overlong forms, surrogates and what lies past U+10FFFF are told by the second byte.
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    if (i == 1 && lead == 0xe0) low = 0xa0;
    if (i == 1 && lead == 0xed) high = 0x9f;
    if (i == 1 && lead == 0xf0) low = 0x90;
    if (i == 1 && lead == 0xf4) high = 0x8f;
    if (i >= bytes.size() || byte(i) < low || byte(i) > high) return {i, 0, false};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  return {length, code, true};
}

// Characters that move the cursor, break the line, turn the direction of the text or cannot be
// seen: with them a path could show as another one.
constexpr struct {
  char32_t first;
  char32_t last;
} kUnshown[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},
    {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},
    {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

bool is_shown(char32_t code) {
  for (const auto& range : kUnshown) {
    if (code >= range.first && code <= range.last) return false;
  }
  return true;
}

// Build agents run `##[…]` (GitHub) and `##vso[…]` (Azure Pipelines) wherever they stand in a line
// of a log, and the name of a file may come from anyone.
bool starts_log_command(std::string_view bytes) {
  if (!bytes.starts_with("##")) return false;
  bytes.remove_prefix(2);
  if (bytes.starts_with('[')) return true;
  return bytes.size() >= 4 && (bytes[0] | 0x20) == 'v' && (bytes[1] | 0x20) == 's' &&
         (bytes[2] | 0x20) == 'o' && bytes[3] == '[';
}

void add_escaped(std::string_view bytes, std::string& out) {
  for (const char c : bytes) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
  }
}

std::string_view without_stop(std::string_view text) {
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

std::string_view what_happened(Diagnostic::Kind kind) {
  switch (kind) {
    case Diagnostic::Kind::unreadable:
      return "could not be read";
    case Diagnostic::Kind::skipped:
      return "was not scanned";
    case Diagnostic::Kind::changed:
    case Diagnostic::Kind::limit:
      return "was not read whole";
    case Diagnostic::Kind::interrupted:
      return "was not read to its end";
    case Diagnostic::Kind::record:
      return "was scanned, but not all records of its keys are known";
  }
  return "was not scanned";
}

constexpr size_t kInputs = 3;     // named of a run
constexpr size_t kDisabled = 20;  // rules

// "a, b and 3 more".
std::string listed(std::span<const std::string> names, size_t most) {
  std::string out;
  for (size_t i = 0; i < std::min(names.size(), most); ++i) {
    out += (i > 0 ? ", " : "") + printable(names[i]);
  }
  if (names.size() > most) out += fmt::format(" and {} more", grouped(names.size() - most));
  return out;
}

std::string_view key_words(Scope scope) {
  switch (scope) {
    case Scope::host:
      return "host key";
    case Scope::function:
      return "function key";
    case Scope::app:
      return "master key";
    case Scope::extension:
      return "system key";
    case Scope::unknown:
      break;
  }
  return "key";
}

}  // namespace

std::span<const Format> formats() { return kFormats; }

const Format* find_format(std::string_view name) {
  for (const Format& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

std::string printable(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  // A name may come to stand first on a line, and there `::` begins a command to GitHub's runner.
  if (bytes.starts_with("::")) {
    add_escaped(bytes.substr(0, 1), out);
    bytes.remove_prefix(1);
  }
  while (!bytes.empty()) {
    const Character character = first_character(bytes);
    const std::string_view piece = bytes.substr(0, character.length);
    if (!character.valid || !is_shown(character.code) || starts_log_command(bytes)) {
      add_escaped(piece, out);
    } else {
      out += piece;
    }
    bytes.remove_prefix(character.length);
  }
  return out;
}

std::string valid_utf8(std::string_view bytes) {
  // Most texts are plain.
  unsigned char bits = 0;
  for (const char c : bytes) bits |= static_cast<unsigned char>(c);
  if (bits < 0x80) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const Character character = first_character(bytes);
    out += character.valid ? bytes.substr(0, character.length) : "\xef\xbf\xbd";
    bytes.remove_prefix(character.length);
  }
  return out;
}

std::string sentence(const Diagnostic& diagnostic) {
  const std::string reason = printable(without_stop(diagnostic.reason));
  std::string out;
  if (diagnostic.path.empty() && !reason.empty()) {
    out = reason;  // about the run: "The clone is shallow"
    if (out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  } else {
    const std::string subject = diagnostic.path.empty() ? "The input" : printable(diagnostic.path);
    out = fmt::format("{} {}", subject, what_happened(diagnostic.kind));
    if (!reason.empty()) out += ": " + reason;
  }
  out += '.';
  if (!diagnostic.remedy.empty()) out += " " + printable(diagnostic.remedy);
  return out;
}

std::string chance(double expected) {
  if (!(expected >= 1e-12)) return "0";
  if (expected >= 1e-4) return fmt::format("{:.2g}", expected);
  return fmt::format("{:.{}f}", expected, 1 - static_cast<int>(std::floor(std::log10(expected))));
}

std::string damage_words(const Damage& damage) {
  std::string out = damage.masked      ? "insufficient masking: "
                    : damage.tried > 0 ? "damaged: "
                                       : "perhaps damaged: ";
  out += printable(damage.what);
  if (damage.tried == 0) {
    return out + (damage.masked ? "; few enough to try every key that fits"
                                : "; not repaired, as the input holds too many");
  }
  if (damage.candidates != 1) {
    return out + fmt::format("; {} fit, and one of them is it", counted(damage.candidates, "key"));
  }
  return out + fmt::format("; the checksum singles out one key ({} tried, {} by chance)",
                           grouped(damage.tried), chance(damage.by_chance));
}

std::string_view proof(Confidence confidence) {
  switch (confidence) {
    case Confidence::verified:
      return "checksum holds";
    case Confidence::signature:
      return "checksum does not hold: damaged, truncated, or not a key";
    case Confidence::context:
      return "only its surroundings say so";
  }
  return "unknown";
}

std::string whose(const KeyContext& context, std::string_view family) {
  std::string out;
  const auto add = [&out](std::string_view word, std::string_view name) {
    if (name.empty()) return;
    if (!out.empty()) out += ", ";
    out += word;
    out += ' ';
    out += printable(name);
  };
  if (context.app.empty()) {
    add("host", context.host);
  } else {
    add(family == "azure-functions" || family.empty() ? "app" : "resource", context.app);
  }
  add("slot", context.slot);
  add("function", context.function);
  add(key_words(context.scope), context.key_name);
  add("resource group", context.resource_group);
  return out;
}

std::string grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string counted(uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string byte_size(uint64_t bytes) {
  if (bytes < 1000) return counted(bytes, "byte");
  constexpr std::string_view kUnits[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  size_t unit = 0;
  // In tenths, rounded down: no rounding that turns 999.96 kB into "1000.0 kB".
  uint64_t tenths = bytes / 100;
  for (; tenths >= 10'000; ++unit) tenths /= 1000;
  return fmt::format("{}.{} {}", tenths / 10, tenths % 10, kUnits[unit]);
}

uint64_t SuppressedCounts::total() const {
  return std::accumulate(std::begin(counts_), std::end(counts_), uint64_t{0});
}

std::string SuppressedCounts::words() const {
  constexpr std::string_view kNames[] = {"marker", "baseline", "allowlist", "published sample"};
  std::string kinds;
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (counts_[i] == 0) continue;
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", grouped(counts_[i]), kNames[i]);
  }
  return kinds.empty() ? "" : fmt::format("{} suppressed ({})", grouped(total()), kinds);
}

std::string config_words(const ScanSummary& summary) {
  if (summary.config.empty()) return "";
  std::string out = "Config: " + printable(summary.config);
  if (!summary.disabled.empty()) out += "; it turns off " + listed(summary.disabled, kDisabled);
  return out + '.';
}

uint64_t marker_line(const Finding& finding) {
  return finding.location.line - std::min(finding.marker->line, finding.location.line);
}

std::string marker_doubt(const Finding& finding) {
  if (!finding.marker || finding.suppression || !finding.marker->reason.empty() ||
      finding.confidence != Confidence::verified) {
    return "";
  }
  return fmt::format("{} in line {} gives no reason, and a proven key counts without one",
                     printable(finding.marker->word), marker_line(finding));
}

std::string verdict(const ScanSummary& summary, std::string_view found, std::string_view nothing,
                    std::string_view suppressed) {
  std::string looked =
      fmt::format("{}, {} scanned", counted(summary.blobs, summary.unit), byte_size(summary.bytes));
  if (!summary.inputs.empty()) looked += fmt::format(" ({})", listed(summary.inputs, kInputs));
  if (summary.decoded_bytes > 0) {
    looked += fmt::format(", {} decoded", byte_size(summary.decoded_bytes));
    if (summary.members > 0) looked += " from " + counted(summary.members, "member");
  }
  std::string also;
  const uint64_t problems = summary.diagnostics - summary.accepted;
  if (problems > 0) also += ", " + counted(problems, "problem") + " above";
  if (summary.accepted > 0) also += ", " + counted(summary.accepted, "accepted gap") + " above";
  if (summary.ignored > 0) also += ", " + counted(summary.ignored, "path") + " out of scope";
  const std::string left_out = also.empty() ? ", nothing left out" : also;
  if (!suppressed.empty()) also += fmt::format(", {}", suppressed);
  if (!summary.complete()) {
    return fmt::format("Not complete: {}{} in {}{}.", summary.interrupted ? "interrupted; " : "",
                       found.empty() ? "no key" : found, looked, also);
  }
  if (!found.empty()) {
    return fmt::format("{} in {}{}{}{}.", found, looked, left_out, suppressed.empty() ? "" : "; ",
                       suppressed);
  }
  if (summary.blobs == 0) {
    const std::string why =
        nothing.empty() ? fmt::format("no {} was there", summary.unit) : std::string(nothing);
    return fmt::format("Nothing was scanned: {}{}.", why, also);
  }
  return fmt::format("Clean: {}{}.", looked, also);
}

std::string_view to_string(SarifProfile profile) {
  switch (profile) {
    case SarifProfile::github:
      return "github";
    case SarifProfile::ado:
      return "ado";
    case SarifProfile::full:
      break;
  }
  return "full";
}

std::optional<SarifProfile> sarif_profile_named(std::string_view word) {
  for (const auto profile : {SarifProfile::full, SarifProfile::github, SarifProfile::ado}) {
    if (to_string(profile) == word) return profile;
  }
  return std::nullopt;
}

std::string part_path(std::string_view path, size_t number) {
  const size_t name = path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1;
  constexpr std::string_view kDouble = ".sarif.json";  // is SARIF by its name too
  size_t dot = path.ends_with(kDouble) ? path.size() - kDouble.size() : path.rfind('.');
  if (dot == std::string_view::npos || dot <= name) dot = path.size();  // a leading one hides it
  const std::string_view end = dot == path.size() ? std::string_view(".sarif") : path.substr(dot);
  return fmt::format("{}.{:03}{}", path.substr(0, dot), number, end);
}

}  // namespace assay
