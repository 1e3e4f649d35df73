// Names of files and folders as texts to scan.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "git/object_store.h"
#include "git/oid.h"
#include "git/repository.h"
#include "scanner/source.h"

namespace assay {

// The parts of new paths that no commit before has at that place: `Provenance::path` is the path up
// to and with the part, which is the text.
class NewNames : public Source {
 public:
  // `paths` are new against HEAD and the heads of a merge; their folders may not be.
  NewNames(const Repository& repository, const ObjectStore& store,
           const std::vector<std::string>& paths);

  bool empty() const { return places_.empty(); }
  void enumerate(const Sink& sink) override;
  std::unique_ptr<Reader> open(const Blob& blob, Diagnostic& diagnostic) const override;

 private:
  std::vector<std::string> places_;  // sorted
};

// Turns a place in the last part of `path` into one in the whole of it.
void place_in_path(const std::string& path, Finding& finding);

// No key is shorter than this, so no shorter name holds one.
inline constexpr size_t kLeastName = 40;

}  // namespace assay
