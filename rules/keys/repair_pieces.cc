// The right digits with something between them, or in the wrong order.
//
//   "abcd efgh"  →  abcdefgh   something between
//   "efgh, abcd" →  abcdefgh   pieces, as they are parted
//   "efghabcd"   →  abcdefgh   turned at a place that nothing tells: all are tried
#include <algorithm>
#include <numeric>

#include "rules/keys/repair_attempt.h"

namespace assay {

namespace {

constexpr size_t kMostPieces = 4;
constexpr std::string_view kOrder = "pieces in the wrong order";

using Values = std::vector<uint8_t>;

std::vector<Values> pieces_of(const KeyText& text) {
  std::vector<Values> pieces;
  bool within = false;
  for (const uint8_t value : text.values) {
    const bool digit = value <= 63;
    if (digit && !within) pieces.emplace_back();
    if (digit) pieces.back().push_back(value);
    within = digit;
  }
  return pieces;
}

Values joined(const std::vector<Values>& pieces) {
  Values all;
  for (const Values& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
  return all;
}

void try_orders(Attempt& attempt, const std::vector<Values>& pieces) {
  std::vector<size_t> order(pieces.size());
  std::iota(order.begin(), order.end(), 0);
  while (std::next_permutation(order.begin(), order.end())) {
    Values values;
    for (const size_t i : order) {
      values.insert(values.end(), pieces[i].begin(), pieces[i].end());
    }
    attempt.test(values, kOrder);
  }
}

// Two pieces: b a. Three, where that is no turn: a c b, b a c, c b a.
void try_cuts(Attempt& attempt, const Values& values) {
  const auto piece = [&](size_t begin, size_t end) {
    return std::span(values).subspan(begin, end - begin);
  };
  Values out;
  const auto test = [&](std::initializer_list<std::span<const uint8_t>> pieces) {
    out.clear();
    for (const auto& one : pieces) out.insert(out.end(), one.begin(), one.end());
    attempt.test(out, kOrder);
  };
  const size_t size = values.size();
  for (size_t cut = 1; cut < size; ++cut) test({piece(cut, size), piece(0, cut)});
  if (attempt.effort == Effort::scan) return;
  out.assign(values.rbegin(), values.rend());
  attempt.test(out, "written backwards");
  for (size_t i = 1; i + 1 < size; ++i) {
    for (size_t k = i + 1; k < size; ++k) {
      const auto a = piece(0, i), b = piece(i, k), c = piece(k, size);
      test({a, c, b});
      test({b, a, c});
      test({c, b, a});
    }
  }
}

}  // namespace

void try_as_it_stands(Attempt& attempt) {
  const KeyText& text = attempt.text;
  if (text.none > 0) return;
  const size_t wanted = attempt.family.padding();
  const bool standard = attempt.family.alphabet == Base64Alphabet::standard;
  const bool other = std::any_of(text.characters.begin(), text.characters.end(), [&](char32_t c) {
    return standard ? c == '-' || c == '_' : c == '+' || c == '/';
  });
  const std::string_view padding = text.padding < wanted   ? "padding lost"
                                   : text.padding > wanted ? "padding doubled"
                                                           : "";
  if (padding.empty()) return attempt.test(text.values, other ? "wrong alphabet" : "");
  if (!other) return attempt.test(text.values, padding);
  attempt.test(text.values, text.padding < wanted ? "padding lost and wrong alphabet"
                                                  : "padding doubled and wrong alphabet");
}

void try_without_the_rest(Attempt& attempt) {
  if (attempt.text.none == 0) return;
  attempt.test(joined(pieces_of(attempt.text)), "characters in between");
}

void try_pieces(Attempt& attempt) {
  const std::vector<Values> pieces = pieces_of(attempt.text);
  const Values values = joined(pieces);
  if (values.size() != attempt.family.digits()) return;
  if (pieces.size() > 1 && pieces.size() <= kMostPieces) try_orders(attempt, pieces);
  try_cuts(attempt, values);
}

}  // namespace assay
