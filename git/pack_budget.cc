// The size of a delta's result stands in the first bytes of the delta, so only these are inflated.
#include "git/pack_budget.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "git/delta.h"

namespace assay {

namespace {

constexpr size_t kHeader = 20;  // two lengths of 9 bytes at most

// What looking at the object inflates; 0 for what cannot be read.
uint64_t size_of(const Pack& pack, const PackLayout& layout, uint32_t node, uint64_t largest) {
  PackEntry entry;
  std::string reason;
  if (!pack.read_entry(layout.offset(node), entry, reason)) return 0;
  if (!entry.is_delta()) return entry.size;
  std::array<char, kHeader> front;
  const int got = Inflater::inflate_front(pack.from(entry.data), front);
  if (got <= 0) return 0;
  std::string_view delta(front.data(), static_cast<size_t>(got));
  const auto header = read_delta_header(delta);
  return header && header->result_size <= largest ? header->result_size : 0;
}

}  // namespace

std::vector<uint8_t> beyond_budget(const Pack& pack, const PackLayout& layout,
                                   const std::function<bool(const Oid&)>& wanted, uint64_t most,
                                   uint64_t largest) {
  std::vector<uint8_t> left_out(layout.count());
  uint64_t sum = 0;
  bool any = false;
  std::vector<uint32_t> below;
  for (uint32_t root = 0; root < layout.count(); ++root) {
    if (layout.base(root) < PackLayout::kDamaged) continue;
    below.push_back(root);
    while (!below.empty()) {
      const uint32_t node = below.back();
      below.pop_back();
      const uint32_t base = layout.base(node);
      const auto children = layout.children(node);
      below.insert(below.end(), children.rbegin(), children.rend());
      if (base < PackLayout::kDamaged && left_out[base] != 0) {
        left_out[node] = 1;
        continue;
      }
      if (children.empty() && !wanted(pack.oid(layout.position(node)))) continue;
      const uint64_t size = size_of(pack, layout, node, largest);
      left_out[node] = size > most - sum;
      if (left_out[node] == 0) sum += size;
      any |= left_out[node] != 0;
    }
  }
  return any ? left_out : std::vector<uint8_t>();
}

}  // namespace assay
