// What a report says of a commit or tag: who, when, what about.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "git/commits.h"
#include "git/first_seen.h"
#include "git/mailmap.h"
#include "git/object_reader.h"
#include "git/repository.h"
#include "git/tree.h"
#include "scanner/finding.h"

namespace assay {

// One thread. Reads each commit once. Keys in names and subjects come out redacted. `store` and
// `commits` must outlive it.
class CommitFacts {
 public:
  CommitFacts(const Repository& repository, const ObjectStore& store, const Commits& commits);

  // Fills author, committer, time and subject from the commit of that rank.
  void tell(uint32_t rank, GitFacts& facts);

  // Fills the same and introduced_by from the commit that brought the key; nothing where that is
  // not known.
  void tell_introduced(const Sighting& sighting, GitFacts& facts);

  // Fills author and time from the tagger (old tags have none), and subject.
  void tell_tag(const Oid& tag, GitFacts& facts);

 private:
  struct Told {
    std::string author, committer, time, subject;
  };
  std::string person(const Signature& signature) const;
  ObjectStore::Reader reader_;
  const Commits& commits_;
  Mailmap mailmap_;
  std::map<uint32_t, Told> told_;
};

}  // namespace assay
