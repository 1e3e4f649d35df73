// Looks for keys with the matcher of the scan, and for what is as mixed as one.
//
// Mixed: in 40 characters in a row at least two digits, and at least 9 places where a lower-case
// letter, an upper-case one and a digit change, but for an upper-case letter before a lower-case
// one, which begins a word. Of random keys of 43 base64 digits one in a hundred is not that mixed,
// of 64 hexadecimal digits none in 3000; names and paths of words have 0 to 2 such places.
#include "response/inventory_keys.h"

#include <algorithm>
#include <string>
#include <vector>

#include "rules/keys/base64.h"
#include "rules/rule_set.h"
#include "scanner/matcher.h"
#include "scanner/prefilter.h"

namespace assay {

namespace {

constexpr size_t kWindow = 512 << 10;
constexpr size_t kRun = 40;
constexpr int kChanges = 9;
constexpr int kDigits = 2;
// Up to here comparing every literal at every byte (1.5 ms a KiB) is faster than compiling
// Hyperscan's database (10 ms).
constexpr size_t kPlainText = 8 << 10;

struct Eyes {
  explicit Eyes(bool hyperscan) : prefilter(rules, {hyperscan, "", false}) {}
  RuleSet rules = RuleSet::builtin();
  Prefilter prefilter;
};

const Eyes& eyes_for(size_t size) {
  static const Eyes plain(false);
  if (size <= kPlainText) return plain;
  static const Eyes fast(true);
  return fast;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The length of a GUID at the front of `text`, or 0.
size_t guid(std::string_view text) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() < kShape.size()) return 0;
  for (size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'x' ? !is_hex(text[i]) : text[i] != '-') return 0;
  }
  return text.size() > kShape.size() && is_hex(text[kShape.size()]) ? 0 : kShape.size();
}

// The length of the hexadecimal digits at the front, if they are those of a page or a commit.
size_t named_hex(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_hex);
  const auto size = static_cast<size_t>(end - text.begin());
  const bool whole = end == text.end() || *end == '/' || *end == '-';
  return whole && (size == 32 || size == 40) ? size : 0;
}

enum class Letter { lower, upper, digit, other };
Letter letter(char c) {
  if (c >= 'a' && c <= 'z') return Letter::lower;
  if (c >= 'A' && c <= 'Z') return Letter::upper;
  return c >= '0' && c <= '9' ? Letter::digit : Letter::other;
}

bool changes(char first, char second) {
  const Letter a = letter(first), b = letter(second);
  if (a == b || a == Letter::other || b == Letter::other) return false;
  return !(a == Letter::upper && b == Letter::lower);
}

// Of a run of key characters.
bool is_mixed(std::string_view run) {
  int change = 0, digits = 0;
  for (size_t i = 0; i < run.size(); ++i) {
    digits += letter(run[i]) == Letter::digit;
    if (i > 0) change += changes(run[i - 1], run[i]);
    if (i >= kRun) {
      digits -= letter(run[i - kRun]) == Letter::digit;
      change -= changes(run[i - kRun], run[i - kRun + 1]);
    }
    if (i + 1 >= kRun && change >= kChanges && digits >= kDigits) return true;
  }
  return false;
}

}  // namespace

std::optional<size_t> find_key(std::string_view text) {
  const Eyes& eyes = eyes_for(text.size());
  Matcher matcher(eyes.rules, eyes.prefilter, {});
  std::vector<Finding> findings;
  for (size_t at = 0; at < text.size(); at += kWindow) {
    const size_t own = std::min(kWindow, text.size() - at);
    const size_t before = std::min(at, kWindowBefore);
    const size_t after = std::min(text.size() - at - own, kWindowAfter);
    Window window;
    window.text = text.substr(at - before, before + own + after);
    window.base = at - before;
    window.own_begin = before;
    window.own_end = before + own;
    window.at_end = at + own + after == text.size();
    window.path = "inventory";
    matcher.match(window, findings);
    if (!findings.empty()) return findings.front().location.byte_offset;
  }
  return std::nullopt;
}

bool looks_like_key(std::string_view text, FieldKind kind) {
  size_t begin = 0;
  for (size_t i = 0; i <= text.size();) {
    const bool starts = i < text.size() && (i == 0 || !is_hex(text[i - 1]));
    size_t name = starts ? guid(text.substr(i)) : 0;
    if (starts && name == 0 && kind == FieldKind::link) name = named_hex(text.substr(i));
    if (i < text.size() && name == 0 && is_base64_digit(text[i])) {
      ++i;
      continue;
    }
    if (is_mixed(text.substr(begin, i - begin))) return true;
    i += name > 0 ? name : 1;
    begin = i;
  }
  return false;
}

}  // namespace assay
