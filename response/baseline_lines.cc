// assay's own baseline, a line a secret:
//
//   # assay baseline 1
//   kXWoi7chsijJZARFXuOr AZF1002 docs/** payments - vector of the documentation
//   ^fingerprint         ^rule   ^scope  ^owner   ^expires  ^reason, to the end of the line
//
// `-` stands for what is absent, `*` for any path. In the first five fields a blank, a percent sign
// and control characters are written as %20. The order of lines means nothing, and a line may stand
// twice: so two baselines, one behind the other and sorted, are a baseline, and git can merge them.
#include <fmt/format.h>

#include <algorithm>

#include "response/baseline_forms.h"
#include "response/inventory_check.h"
#include "response/text_file.h"
#include "rules/keys/base64.h"
#include "rules/rule_set.h"
#include "scanner/inline_marker.h"
#include "scanner/runs.h"
#include "scanner/snippet.h"
#include "scanner/sources/ignore.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr std::string_view kSalt = "# salt ", kKeyed = "hmac:", kBlanks = " \t";
constexpr size_t kMostLine = 16 << 10, kSaltBytes = 32, kIdCharacters = 20;

[[noreturn]] void fail(std::string_view name, size_t line, std::string_view what) {
  throw Error(
      fmt::format("{}:{}: {}. docs/baseline.md shows what may stand there.", name, line, what));
}

bool is_fingerprint(std::string_view text) {
  if (text.starts_with(kKeyed)) text.remove_prefix(kKeyed.size());
  return text.size() == kIdCharacters && std::all_of(text.begin(), text.end(), is_base64_digit);
}

std::string escaped(std::string_view text) {
  if (text.empty() || text == "-") return text.empty() ? "-" : "%2D";
  const bool utf8 = snippet_text(text) == text;
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F || c == '%' || (byte >= 0x80 && !utf8)) {
      out += fmt::format("%{:02X}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Undoes `escaped`. Returns false at a `%` that is no escape.
bool unescape(std::string_view text, std::string& out) {
  out.clear();
  if (text == "-") return true;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? digit_value(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? digit_value(text[at + 2]) : -1;
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return true;
}

std::string_view take_field(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view field = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(field.size());
  return field;
}

// Of all fields but the reason.
std::string fault_of_fields(const BaselineEntry& entry) {
  if (!is_fingerprint(entry.fingerprint)) {
    return "the first field is no fingerprint of 20 characters, with `hmac:` or without";
  }
  if (entry.fingerprint.starts_with(kKeyed) && entry.rule.empty()) {
    return "a fingerprint with `hmac:` needs its rule";
  }
  if (!entry.scope.empty()) {
    const std::string_view fault = IgnoreRules::fault(entry.scope);
    if (!fault.empty()) return fmt::format("the scope is no pattern: {}", fault);
    if (entry.scope.front() == '!') return "the scope is no pattern: it begins with `!`";
  }
  if (!entry.expires.empty() && (entry.expires.size() != 10 || !day_of(entry.expires))) {
    return "the day it expires is none: write it like 2026-12-31, or `-`";
  }
  return {};
}

// Also makes it one that can be shown.
std::string fault_of_reason(std::string& reason) {
  if (reason.find('\n') != std::string::npos) return "the reason has several lines";
  // The usual case, which is read a million times.
  const bool plain =
      reason.size() <= kMostReason && !has_run(reason) &&
      std::all_of(reason.begin(), reason.end(), [](char c) { return c >= ' ' && c <= '~'; }) &&
      std::any_of(reason.begin(), reason.end(), is_letter_or_digit);
  if (plain) return {};
  std::string shown = shown_reason(reason);
  if (shown.empty()) return "the reason is missing";
  if (shown.ends_with("…") && !reason.ends_with("…")) {
    return fmt::format("the reason has over {} characters", kMostReason);
  }
  reason = std::move(shown);
  return {};
}

// Fills the entry. Returns what is wrong, or empty.
std::string read_entry(std::string_view line, BaselineEntry& entry) {
  const bool escapes = line.find('%') != line.npos;
  entry.fingerprint = take_field(line);
  for (std::string* field : {&entry.rule, &entry.scope, &entry.owner, &entry.expires}) {
    if (!unescape(take_field(line), *field)) return "a % is not followed by two digits: write %25";
    if (escapes && redact_names(*field) != *field) return "there is a key in it";
  }
  if (entry.scope == "*") entry.scope.clear();
  if (entry.rule == "*") entry.rule.clear();
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  entry.reason = line.substr(0, line.find_last_not_of(kBlanks) + 1);
  if (std::string fault = fault_of_fields(entry); !fault.empty()) return fault;
  return fault_of_reason(entry.reason);
}

void read_comment(std::string_view line, std::string_view name, size_t number, BaselineText& out) {
  if (line.starts_with(kBaselineHeader)) {
    if (line.substr(kBaselineHeader.size()) != kBaselineVersion) {
      fail(name, number, "this version of assay does not know that version of the form");
    }
  } else if (line.starts_with(kSalt)) {
    std::string_view digits = line.substr(kSalt.size());
    if (digits.ends_with('=')) digits.remove_suffix(1);
    std::string salt(kSaltBytes, '\0');
    if (digits.size() != (kSaltBytes * 8 + 5) / 6 || !decode_base64(digits, salt.data())) {
      fail(name, number, "the salt is not 32 bytes in base64");
    }
    if (std::find(out.salts.begin(), out.salts.end(), salt) == out.salts.end()) {
      if (out.salts.size() == Baseline::kMostSalts) fail(name, number, "there are over 16 salts");
      out.salts.push_back(std::move(salt));
    }
  } else if (std::find(out.comments.begin(), out.comments.end(), line) == out.comments.end()) {
    constexpr size_t kMostComments = 1000;
    if (out.comments.size() == kMostComments) fail(name, number, "there are over 1,000 comments");
    out.comments.emplace_back(line);
  }
}

}  // namespace

std::string fault_of(const BaselineEntry& entry) {
  if (std::string fault = fault_of_fields(entry); !fault.empty()) return fault;
  for (const std::string* field : {&entry.rule, &entry.scope, &entry.owner, &entry.reason}) {
    if (redact_names(*field) != *field) return "there is a key in it";
  }
  std::string reason = entry.reason;
  return fault_of_reason(reason);
}

std::string salt_line(std::string_view salt) {
  return fmt::format("{}{}", kSalt, encode_base64(salt, Base64Alphabet::standard));
}

std::string baseline_line(const BaselineEntry& entry) {
  return fmt::format("{} {} {} {} {} {}", entry.fingerprint, escaped(entry.rule),
                     entry.scope.empty() ? "*" : escaped(entry.scope), escaped(entry.owner),
                     escaped(entry.expires), entry.reason);
}

BaselineText read_baseline_lines(std::string_view text, std::string_view name) {
  BaselineText out;
  std::vector<std::pair<std::string_view, size_t>> lines;  // entries with the line's number
  size_t number = 0;
  const bool holds_key = redact_names(text) != text;
  for (std::string_view left = text; !left.empty();) {
    const std::string_view line = take_line(left);
    ++number;
    if (line.size() > kMostLine) fail(name, number, "the line is over 16 KiB");
    if (is_conflict_marker(line)) {
      fail(name, number,
           "git left a conflict here: keep the lines of both sides and remove the marks");
    }
    if (line.find_first_not_of(kBlanks) == line.npos) continue;
    if (holds_key && redact_names(line) != line) {
      fail(name, number,
           "there is a key in this line: take it out, and rotate it if others could "
           "read it");
    }
    if (line.starts_with('#')) {
      read_comment(line, name, number, out);
    } else {
      lines.emplace_back(line, number);
    }
  }
  // A line that stands twice is one.
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  lines.erase(std::unique(lines.begin(), lines.end(),
                          [](const auto& a, const auto& b) { return a.first == b.first; }),
              lines.end());
  std::sort(lines.begin(), lines.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; });
  for (const auto& [line, at] : lines) {
    if (out.entries.size() == Baseline::kMaxEntries)
      fail(name, at, "there are over a million entries");
    BaselineEntry& entry = out.entries.emplace_back();
    if (const std::string fault = read_entry(line, entry); !fault.empty()) fail(name, at, fault);
    if (entry.fingerprint.starts_with(kKeyed) && out.salts.empty()) {
      fail(name, at, "this entry needs the file's salt, and the line `# salt …` is missing");
    }
    entry.from = fmt::format("{}:{}", name, at);
  }
  return out;
}

}  // namespace assay
