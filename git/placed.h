// The second look at what the search found: the chosen text for each key and path, scanned as a
// blob of that path, for line, column and context.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "git/object_reader.h"
#include "git/object_search.h"
#include "scanner/source.h"

namespace assay {

// A text to look at again.
struct PlacedText {
  std::string path;  // in the report: bytes, keys in it not yet redacted
  Oid object;        // zero: the text is the last part of `path`
  // The keys that are told of here, each with what the history says of it.
  std::map<KeyDigest, std::shared_ptr<const GitFacts>> keys;
};

// `Provenance::number` is the place in the list. Any number of threads may open; `take` is for one.
class PlacedTexts : public Source {
 public:
  PlacedTexts(const ObjectStore& store, std::vector<PlacedText> texts)
      : readers_(store), texts_(std::move(texts)), told_(texts_.size()) {}

  void enumerate(const Sink& sink) override;
  std::unique_ptr<Reader> open(const Blob& blob, Diagnostic& diagnostic) const override;

  // Completes a finding of a scan of this source. False if it is not told here: another text tells
  // of its key, or an earlier place in this one did.
  bool take(Finding& finding);

  // Keys that were not found again. After a whole scan there are none.
  size_t left() const;

 private:
  const ObjectReaders readers_;
  const std::vector<PlacedText> texts_;
  std::vector<std::set<KeyDigest>> told_;
};

}  // namespace assay
