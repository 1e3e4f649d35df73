// Which objects of a pack are left out, where all together inflate to more than they may.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "git/oid.h"
#include "git/pack.h"
#include "git/pack_layout.h"

namespace assay {

// By index of the layout, 1 for an object that is left out; empty if none is. Adds up the sizes
// that the objects claim, bases before their deltas: what would pass `most` is left out with its
// deltas, and smaller ones behind it may still fit. Sizes over `largest` count nothing, as such
// objects are refused. Reads the head of every delta, about a microsecond each.
std::vector<uint8_t> beyond_budget(const Pack& pack, const PackLayout& layout,
                                   const std::function<bool(const Oid&)>& wanted, uint64_t most,
                                   uint64_t largest);

}  // namespace assay
