// Which trees hold the same wanted things, so that they need not be compared.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "git/key_events.h"
#include "git/oid.h"
#include "git/tree_diff.h"

namespace assay {

// One a thread. Reads each tree about once, however many commits hold it. `filter` must outlive it.
class TreeContents {
 public:
  // `may_hold`: see SightingOptions; may be empty.
  TreeContents(TreeDiff::Read read, const WantedFilter& filter,
               std::function<bool(const Oid&)> may_hold)
      : read_(std::move(read)), filter_(filter), may_hold_(std::move(may_hold)) {}

  // Whether both trees (a zero id: the empty tree) hold the same wanted things at the same places.
  // May say no too often (where a tree cannot be read, or folders lie too deep), never yes wrongly.
  bool same(const Oid& before, const Oid& after);

 private:
  // Trees with the same wanted things have the same number, those without any have 0.
  using Number = uint32_t;
  static constexpr Number kUnknown = UINT32_MAX;
  struct Known {
    Number number = 0;
    uint32_t height = 0;  // folders below each other, at most
  };
  // What is wanted of one entry.
  struct Item {
    std::string name;
    Oid blob;
    Number folder = 0;
    friend auto operator<=>(const Item&, const Item&) = default;
  };

  Known know(const Oid& tree, const Oid& like);
  Known work_out(const Oid& tree, const Oid& like);
  bool is_like(std::string_view text, std::string_view like, Known& known);
  Known list(std::string_view text);
  bool item_of(const TreeEntry& entry, const Oid& like, Item& item, uint32_t& height);
  void forget_if_full();

  const TreeDiff::Read read_;
  const WantedFilter& filter_;
  const std::function<bool(const Oid&)> may_hold_;
  std::unordered_map<Oid, Known, OidHash> trees_;
  std::map<std::vector<Item>, Number> lists_;
  size_t items_ = 0;  // in lists_
  size_t depth_ = 0;
  uint64_t open_bytes_ = 0;
  bool given_up_ = false;
};

}  // namespace assay
