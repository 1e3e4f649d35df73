// The comparison of the index with some trees, folder by folder.
#pragma once

#include <string>
#include <vector>

#include "git/index_file.h"
#include "git/object_reader.h"
#include "git/repository.h"
#include "git/staged.h"

namespace assay {

struct StagedDifference {
  std::vector<StagedBlob> blobs;
  std::vector<std::string> names;
  std::vector<RemovedObject> removed;
};

// Compares with `bases`, the root trees of HEAD and of the heads being merged. What cannot be read
// is told.
StagedDifference compare_index(const IndexFile& index, const std::vector<Oid>& bases,
                               const ObjectReaders& reader, const Problems& problems);

}  // namespace assay
