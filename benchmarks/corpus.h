// The inputs of `benchmarks/run`, made from a seed. The same seed and size give the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// Where a key stands. Its value is in the input and nowhere else.
struct PlantedKey {
  std::string path;          // relative to the folder of the corpus
  uint64_t byte_offset = 0;  // of its first digit
  std::string_view kind;
  std::string_view carrier;  // how it is written there
  std::string fingerprint;   // C3ID
};

// Each function makes one input at `folder`/`name`, whose parent exists, and returns its keys by
// path and offset. Throws Error if a file cannot be written.

// A log of about `bytes` bytes, whole lines, `keys` keys in lines of their own. Every third key
// lies across a multiple of 256 KiB or of 4 MiB, the others anywhere.
std::vector<PlantedKey> make_log(const std::string& folder, const std::string& name, uint64_t bytes,
                                 size_t keys, uint64_t seed);

// A log of about 1 KB with one key in its last line.
std::vector<PlantedKey> make_small(const std::string& folder, const std::string& name,
                                   uint64_t seed);

// One JSON array of about `bytes` bytes in one line, without a line end. Keys as in make_log.
std::vector<PlantedKey> make_line(const std::string& folder, const std::string& name,
                                  uint64_t bytes, size_t keys, uint64_t seed);

// `files` source-like files in nested folders. Sizes are log-normal: median 4 KB, mean 7.5 KB. Each
// key is in a file of its own.
std::vector<PlantedKey> make_tree(const std::string& folder, const std::string& name, size_t files,
                                  size_t keys, uint64_t seed);

// Candidates with signature, length and alphabet of a key, whose checksum does not hold.
//   glued      one run of digits a file, each candidate at the end of the one before: no candidate
//              is delimited, so none may be reported. `keys` true keys stand among them.
//   delimited  one a line, quoted and padded: each is an AZF1004. No true key.
enum class Candidates { glued, delimited };
std::string candidates_text(Candidates how, size_t count, uint64_t seed);
std::vector<PlantedKey> make_candidates(const std::string& folder, const std::string& name,
                                        Candidates how, size_t files, size_t per_file, size_t keys,
                                        uint64_t seed);

}  // namespace assay
