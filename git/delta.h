// Deltas of packs: a text told as pieces of another.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace assay {

// The lengths that a delta begins with (gitformat-pack, "Deltified representation").
struct DeltaHeader {
  uint64_t base_size = 0;
  uint64_t result_size = 0;
};
// Moves `delta` past its header. Empty if it is cut short or a length takes more than 63 bits.
std::optional<DeltaHeader> read_delta_header(std::string_view& delta);

// A stretch of the result that was copied: result[at, at + size) is base[from, from + size).
struct CopiedRange {
  size_t at = 0;
  size_t from = 0;
  size_t size = 0;
};

// Carries out the instructions behind the header. `out` has room for kDeltaSlack bytes more than
// `result_size`, which may be written to.
// False if an instruction reaches out of the base or the result, or the result is not filled.
// With `copied`, appends the copied stretches in order, as long as there are no more than
// kMostCopied; those that continue one another are joined.
inline constexpr size_t kDeltaSlack = 32;
inline constexpr size_t kMostCopied = size_t{1} << 20;  // 24 MiB
bool apply_delta(std::string_view instructions, std::string_view base, char* out,
                 uint64_t result_size, std::vector<CopiedRange>* copied);

}  // namespace assay
