// The index: whatever the bytes, it is refused with a sentence or read to entries that lie in order
// and a cache of trees that holds together. An input that ends in 20 zeros has no checksum to get
// past; else its own is put there.
#include "git/index_file.h"
#include "rules/keys/c3id.h"
#include "rules/rule_set.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace assay;

void read(const std::string& bytes) {
  try {
    const IndexFile index = IndexFile::parse(bytes, "index");
    const auto entries = index.entries();
    fuzz::check(entries.size() <= bytes.size() / 62, "each entry has its bytes");
    uint64_t names = 0;
    for (size_t i = 0; i < entries.size(); ++i) {
      names += entries[i].path.size();
      fuzz::check(!entries[i].path.empty(), "each entry has a path");
      fuzz::check(entries[i].path.find('\0') == std::string_view::npos, "a path has no NUL");
      fuzz::check(i == 0 || std::pair(entries[i - 1].path, entries[i - 1].stage) <
                                std::pair(entries[i].path, entries[i].stage),
                  "entries are in order");
    }
    fuzz::check(names <= bytes.size() + IndexFile::kMostNames, "names are bounded");
    const auto trees = index.cached_trees();
    for (size_t i = 0; i < trees.size(); ++i) {
      const uint64_t end = trees[i].first_child + uint64_t{trees[i].child_count};
      fuzz::check(i == 0 || end <= i, "below the root no folder holds itself");
      fuzz::check(end <= trees.size() && trees[i].first_child > 0, "children are there");
      index.child(trees[i], "src");
    }
  } catch (const Error& error) {
    fuzz::check(error.what()[0] != '\0', "what is refused has a reason");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  if (size < Oid::kSize) return 0;
  const auto digest = sha1(std::string_view(bytes).substr(0, size - Oid::kSize));
  bytes.replace(size - Oid::kSize, Oid::kSize, digest.data(), Oid::kSize);
  read(bytes);
  return 0;
}
