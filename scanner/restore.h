// Keys that stand disguised: undoes, around the prefilter's hits, what hides them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/decoders/restored.h"
#include "scanner/finding.h"
#include "scanner/prefilter.h"
#include "scanner/verify.h"

namespace assay {

// How far around a hit a disguise is undone, and how many layers of encodings (base64 in UTF-16 in
// base64) are. Escapes and layout are undone up to kMostPasses times within each.
inline constexpr size_t kRestoreBefore = 3072;
inline constexpr size_t kRestoreAfter = 1536;
inline constexpr unsigned kMostLayers = 3;
inline constexpr unsigned kMostPasses = 7;

// How far from the pivot of a signature its hits may end.
inline constexpr size_t kHitSlack = 64;

struct RestoredKey {
  Span span;             // in the text: the key with its padding, as it stands there
  size_t pivot_end = 0;  // behind what the pivot of its signature was made of
  const KeyFamily* family = nullptr;
  KeyInfo info;
  std::vector<std::string_view> encoding;  // outermost first, at least one
  // Of the decoded text, where the text around `span` is none that can be read as it stands.
  std::optional<KeyContext> context;
};

// Owned by one worker. The RuleSet and the Prefilter must outlive it.
class Restorer {
 public:
  Restorer(const RuleSet& rules, const Prefilter& prefilter);

  // Whether a key whose signature ends at `signature_end` may have something within it: some of its
  // digits are none, and what stands beside the signature may be part of a disguise.
  static bool may_be_broken(const KeyFamily& family, std::string_view text, size_t signature_end);

  // Appends the keys whose checksum holds, and of encoded texts also those that stand alone with
  // one that does not, for `hits` (ascending; of disguised anchors, or whole ones that may be
  // broken), in any order, each place once. What is found does not depend on what is further from a
  // hit than kRestoreBefore and kRestoreAfter. `odd`: text[0] has an odd offset in its blob. Linear
  // in the text; a bounded time for each hit.
  void restore(std::string_view text, bool odd, std::span<const Hit> hits, std::string_view path,
               std::vector<RestoredKey>& keys);

 private:
  struct Layer;
  void search(const Layer& layer, std::span<const Hit> hits);
  void decode(const Layer& layer, const Hit& hit, const Anchor& anchor);
  void unescape(const Layer& layer, size_t at);
  void list(const Layer& layer, size_t at);
  void search_inner(const Layer& layer, const Restored& out, std::vector<Span>* seen);
  static size_t pivot_of(const KeyFamily& family, size_t signature_end);
  bool take_whole(const Layer& layer, const Hit& hit, const Anchor& anchor);
  void soften(const Layer& layer, Span region, std::span<const size_t> hits);
  bool pass_on(const Layer& layer, Span region, bool layout);
  template <typename Undo>
  bool step(Undo undo);
  void collect(const Layer& layer, Span region);
  std::vector<std::string_view> undone_within(Span span) const;
  bool is_again(Span span, unsigned pass, Undone undone) const;
  void add(const Layer& layer, Span span, Span pivot, std::span<const std::string_view> inner,
           std::string_view digits, const Candidate& candidate);

  const RuleSet& rules_;
  const Prefilter& prefilter_;
  Prefilter::Scratch scratch_;
  std::string_view path_;
  std::vector<RestoredKey>* keys_ = nullptr;

  // A region with passes undone; `begin` and `end` are offsets in it. `how` holds what was undone
  // in each pass, a byte each, the first lowest but one: the lowest is for gaps that stand in the
  // region as they are, which are outermost whenever they are taken out.
  std::string text_;
  std::vector<uint32_t> begin_, end_;
  std::vector<uint64_t> how_;
  unsigned passes_ = 0;
  Restored next_;
  std::vector<uint32_t> next_begin_, next_end_;
  std::vector<uint64_t> next_how_;
  std::vector<Span> found_;  // keys of the layer since soften() began, in the layer

  // Of each layer: what was decoded last from it, by slot (see slot_of; one more for the rest).
  static constexpr size_t kSlots = 7;
  std::array<std::array<Restored, kSlots>, kMostLayers> decoded_;
  std::array<std::vector<Hit>, kMostLayers> hits_;
  std::array<std::vector<size_t>, kMostLayers + 1> soft_;
  std::array<std::array<std::vector<Span>, kSlots>, kMostLayers + 1> seen_;
  std::array<size_t, kMostLayers + 1> unescaped_to_{}, listed_to_{};
};

}  // namespace assay
