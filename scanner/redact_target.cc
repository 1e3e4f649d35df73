// What was undone of a key is not known byte by byte here, but the key is: its digits, or what they
// become in base64 and hexadecimal, are sought in as few pieces as there can be, first in the
// region as it stands, then with one layer of escapes after another undone.
//
//   region   dddd",⏎  "dd%41zFudddddd
//   target   ddddddAzFudddddd            in no number of pieces; escapes undone: in two
#include "scanner/redact_target.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "rules/keys/base64.h"
#include "rules/keys/c3id.h"
#include "scanner/decoders/text_decoders.h"

namespace assay {

namespace {

bool undo(bool (*decoder)(std::string_view, Restored&), Characters& chars) {
  Restored out;
  if (!decoder(chars.text, out)) return false;
  Characters next;
  next.text = out.text;
  for (size_t i = 0; i < out.text.size(); ++i) {
    next.begin.push_back(chars.begin[out.begin[i]]);
    next.end.push_back(chars.end[out.end[i] - 1]);
  }
  chars = std::move(next);
  return true;
}

// The digits of the base64 of `text` behind `shift` bytes that depend on nothing else.
std::string inner_digits(std::string_view text, size_t shift) {
  std::string out =
      encode_base64(std::string(shift, '\0') + std::string(text), Base64Alphabet::url_safe, false);
  out.erase(0, shift == 0 ? 0 : shift + 1);
  if ((shift + text.size()) % 3 != 0 && !out.empty()) out.pop_back();
  return out;
}

char folded(char c) { return c == '+' ? '-' : c == '/' ? '_' : c; }

// What the key's digits may be written as within its hard encodings.
std::vector<std::string> targets_of(const Finding& finding, Wide wide) {
  std::string digits(finding.secret.reveal());
  digits.erase(std::min(digits.size(), digits.find_last_not_of('=') + 1));
  std::vector<std::string> targets{digits};
  std::string other = digits;  // in the other alphabet
  for (char& c : other) c = c == '+' ? '-' : c == '/' ? '_' : c == '-' ? '+' : c == '_' ? '/' : c;
  if (other != digits) targets.push_back(other);
  for (size_t i = finding.encoding.size(); i-- > (wide.bytes > 1 ? 1u : 0u);) {
    const std::string_view layer = finding.encoding[i];
    if (!is_hard(layer)) continue;
    std::vector<std::string> outer;
    for (const std::string& inner : targets) {
      if (layer.starts_with("base64")) {
        for (size_t shift = 0; shift < 3; ++shift) outer.push_back(inner_digits(inner, shift));
      } else if (layer.starts_with("utf-")) {
        outer.push_back(widened(
            inner, {layer.starts_with("utf-16") ? size_t{2} : size_t{4}, layer.ends_with("le")}));
      } else {
        outer.push_back(hex(inner, HexCase::lower));
        outer.push_back(hex(inner, HexCase::upper));
      }
    }
    targets = std::move(outer);
  }
  for (std::string& target : targets) {
    std::transform(target.begin(), target.end(), target.begin(), folded);
  }
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return targets;
}

// Where `target` stands in `text` in as few pieces as there can be: the place of each of its
// characters, or nothing.
std::vector<uint32_t> in_fewest_pieces(std::string_view text, std::string_view target) {
  std::vector<uint32_t> places;
  const size_t size = target.size();
  if (size == 0 || size > text.size() || text.size() > kMostCharacters) return places;
  size_t seen = 0;
  for (size_t i = 0; i < text.size() && seen < size; ++i) seen += text[i] == target[seen];
  if (seen < size) return places;

  // `last[j]`: the fewest pieces that end with target[j] at the place before; `best[j]`: at any
  // before, and where. `from[i * size + j]`: the place of target[j - 1] if target[j] is at i.
  constexpr uint32_t kNever = std::numeric_limits<uint32_t>::max() / 2;
  std::vector<uint32_t> last(size, kNever), best(size, kNever), where(size, 0);
  std::vector<uint16_t> from(text.size() * size, 0);
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    for (size_t j = size; j-- > 0;) {  // downward: last[j - 1] is still that of the place before
      uint32_t now = kNever;
      if (c == target[j]) {
        if (j == 0) {
          now = 1;
        } else if (last[j - 1] <= best[j - 1] + 1 && last[j - 1] < kNever) {
          now = last[j - 1];
          from[i * size + j] = static_cast<uint16_t>(i - 1);
        } else if (best[j - 1] < kNever) {
          now = best[j - 1] + 1;
          from[i * size + j] = static_cast<uint16_t>(where[j - 1]);
        }
      }
      last[j] = now;
    }
    for (size_t j = 0; j < size; ++j) {
      if (last[j] < best[j]) best[j] = last[j], where[j] = static_cast<uint32_t>(i);
    }
  }
  if (best[size - 1] >= kNever) return places;
  places.resize(size);
  places[size - 1] = where[size - 1];
  for (size_t j = size - 1; j > 0; --j) places[j - 1] = from[places[j] * size + j];
  return places;
}

size_t pieces_of(const std::vector<uint32_t>& places) {
  size_t count = 1;
  for (size_t i = 1; i < places.size(); ++i) count += places[i] != places[i - 1] + 1;
  return count;
}

// Of all targets, that which stands in the fewest pieces.
std::vector<uint32_t> best_places(std::string_view text, const std::vector<std::string>& targets) {
  std::string flat(text);
  std::transform(flat.begin(), flat.end(), flat.begin(), folded);
  std::vector<uint32_t> best;
  for (const std::string& target : targets) {
    const size_t at = target.empty() ? std::string::npos : flat.find(target);
    if (at == std::string::npos) continue;
    best.resize(target.size());
    std::iota(best.begin(), best.end(), static_cast<uint32_t>(at));
    return best;
  }
  for (const std::string& target : targets) {
    auto places = in_fewest_pieces(flat, target);
    if (!places.empty() && (best.empty() || pieces_of(places) < pieces_of(best))) {
      best = std::move(places);
    }
  }
  return best;
}

}  // namespace

std::string widened(std::string_view text, Wide wide) {
  std::string out;
  for (const char c : text) {
    std::string unit(wide.bytes, '\0');
    unit[wide.little ? 0 : wide.bytes - 1] = c;
    out += unit;
  }
  return out;
}

bool is_hard(std::string_view encoding) {
  return encoding.starts_with("base64") || encoding.starts_with("utf-") || encoding == "hex" ||
         encoding == "decimal-bytes";
}

std::vector<Span> find_target(const Finding& finding, const Characters& region, Wide wide) {
  const std::vector<std::string> targets = targets_of(finding, wide);
  std::vector<Span> found;
  Characters chars = region;
  constexpr int kMostPasses = 5;
  for (int pass = 0; pass < kMostPasses; ++pass) {
    for (const uint32_t place : best_places(chars.text, targets)) {
      found.push_back(chars.bytes(place, place + 1));
    }
    if (!found.empty()) return found;
    if (!undo(undo_escapes, chars) && !undo(undo_quoted_printable, chars)) break;
  }
  return found;
}

}  // namespace assay
