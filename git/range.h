// The commits of a range.
#pragma once

#include <span>
#include <vector>

#include "git/object_store.h"
#include "git/oid.h"

namespace assay {

// What can be reached from `include` and not from `exclude`, as `git rev-list include… ^exclude…`.
struct Range {
  std::vector<Oid> commits;   // sorted
  std::vector<Oid> boundary;  // their parents that are not among them, sorted
  std::vector<Oid> tags;      // tag objects on the way from `include` to commits
  std::vector<Oid> blobs;     // what `include` names, also through tags, that are no commits
  std::vector<Oid> trees;     // the same
  std::vector<Oid> missing;   // commits of the range that cannot be read, sorted
  std::vector<Oid> shallow;   // commits of the range whose parents a shallow clone lacks
};

// `include` and `exclude` may name tags, also of other things. What `exclude` names need not be
// there. Looks at little more than the range, unless times of commits are badly wrong; then it may
// take a commit for one of the range that `exclude` has too, never the other way round.
Range list_range(const ObjectStore& store, std::span<const Oid> include,
                 std::span<const Oid> exclude, std::span<const Oid> shallow);

}  // namespace assay
