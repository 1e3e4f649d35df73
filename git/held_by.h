// Which refs hold a commit in their history.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "git/commits.h"
#include "git/object_store.h"
#include "git/repository.h"

namespace assay {

// Asked of many sets of commits at once: `add` them all, then `find`. `store` and `commits` must
// outlive it.
class HeldBy {
 public:
  using Number = uint32_t;  // of a set

  // A ref that names no commit that is here, also through 16 tags of tags, holds nothing.
  HeldBy(const ObjectStore& store, const Commits& commits, std::span<const Ref> refs);

  // `ranks` sorted, not empty. Equal sets have one number.
  Number add(std::vector<uint32_t>&& ranks);

  // The refs whose history holds any commit of a set.
  struct Refs {
    std::vector<std::string> branches, tags;  // as in Sighting
    uint32_t branch_count = 0, tag_count = 0;
    bool reachable = false;
  };
  // By number. With `stop` set, those not done yet are empty.
  std::vector<Refs> find(unsigned threads, const std::atomic<bool>& stop) const;

 private:
  enum class Kind { branch, tag, other };
  struct Tip {
    Kind kind = Kind::other;
    std::string name;  // shortened
    uint32_t rank = 0;
  };
  struct Group;
  void find_group(const Group& group, std::vector<uint64_t>& bits, std::vector<Refs>& found) const;

  const Commits& commits_;
  std::vector<Tip> tips_;  // sorted by name
  std::map<std::vector<uint32_t>, Number> sets_;
};

}  // namespace assay
