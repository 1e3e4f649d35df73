// What a report says of a commit: who, when, what about.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "git/commits.h"
#include "git/mailmap.h"
#include "git/object_reader.h"
#include "git/repository.h"
#include "scanner/finding.h"

namespace assay {

// One thread. Reads each commit once. Keys in names and subjects come out redacted. `store` and
// `commits` must outlive it.
class CommitFacts {
 public:
  CommitFacts(const Repository& repository, const ObjectStore& store, const Commits& commits);

  // Fills author, committer, time and subject from the commit of that rank.
  void tell(uint32_t rank, GitFacts& facts);

 private:
  struct Told {
    std::string author, committer, time, subject;
  };
  ObjectStore::Reader reader_;
  const Commits& commits_;
  Mailmap mailmap_;
  std::map<uint32_t, Told> told_;
};

}  // namespace assay
