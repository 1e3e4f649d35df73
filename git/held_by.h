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

  // A ref that names no commit, also through 16 tags of tags, holds nothing. One whose commit is
  // not among the commits (of a range) is followed down to them through the store.
  HeldBy(const ObjectStore& store, const Commits& commits, std::span<const Ref> refs);

  // `ranks` sorted, not empty. Equal sets have one number.
  Number add(std::vector<uint32_t>&& ranks);

  // The refs whose history holds any commit of a set.
  struct Refs {
    std::vector<std::string> branches, tags, others;  // as in Sighting
    uint32_t branch_count = 0, tag_count = 0, other_count = 0;
    bool reachable = false;
    // False: more than kMostOutside commits lie between refs and the commits of the sets. All else
    // is empty then.
    bool known = true;
  };
  // Of commits that are not among the commits: those that refs name do not count. A commit over a
  // day older than every commit of the sets is taken for none of their descendants.
  static constexpr size_t kMostOutside = 20'000;

  // By number. With `stop` set, those not done yet are empty.
  std::vector<Refs> find(unsigned threads, const std::atomic<bool>& stop) const;

 private:
  enum class Kind { branch, tag, other, head, alias };  // of a remote's HEAD: alias
  struct Tip {
    Kind kind = Kind::other;
    std::string name;  // of branches and tags shortened
    Oid oid;           // not a tag
  };
  struct Group;
  struct Outside;
  static void note(const Tip& tip, Refs& refs);
  bool follow(Outside& outside, const std::atomic<bool>& stop) const;
  void find_group(const Group& group, const Outside& outside, std::vector<uint64_t>& bits,
                  std::vector<Refs>& found) const;

  const ObjectStore& store_;
  const Commits& commits_;
  std::vector<Tip> tips_;  // sorted by name
  std::map<std::vector<uint32_t>, Number> sets_;
};

}  // namespace assay
