// Two kinds of disguise, undone in two ways.
//
// Soft ones leave the text readable: escapes, line breaks, colours. A region around the hits is
// rewritten pass by pass, layout and escapes in turn, and searched after each:
//
//   ?code%253Dddd…Az⏎   F%2575…       layout:   ?code%253Dddd…AzF%2575…
//                                      escapes:  ?code%3Dddd…AzF%75…
//                                      escapes:  ?code=ddd…AzFu…   verified
//
// Hard ones do not: base64, UTF-16, hexadecimal. The stretch around a hit is decoded to a text of
// its own, a layer, which is searched as the blob is, with the same prefilter, so that they nest.
//
// Every byte keeps the range of bytes that it was made of, so a key is found where it stands. The
// checksum decides, so a pass may well destroy other text.
#include "scanner/restore.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/keys/base64.h"
#include "scanner/context_text.h"
#include "scanner/decoders/text_decoders.h"
#include "scanner/verify.h"
#include "scanner/wide_text.h"

namespace assay {

namespace {

// Hits that are as near as this are undone together.
constexpr size_t kCluster = 4096;
// A key that an inner hit stands for was seen whole if so much text follows it.
constexpr size_t kSeenBehind = 256;
// So far behind a hit whose surroundings were unescaped, or read as a listing, others are answered.
constexpr size_t kAnswered = 1024;

// How far around the pivot a signature is looked for before more is decoded: two lines of a
// listing.
constexpr size_t kNear = 160;
// So much of a text in UTF-16 or UTF-32 is decoded at once, beside its surroundings.
constexpr size_t kWideStep = 4096;
// So many hits of a cluster may each stand in a listing.
constexpr size_t kMostListed = 16;

// Hits that may share a decoded text, so that one is enough, share a slot: digits of base64 by
// where a group of four begins, and the others.
constexpr size_t kBase64Slots = 4;
size_t slot_of(const Anchor& anchor, size_t at) {
  if (anchor.form == Form::base64 || anchor.form == Form::twice) return (at - anchor.phase) % 4;
  return anchor.form == Form::wide ? kBase64Slots : kBase64Slots + 1;
}

// Whether what stands at out.text[at] has as much text behind it as a key may need, or all there
// is.
bool seen_whole(const Restored& out, std::string_view text, size_t at) {
  constexpr size_t kRest = 8;  // less than a group and its padding
  return at + kSeenBehind <= out.text.size() || out.end.back() + kRest >= text.size();
}

// Whether text decoded from base64 holds what the digit at `at` is part of, with `phase` digits of
// its group before it (0, 2 or 3: there are no others), and enough behind it. Three bytes are made
// of digits 0-1, 1-2 and 2-3.
bool was_decoded(const Restored& out, std::string_view text, unsigned phase, size_t at) {
  const auto found = std::lower_bound(out.begin.begin(), out.begin.end(), at);
  const auto i = static_cast<size_t>(found - out.begin.begin());
  if (i == out.text.size() || i == 0 || !seen_whole(out, text, i)) return false;
  const bool begins = *found == at;
  if (phase == 0) return begins && out.end[i - 1] <= at;
  return begins == (phase == 2) && out.end[i - 1] == at + 1;
}

// Where the pivot stands whose hit ends at `end`.
size_t pivot_before(std::string_view text, size_t end, const KeyFamily& family) {
  size_t at = end - std::min(end, PivotFinder::kPivotReach);
  while (at < end && text[at] != family.signature[kPivot]) ++at;
  return at;
}

// Whether a pivot stands in text of more than a byte a character.
bool is_wide(std::string_view text, size_t at) {
  return at + 1 < text.size() && text[at + 1] == '\0';
}

// Whether `at` is behind a letter of two bytes, from U+00C0 on, that is no combining mark: `raíz"`.
// What hides a key is invisible, a blank or a mark.
bool is_behind_letter(std::string_view text, size_t at) {
  if (at < 2 || (static_cast<unsigned char>(text[at - 1]) & 0xC0) != 0x80) return false;
  const auto lead = static_cast<unsigned char>(text[at - 2]);
  return (lead >= 0xC3 && lead <= 0xCB) || (lead >= 0xCE && lead <= 0xD4);
}

// Whether the character stands in the text, by itself or by its number.
bool holds(std::string_view text, char c) {
  const auto byte = static_cast<unsigned char>(c);
  return text.find(c) != text.npos || text.find(fmt::format("{:02x}", byte)) != text.npos ||
         text.find(fmt::format("{:02X}", byte)) != text.npos ||
         text.find(fmt::format("{}", byte)) != text.npos ||
         text.find(fmt::format("{:03o}", byte)) != text.npos;
}

// Whether what stands beside the pivot in the signature stands near it at all. No line, prefix or
// escape between them is longer; and to undo a region takes a millisecond.
bool has_neighbours(std::string_view text, size_t at, const KeyFamily& family) {
  constexpr size_t kReach = 512;
  const size_t from = at - std::min(at, kReach);
  return holds(text.substr(from, at - from + PivotFinder::kPivotReach),
               family.signature[kPivot - 1]) &&
         holds(text.substr(at, kReach), family.signature[kPivot + 1]);
}

// Whether the pivot goes on a word or a run of digits, as `…k3Tz"` does: an escape or whatever else
// may part it from the first character of the signature would show before.
bool goes_on_a_word(std::string_view text, size_t at, const KeyFamily& family) {
  constexpr size_t kLongestEscape = 12;
  if (is_behind_letter(text, at)) return true;
  if (at < kLongestEscape) return false;
  const std::string_view before = text.substr(at - kLongestEscape, kLongestEscape);
  const char last = before.back();
  return last != family.signature[kPivot - 1] && last != '-' && last != '_' && last != '+' &&
         last != '/' && std::all_of(before.begin(), before.end(), is_base64_digit);
}

// Whether something may stand within the signature there.
bool may_be_split(std::string_view text, size_t end, const KeyFamily& family) {
  const size_t at = pivot_before(text, end, family);
  return !is_wide(text, at) && !goes_on_a_word(text, at, family) &&
         has_neighbours(text, at, family);
}

// Of the kinds that take something out between two bytes.
bool is_layout(Undone undone) { return undone >= Undone::line_wrap; }

// So many of the keys found last are looked at for whether one is known.
constexpr size_t kMostNear = 256;

// Bytes of a line, on average, that may have a prefix.
constexpr size_t kLeastLine = 6;

bool has(std::string_view text, char c) { return text.find(c) != std::string_view::npos; }

// Whether the bytes beside a hit are such as text has: all of them are within the key, if there is
// one. Nearly all hits in compressed bytes end here, before anything is undone.
bool may_be_text(std::string_view text, size_t end) {
  constexpr size_t kBefore = 44, kAfter = 6;
  const size_t from = end - std::min(end, kBefore);
  size_t high = 0;
  for (const char c : text.substr(from, end - from + kAfter)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) ++high;
    const bool control = byte < 0x20 && !(byte >= '\a' && byte <= '\r') && byte != 0x1b;
    if (control || byte == 0x7f) return false;
  }
  return high <= (kBefore + kAfter) * 4 / 5;
}

// A blank between two words, as no disguise has it.
bool lone_blank(std::string_view text, size_t at, size_t beyond) {
  return is_blank(text[at]) && beyond < text.size() &&
         static_cast<unsigned char>(text[beyond]) > ' ';
}

}  // namespace

// A text to be searched: the blob's, or one that was decoded from the layer above.
struct Restorer::Layer {
  std::string_view text;
  const Layer* above = nullptr;
  const Restored* from = nullptr;  // null for the blob's
  unsigned depth = 0;
  bool odd = false;

  // [begin, end) of this layer, in the blob.
  Span in_blob(Span span) const {
    if (from == nullptr) return span;
    return above->in_blob({from->begin[span.begin], from->end[span.end - 1]});
  }
  // What was undone for [begin, end) of this layer, outermost first.
  void encodings(Span span, std::vector<std::string_view>& out) const {
    if (from == nullptr) return;
    above->encodings({from->begin[span.begin], from->end[span.end - 1]}, out);
    const size_t outer = out.size();
    for (size_t i = span.begin; i < span.end; ++i) {
      if (from->how[i] == Undone::nothing) continue;
      const std::string_view name = to_string(from->how[i]);
      if (std::find(out.begin() + static_cast<std::ptrdiff_t>(outer), out.end(), name) ==
          out.end()) {
        out.push_back(name);
      }
    }
  }
};

namespace {

// Whether what stands by the signature may be a piece of a key: mixed letters and digits, of some
// length. `APIM` and `ACR` stand in prose too, and looking into each would take a quarter of a
// millisecond.
bool has_piece_near(std::string_view text, size_t signature_end) {
  constexpr size_t kOwn = 12, kOther = 16, kSide = 64;
  const size_t from = signature_end - std::min(signature_end, kSide);
  const size_t to = std::min(text.size(), signature_end + kSide);
  for (size_t at = from; at < to;) {
    if (!is_base64_digit(text[at])) {
      ++at;
      continue;
    }
    const size_t begin = at;
    bool upper = false, lower = false, digit = false;
    for (; at < to && is_base64_digit(text[at]); ++at) {
      const char c = text[at];
      upper |= c >= 'A' && c <= 'Z';
      lower |= c >= 'a' && c <= 'z';
      digit |= c >= '0' && c <= '9';
    }
    const bool own = begin < signature_end && signature_end <= at;
    if (at - begin >= (own ? kOwn : kOther) && upper && lower && digit) return true;
  }
  return false;
}

// Signatures that begin with `+` are sought without it. It stands there, or something that may be
// its escape: of 64 places in random digits 60 are ruled out by that.
bool may_have_plus(const KeyFamily& family, std::string_view text, size_t signature_end) {
  if (!family.signature.starts_with('+')) return true;
  const size_t plus = signature_end - std::min(signature_end, family.signature.size());
  const char c = text[plus];
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return !letter || ((c == 'b' || c == 'B') && plus > 0 && text[plus - 1] == '2') ||
         (c == '3' && plus > 0 && text[plus - 1] == '5');  // 2B, and \053
}

}  // namespace

Restorer::Restorer(const RuleSet& rules, const Prefilter& prefilter)
    : rules_(rules), prefilter_(prefilter), scratch_(prefilter) {}

bool Restorer::may_be_broken(const KeyFamily& family, std::string_view text, size_t signature_end) {
  if (family.signature.empty()) return false;  // nothing tells a piece of one
  if (!sought_thoroughly(family) &&
      (!may_have_plus(family, text, signature_end) || !has_piece_near(text, signature_end))) {
    return false;
  }
  const size_t before = family.signature_end();
  const size_t begin = signature_end - std::min(signature_end, before);
  const size_t end = std::min(text.size(), signature_end + family.digits_after());
  const std::string_view digits = text.substr(begin, end - begin);
  if (digits.size() == family.digits() &&
      std::all_of(digits.begin(), digits.end(), [&](char c) { return is_key_digit(family, c); })) {
    return false;
  }
  const size_t first = signature_end - std::min(signature_end, family.signature.size());
  const bool blank_before = first > 1 && lone_blank(text, first - 1, first - 2);
  const bool blank_after =
      signature_end >= text.size() || lone_blank(text, signature_end, signature_end + 1);
  return !blank_before || !blank_after;
}

void Restorer::restore(std::string_view text, bool odd, std::span<const Hit> hits,
                       std::string_view path, std::vector<RestoredKey>& keys) {
  path_ = path;
  keys_ = &keys;
  search({text, nullptr, nullptr, 0, odd}, hits);
}

// Adds a key that stands in [span) of the layer, unless it is known.
void Restorer::add(const Layer& layer, Span span, Span pivot,
                   std::span<const std::string_view> inner, std::string_view digits,
                   const Candidate& candidate) {
  auto info = identify(digits);
  if (!info) return;
  const bool held = candidate.seed != nullptr;
  if (rules_.for_key(*candidate.family, info->seed,
                     held ? Confidence::verified : Confidence::signature) == nullptr) {
    return;
  }
  RestoredKey key;
  key.span = layer.in_blob(span);
  key.pivot_end = layer.in_blob(pivot).end;
  const size_t near = keys_->size() - std::min(keys_->size(), kMostNear);
  for (size_t i = near; i < keys_->size(); ++i) {
    const RestoredKey& known = (*keys_)[i];
    const bool apart = known.span.end <= key.span.begin || key.span.end <= known.span.begin;
    if (!apart && (known.info.canonical == info->canonical ||
                   (known.info.confidence == Confidence::verified && !held))) {
      return;
    }
  }
  key.family = candidate.family;
  layer.encodings(span, key.encoding);
  key.encoding.insert(key.encoding.end(), inner.begin(), inner.end());
  for (const std::string_view form : candidate.encoding) {
    if (!form.empty()) key.encoding.push_back(form);
  }
  if (layer.depth > 0) {
    key.context = read_context(layer.text, span.begin, span.end,
                               family_name(*info->family, info->seed), info->kind, path_);
  }
  key.info = std::move(*info);
  keys_->push_back(std::move(key));
}

// The pivot of the signature that ends at `signature_end`; where there is none, what ends there.
size_t Restorer::pivot_of(const KeyFamily& family, size_t signature_end) {
  return family.signature.size() > kPivot ? signature_end - family.signature.size() + kPivot
                                          : signature_end - 1;
}

// A key that stands in a decoded text as it is.
bool Restorer::take_whole(const Layer& layer, const Hit& hit, const Anchor& anchor) {
  Candidate candidate;
  if (gather(*anchor.family, layer.text, hit.end, true, candidate) != Gather::found) return false;
  const size_t pivot = pivot_of(*anchor.family, hit.end);
  add(layer, candidate.span, {pivot, pivot + 1}, {},
      layer.text.substr(candidate.digits.begin, candidate.digits.size()), candidate);
  return true;
}

void Restorer::search(const Layer& layer, std::span<const Hit> hits) {
  std::vector<size_t>& soft = soft_[layer.depth];
  soft.clear();
  for (std::vector<Span>& seen : seen_[layer.depth]) seen.clear();
  if (layer.depth < kMostLayers) {
    for (Restored& decoded : decoded_[layer.depth]) decoded.clear();
  }
  unescaped_to_[layer.depth] = listed_to_[layer.depth] = 0;
  for (const Hit& hit : hits) {
    const Anchor& anchor = prefilter_.anchors()[hit.anchor];
    switch (anchor.form) {
      case Form::keyword:
        continue;
      case Form::whole:
      case Form::escaped:
        break;
      case Form::split:
        if (!may_be_split(layer.text, hit.end, *anchor.family)) continue;
        break;
      default:
        decode(layer, hit, anchor);
        continue;
    }
    if (may_be_text(layer.text, hit.end)) soft.push_back(hit.end);
  }
  for (size_t i = 0; i < soft.size();) {
    const size_t begin = i, first = soft[i];
    size_t last = first;
    while (++i < soft.size() && soft[i] - first <= kCluster) last = soft[i];
    const size_t known = keys_->size();
    soften(layer,
           {first - std::min(first, kRestoreBefore),
            std::min(layer.text.size(), last + kRestoreAfter)},
           std::span(soft).subspan(begin, i - begin));
    // So few, since each looks at its lines.
    if (keys_->size() == known) {
      for (size_t k = begin; k < std::min(i, begin + kMostListed); ++k) list(layer, soft[k] - 1);
    }
  }
}

// Undoes the encoding that the hit speaks of, and searches what comes out.
void Restorer::decode(const Layer& layer, const Hit& hit, const Anchor& anchor) {
  const std::string_view text = layer.text;
  const bool wide = anchor.form == Form::wide;
  const size_t length = wide ? kWideProbe : anchor.literal.size() + hit.gap;
  size_t at = hit.end - std::min(hit.end, length);
  if (anchor.literal.starts_with("0x")) at += 2;
  if (layer.depth == kMostLayers) return;
  const size_t slot = slot_of(anchor, at);
  std::vector<Span>& seen = seen_[layer.depth][slot];
  for (size_t i = seen.size(); i-- > 0 && seen[i].end >= hit.end;) {
    if (seen[i].begin <= at) return;
  }
  Restored& out = decoded_[layer.depth][slot];
  if (slot < kBase64Slots && was_decoded(out, text, anchor.phase, at)) return;
  const auto undo = [&](size_t before, size_t after) {
    out.clear();
    switch (anchor.form) {
      case Form::wide:
        return undo_wide(text, at, 2 * before, 2 * after + kWideStep, out,
                         (at % 2 == 1) != layer.odd);
      case Form::base64:
      case Form::twice:
        return undo_base64(text, at, anchor.phase, before, after, out);
      default:
        return undo_hex(text, at, before, after, out);
    }
  };
  // Those literals stand in many texts without a key: a near look first.
  if (anchor.form == Form::hex_bytes) {
    if (!undo(kNear, kNear)) return;
    if (out.text.find(anchor.family->signature) == std::string::npos) return;
  }
  const size_t before = keys_->size();
  if (undo(kRestoreBefore, kRestoreAfter)) search_inner(layer, out, wide ? nullptr : &seen);
  if (wide) seen.assign(1, {at, at + kWideStep});
  // Three digits stand by chance in every hundredth run, and this costs most.
  if (keys_->size() == before && !wide && sought_thoroughly(*anchor.family)) unescape(layer, at);
}

// The digits of an encoding may be escaped themselves: `%2B` or `\/` for some of them.
void Restorer::unescape(const Layer& layer, size_t at) {
  if (at < unescaped_to_[layer.depth]) return;
  unescaped_to_[layer.depth] = at + kAnswered;
  const size_t begin = at - std::min(at, kRestoreBefore);
  const size_t end = std::min(layer.text.size(), at + kRestoreAfter);
  const std::string_view region = layer.text.substr(begin, end - begin);
  Restored& out = decoded_[layer.depth].back();
  if (!has(region, '%') && !has(region, '\\') && !has(region, '&') && !has(region, '=')) return;
  if (!undo_escapes(region, out) && !undo_quoted_printable(region, out)) return;
  for (uint32_t& place : out.begin) place += static_cast<uint32_t>(begin);
  for (uint32_t& place : out.end) place += static_cast<uint32_t>(begin);
  search_inner(layer, out, nullptr);
}

// Searches a text that was decoded from the layer. `seen` gets where the hits of the inner text
// came from, unless little text is behind them: the layer's own hits there are answered.
void Restorer::search_inner(const Layer& layer, const Restored& out, std::vector<Span>* seen) {
  if (out.text.empty()) return;
  const Layer inner{out.text, &layer, &out, layer.depth + 1, false};
  std::vector<Hit>& hits = hits_[layer.depth];
  hits.clear();
  prefilter_.find(inner.text, 0, inner.text.size(), scratch_, hits);
  if (seen != nullptr) {
    seen->clear();
    for (const Hit& hit : hits) {
      const size_t length = prefilter_.anchors()[hit.anchor].literal.size() + hit.gap;
      if (length == 0 || !seen_whole(out, layer.text, hit.end)) continue;
      seen->push_back({out.begin[hit.end - length], out.end[hit.end - 1]});
    }
  }
  std::erase_if(hits, [&](const Hit& hit) {
    const Anchor& anchor = prefilter_.anchors()[hit.anchor];
    if (anchor.form == Form::keyword) return true;
    if (anchor.form != Form::whole) return false;
    return take_whole(inner, hit, anchor) || !may_be_broken(*anchor.family, inner.text, hit.end);
  });
  search(inner, hits);
}

// Undoes layout and escapes around hits, in one way after another until each hit is one of a key.
void Restorer::soften(const Layer& layer, Span region, std::span<const size_t> hits) {
  const std::string_view text = layer.text.substr(region.begin, region.size());
  found_.clear();
  const auto done = [&] {
    return std::all_of(hits.begin(), hits.end(), [&](size_t hit) {
      return std::any_of(found_.begin(), found_.end(), [&](const Span& key) {
        return key.begin < hit && hit <= key.end + PivotFinder::kPivotReach;
      });
    });
  };
  const auto start = [&] {
    passes_ = 0;
    text_.assign(text);
    how_.assign(text.size(), 0);
    begin_.resize(text.size());
    end_.resize(text.size());
    for (uint32_t i = 0; i < text.size(); ++i) begin_[i] = i, end_[i] = i + 1;
  };
  start();
  const bool escaped = pass_on(layer, region, false);
  if (done()) return;
  if (escaped) {
    start();
    pass_on(layer, region, true);  // breaks within escapes
    if (done()) return;
  }
  if (has(text, '=')) {
    // Of encoded words the ends are no soft breaks: layout first.
    for (const bool layout : {false, true}) {
      start();
      if (layout && (text.find("=?") == std::string_view::npos || !step(undo_layout))) break;
      if (!step(undo_quoted_printable)) break;
      collect(layer, region);
      pass_on(layer, region, false);
      if (done()) return;
    }
  }
  // Prefixes stand on lines that can hold one and a piece.
  const auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  if (lines == 0 || text.size() / lines < kLeastLine) return;
  for (int choice = 0; choice < kPrefixChoices; ++choice) {
    start();
    const auto undo = [choice](std::string_view from, Restored& to) {
      return undo_prefixes(from, choice, to);
    };
    if (!step(undo)) return;
    collect(layer, region);
    pass_on(layer, region, true);
    if (done()) return;
  }
}

// The text column of a listing may show a signature: its bytes stand beside it.
void Restorer::list(const Layer& layer, size_t at) {
  if (layer.depth == kMostLayers || at < listed_to_[layer.depth]) return;
  listed_to_[layer.depth] = at + kAnswered;
  Restored& out = decoded_[layer.depth].back();
  out.clear();
  if (undo_listing(layer.text, at, kRestoreBefore, kRestoreAfter, out)) {
    search_inner(layer, out, nullptr);
  }
}

// Layout and escapes in turn, until neither changes anything. Whether there were escapes.
bool Restorer::pass_on(const Layer& layer, Span region, bool layout) {
  bool escaped = false;
  for (unsigned unchanged = 0; passes_ < kMostPasses && unchanged < 2; layout = !layout) {
    const bool changed = layout ? step(undo_layout) : step(undo_escapes);
    unchanged = changed ? 0 : unchanged + 1;
    escaped |= changed && !layout;
    if (changed) collect(layer, region);
  }
  return escaped;
}

// One pass over the region. What `undo` says of its input is said of the region's bytes.
template <typename Undo>
bool Restorer::step(Undo undo) {
  if (passes_ == kMostPasses || !undo(text_, next_)) return false;
  ++passes_;
  const size_t size = next_.text.size();
  next_begin_.resize(size);
  next_end_.resize(size);
  next_how_.resize(size);
  constexpr size_t kMostSources = 16;  // looked at of what one byte was made of
  const auto lane = [](unsigned pass) { return uint64_t{0xff} << (8 * pass); };
  for (size_t i = 0; i < size; ++i) {
    const size_t first = next_.begin[i], last = next_.end[i] - 1;
    next_begin_[i] = begin_[first];
    next_end_[i] = end_[last];
    uint64_t how = how_[first];
    for (size_t k = first + 1; k <= last && k < first + kMostSources; ++k) {
      for (unsigned pass = 0; pass < passes_; ++pass) {
        if ((how & lane(pass)) == 0) how |= how_[k] & lane(pass);
      }
    }
    if (next_.how[i] != Undone::nothing) {
      unsigned pass = passes_;
      if (is_layout(next_.how[i])) {
        // What was taken out before this byte: what was undone for it?
        uint64_t undone = 0;
        for (size_t k = i > 0 ? next_.end[i - 1] : first; k < first; ++k) {
          for (unsigned p = 1; p < passes_; ++p) {
            if ((undone & lane(p)) == 0) undone |= how_[k] & lane(p);
          }
        }
        if (undone == 0) pass = 0;
        for (unsigned p = 1; p < passes_; ++p) {
          if ((how & lane(p)) == 0) how |= undone & lane(p);
        }
      }
      how = (how & ~lane(pass)) | static_cast<uint64_t>(next_.how[i]) << (8 * pass);
    }
    next_how_[i] = how;
  }
  text_.swap(next_.text);
  begin_.swap(next_begin_);
  end_.swap(next_end_);
  how_.swap(next_how_);
  return true;
}

// What was undone within the key at `span` of the rewritten region, outermost first.
std::vector<std::string_view> Restorer::undone_within(Span span) const {
  std::vector<std::string_view> out;
  for (unsigned pass = 0; pass <= passes_; ++pass) {
    uint64_t seen = 0;  // a bit for each kind
    for (size_t i = span.begin; i < span.end; ++i) {
      const auto undone = static_cast<Undone>(how_[i] >> (8 * pass) & 0xff);
      // What stands before the first digit is not within the key.
      if (undone == Undone::nothing || (i == span.begin && is_layout(undone))) continue;
      const uint64_t bit = uint64_t{1} << static_cast<unsigned>(undone);
      if ((seen & bit) != 0) continue;
      seen |= bit;
      if (!is_again(span, pass, undone)) out.push_back(to_string(undone));
    }
  }
  return out;
}

// Whether a former pass undid the same for other bytes of the key, but for none of those that this
// one did: a wrap kept them from it, so that it is one layer and not two.
bool Restorer::is_again(Span span, unsigned pass, Undone undone) const {
  const auto in = [&](size_t i, unsigned p) {
    return static_cast<Undone>(how_[i] >> (8 * p) & 0xff) == undone;
  };
  bool before = false;
  for (size_t i = span.begin; i < span.end; ++i) {
    for (unsigned p = 0; p < pass; ++p) {
      if (!in(i, p)) continue;
      if (in(i, pass)) return false;
      before = true;
    }
  }
  return before;
}

// Adds the keys of the rewritten region that have something undone within them.
void Restorer::collect(const Layer& layer, Span region) {
  for (const KeyFamily* family : rules_.families()) {
    const std::string_view signature = family->signature;
    if (signature.empty()) continue;
    for (size_t at = text_.find(signature); at != std::string::npos;
         at = text_.find(signature, at + 1)) {
      Candidate candidate;
      if (gather(*family, text_, at + signature.size(), true, candidate) != Gather::found) continue;
      if (candidate.seed == nullptr) continue;
      const std::vector<std::string_view> inner = undone_within(candidate.span);
      if (inner.empty()) continue;
      const auto place = [&](size_t from, size_t to) {
        return Span{region.begin + begin_[from], region.begin + end_[to - 1]};
      };
      const Span span = place(candidate.span.begin, candidate.span.end);
      found_.push_back(span);
      // Only its padding is disguised: it is found as it stands.
      const Span digits = place(candidate.digits.begin, candidate.digits.end);
      if (digits.size() == candidate.digits.size()) continue;
      add(layer, span, place(at + kPivot, at + kPivot + 1), inner,
          std::string_view(text_).substr(candidate.digits.begin, candidate.digits.size()),
          candidate);
    }
  }
}

}  // namespace assay
