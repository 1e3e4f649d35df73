// Deltas: whatever the instructions, the product's way makes of them what the plain way makes, byte
// for byte, and what it says was copied was copied.
//
//   byte 0, 1: length of the base   byte 2, 3: length of the result   the base   the instructions
#include <cstring>

#include "git/delta.h"
#include "tests/fuzz/fuzz.h"
#include "tests/git/plain_delta.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::Input input(data, size);
  const size_t base_size = input.below(4096);
  const size_t result_size = input.below(0x20000);
  // Of exactly their sizes, so that a sanitizer sees what is read behind them.
  const std::string_view given = input.take(base_size);
  const std::unique_ptr<char[]> base(new char[given.size()]);
  std::copy(given.begin(), given.end(), base.get());
  const std::string_view rest = input.rest();
  const std::unique_ptr<char[]> instructions(new char[rest.size()]);
  std::copy(rest.begin(), rest.end(), instructions.get());
  const std::unique_ptr<char[]> out(new char[result_size + kDeltaSlack]);
  std::memset(out.get(), '~', result_size + kDeltaSlack);

  std::vector<CopiedRange> copied;
  const bool done = apply_delta({instructions.get(), rest.size()}, {base.get(), given.size()},
                                out.get(), result_size, &copied);
  const auto expected = undo_plainly(rest, given, result_size);
  fuzz::check(done == expected.has_value(), "both ways take the same deltas");
  std::string_view header = rest;
  const auto lengths = read_delta_header(header);
  fuzz::check(!lengths || header.size() + 2 <= rest.size(), "a header has two bytes or more");
  if (!done) return 0;
  const std::string_view result(out.get(), result_size);
  fuzz::check(result == *expected, "both ways make the same text");
  size_t end = 0;
  for (const CopiedRange& range : copied) {
    fuzz::check(range.at >= end && range.size > 0, "stretches are in order");
    end = range.at + range.size;
    fuzz::check(end <= result_size && range.from + range.size <= given.size(), "they lie inside");
    fuzz::check(result.substr(range.at, range.size) == given.substr(range.from, range.size),
                "they are the base's");
  }
  return 0;
}
