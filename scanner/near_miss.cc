// By position, as gathering is: a key's signature stands 44 digits from its begin and 6 from its
// end, so a text around one that is a digit off, stops early or shows a mask is told by counting.
//
//   ddd…dd (43) AzFu 182vhA==      one character lost: put right by the checksum
//   ddd…dd (44) AzFu ******        the checksum is a function of what is legible: as good as whole
//   ddd…d**d (44) AzFu 182vhA==    64 * 64 keys can be tried
#include "scanner/near_miss.h"

#include <algorithm>
#include <utility>

#include "rules/keys/c3id.h"
#include "rules/keys/repair.h"
#include "scanner/runs.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// Characters that stand for one hidden digit each, but are none themselves.
constexpr std::string_view kMarks[] = {"*", "#", "?", ".", "\xe2\x80\xa2", "\xe2\x96\x88"};
constexpr size_t kMostMasked = 4;
constexpr size_t kMostFound = 3;
constexpr size_t kLeastDistinct = 12;  // of 44 random digits half are different
constexpr size_t kHopeless = 8;        // what a repair in vain counts

size_t mark_before(std::string_view text, size_t at) {
  for (const std::string_view mark : kMarks) {
    if (text.substr(0, at).ends_with(mark)) return mark.size();
  }
  return 0;
}

// Where the key begins if the signature at `at` stands behind `digits` legible digits and marks.
struct Left {
  bool found = false;
  size_t begin = 0;
  size_t masked = 0;
};

Left left_of(const KeyFamily& family, std::string_view text, size_t at, size_t digits) {
  Left left{false, at, 0};
  for (size_t i = 0; i < digits; ++i) {
    if (left.begin == 0) return left;
    if (is_own_digit(family, text[left.begin - 1])) {
      --left.begin;
      continue;
    }
    const size_t mark = mark_before(text, left.begin);
    if (mark == 0 || ++left.masked > kMostMasked) return left;
    left.begin -= mark;
  }
  left.found = !has_digit_before(family, text, left.begin);
  return left;
}

// The mask that follows the legible digits, for the place of the finding: `****`, `…`,
// `[REDACTED]`.
size_t mask_length(std::string_view text, size_t at) {
  constexpr size_t kMostWord = 24;
  const std::string_view rest = text.substr(at, 64);
  size_t length = 0;
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view mark :
         {std::string_view("*"), std::string_view("#"), std::string_view("\xe2\x80\xa2"),
          std::string_view("\xe2\x80\xa6"), std::string_view("\xe2\x96\x88")}) {
      if (!rest.substr(length).starts_with(mark)) continue;
      length += mark.size();
      more = true;
    }
  }
  if (length > 0 || rest.empty()) return length;
  if (rest.starts_with("...")) return std::min(rest.find_first_not_of('.'), rest.size());
  if (std::string_view("[<({").find(rest[0]) == std::string_view::npos) return 0;
  const size_t close = rest.substr(0, kMostWord).find_first_of("]>)}");
  return close == rest.npos ? 0 : close + 1;
}

// Whether the text ends with the signature, in one of the alphabets.
bool signature_stands(const KeyFamily& family, std::string_view text) {
  const std::string_view signature = family.signature;
  if (text.size() < signature.size()) return false;
  return std::equal(signature.begin(), signature.end(), text.end() - signature.size(),
                    [](char a, char b) { return a == b || (a == '+' && b == '-'); });
}

NearMiss from_repair(Repair&& repair) {
  NearMiss miss;
  auto damage = std::make_shared<Damage>();
  damage->tried = repair.tried;
  damage->by_chance = repair.by_chance;
  damage->candidates = repair.found;
  damage->what = repair.answers.front().damage;
  for (const Repaired& answer : repair.answers) {
    if (damage->fingerprints.size() == kMostFound) break;
    damage->fingerprints.push_back(c3id(answer.key.reveal()));
  }
  miss.kind = "unknown";
  if (repair.found == 1) {
    miss.kind = repair.answers.front().seed->kind;
    miss.secret = std::move(repair.answers.front().key);
    miss.fingerprint = damage->fingerprints.front();
  }
  miss.damage = std::move(damage);
  return miss;
}

}  // namespace

bool NearMisses::judge(const KeyFamily& family, std::string_view text, size_t signature_end,
                       NearMiss& found) {
  // Of those sought without the `+` of their signature anything may stand in its place, or nothing.
  if (!signature_stands(family, text.substr(0, signature_end))) return false;
  const size_t before = family.signature_end() - family.signature.size();
  const size_t wanted = family.digits_after();
  size_t after = 0;
  while (signature_end + after < text.size() && after < wanted + 2 &&
         is_own_digit(family, text[signature_end + after])) {
    ++after;
  }
  // Most are pieces of longer runs, by more than an escape and a digit: that is cheap to see.
  constexpr size_t kMostExtra = 8;
  const size_t at = signature_end - family.signature.size();
  size_t run = 0;
  while (run < at && run <= before + kMostExtra && is_own_digit(family, text[at - run - 1])) ++run;
  if (after > wanted + 1 || run > before + kMostExtra) return false;
  // The first characters of a key may look like the end of an escape, so several begins are tried.
  for (const size_t count : {before, before + 1, before - 1}) {
    const Left left = left_of(family, text, at, count);
    if (!left.found) continue;
    const bool a_digit_off = count == before ? after == wanted - 1 || after == wanted + 1
                                             : after == wanted && left.masked == 0;
    const bool masked = count == before && (left.masked > 0 ? after == wanted : after < wanted);
    if (!masked && (!a_digit_off || left.masked > 0)) continue;
    size_t end = signature_end + after;
    if (after < wanted) end += mask_length(text, end);
    if (judge_text(family, text.substr(left.begin, end - left.begin), a_digit_off, found)) {
      for (size_t i = 0; i < family.padding() && text.substr(end).starts_with('='); ++i) ++end;
      found.span = {left.begin, end};
      return true;
    }
  }
  return false;
}

bool NearMisses::judge_text(const KeyFamily& family, std::string_view key, bool costs,
                            NearMiss& found) {
  const auto known = std::find_if(known_.begin(), known_.end(),
                                  [&](const Known& one) { return one.text.reveal() == key; });
  if (known == known_.end() && costs) {
    if (tried_ >= kMostTried) {
      auto damage = std::make_shared<Damage>();
      damage->what = "one character lost or one too many";
      found = {{}, Secret(key), "unknown", "", std::move(damage)};
      return true;
    }
    ++tried_;
  }
  const Known& looked = known == known_.end() ? look(family, key) : *known;
  // Invented keys, of which a hostile text may be full, use the blob's share up faster.
  if (known == known_.end() && costs && !looked.found) tried_ += kHopeless - 1;
  if (!looked.found) return false;
  found = looked.miss;
  if (found.secret.empty()) found.secret = Secret(key);
  return true;
}

bool NearMisses::repaired(const KeyFamily& family, std::string_view key, NearMiss& found) {
  return judge_text(family, key, true, found) && (found.damage->tried > 0 || found.damage->masked);
}

const NearMisses::Known& NearMisses::look(const KeyFamily& family, std::string_view text) {
  // A mark is no damage: a character that somebody hid.
  const std::string_view digits = text.substr(0, std::min(text.find('='), text.size()));
  const bool marked = !std::all_of(digits.begin(), digits.end(), is_base64_digit);
  if (!marked) {
    Repair repair = assay::repair(family, text, Effort::scan);
    if (repair.found > 0) return remember(text, true, from_repair(std::move(repair)));
  }
  std::optional<Unmasked> unmasked = unmask(family, text, Effort::scan);
  // Cut off behind the signature, which hides no more than a mask does.
  const bool cut = !unmasked && !marked && text.size() < family.digits();
  if (cut) unmasked = unmask(family, std::string(text) + "*", Effort::scan);
  if (!unmasked) return remember(text, false, {});
  // Where nothing proves it, it may be a drawing of a key: `ddd…ddAzFu`.
  if (unmasked->candidates > 1 && distinct_bytes(digits) < kLeastDistinct) {
    return remember(text, false, {});
  }
  NearMiss miss;
  auto damage = std::make_shared<Damage>();
  damage->masked = true;
  damage->what =
      unmasked->masked == 1 ? "one character" : std::to_string(unmasked->masked) + " characters";
  damage->what += cut ? " cut off" : " masked";
  damage->tried = unmasked->tried;
  damage->by_chance = unmasked->by_chance;
  damage->candidates = unmasked->candidates;
  miss.kind = "unknown";
  for (const Repaired& key : unmasked->keys) {
    if (damage->fingerprints.size() == kMostFound) break;
    damage->fingerprints.push_back(c3id(key.key.reveal()));
  }
  if (unmasked->counted && unmasked->candidates == 1 && unmasked->keys.size() == 1) {
    miss.kind = unmasked->keys.front().seed->kind;
    miss.secret = std::move(unmasked->keys.front().key);
    miss.fingerprint = damage->fingerprints.front();
  }
  miss.damage = std::move(damage);
  return remember(text, true, std::move(miss));
}

const NearMisses::Known& NearMisses::remember(std::string_view text, bool found, NearMiss&& miss) {
  if (known_.size() == kMostKnown) known_.pop_back();
  known_.push_front({Secret(text), found, std::move(miss)});
  return known_.front();
}

void NearMisses::reset() {
  known_.clear();
  tried_ = 0;
}

std::string redact_names(std::string_view text) {
  std::string out(text);
  for (const KeyFamily& family : key_families()) {
    if (family.signature.empty()) continue;
    size_t at = 0;
    while ((at = out.find(family.signature, at)) != std::string::npos) {
      const size_t signature_end = at + family.signature.size();
      Candidate candidate;
      Span run;
      if (gather(family, out, signature_end, true, candidate) == Gather::found) {
        run = candidate.span;
      } else if (family.is_marvin_base64()) {
        // A `/` parts names, though it is a digit of one alphabet.
        const size_t from = out.rfind('/', at) + 1;  // npos + 1 is 0
        const size_t to = std::min(out.find('/', signature_end), out.size());
        run = signature_run(out, signature_end, from, to);
        // Real names hold the signatures of long keys: `SynchronizeAPIMSubscriptionKeys`.
        if (run.size() < family.digits() / 2 - 3) run = {};
        // Masked so little that it can be made whole.
        const Left left =
            left_of(family, out, at, family.signature_end() - family.signature.size());
        if (left.found && left.begin >= from) run = {left.begin, std::max(run.end, signature_end)};
        while (run.size() > 0 && run.end < to && is_base64_digit(out[run.end])) ++run.end;
      }
      at = signature_end;
      if (run.size() == 0) continue;
      const auto value = Secret(std::string_view(out).substr(run.begin, run.size()));
      out.replace(run.begin, run.size(), value.redacted());
      at = run.begin;
    }
  }
  return out;
}

}  // namespace assay
