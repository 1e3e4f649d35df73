// The bytes that some stretches of a text cover.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>

#include "scanner/pattern.h"

namespace assay {

// Says in logarithmic time whether a stretch shares bytes with any that was added before: a hostile
// window has tens of thousands of matches, and to compare each with each takes seconds.
class CoveredBytes {
 public:
  void add(Span span) {
    auto at = spans_.upper_bound(span.begin);
    if (at != spans_.begin() && std::prev(at)->second >= span.begin) --at;
    while (at != spans_.end() && at->first <= span.end) {
      span = {std::min(span.begin, at->first), std::max(span.end, at->second)};
      at = spans_.erase(at);
    }
    spans_.emplace_hint(at, span.begin, span.end);
  }

  bool overlap(Span span) const {
    const auto behind = spans_.lower_bound(span.end);
    return behind != spans_.begin() && std::prev(behind)->second > span.begin;
  }

  bool hold(size_t at) const { return overlap({at, at + 1}); }

 private:
  std::map<size_t, size_t> spans_;  // begins and ends; none touches another
};

}  // namespace assay
