// A text with every key in it replaced: the work of `assay redact`.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "rules/rule_set.h"
#include "scanner/prefilter.h"
#include "scanner/source.h"

namespace assay {

// Takes what comes out, in order. Whatever is thrown comes out of `redact`.
struct RedactSink {
  std::function<void(std::string_view)> write;
  std::function<void()> flush;  // the input pauses: what was written is wanted now
};

struct RedactResult {
  uint64_t bytes = 0;     // read
  uint64_t replaced = 0;  // keys, each place counted
  uint64_t distinct = 0;  // different ones, up to kMostDistinct
  bool interrupted = false;
  uint64_t held_back = 0;             // bytes not written because of that
  std::string container;              // what the input is and so was refused: "zip"; or empty
  bool mail = false;                  // it is one: what it encloses was passed as it stands
  std::optional<Diagnostic> failure;  // the reader's
  static constexpr uint64_t kMostDistinct = 1'000'000;
};

// Copies `reader` to `sink` with each finding's region replaced (redact_region.h). One thread;
// memory is bounded, whatever the input.
//
// Nothing is written while a finding still to come may cover it. Of a reader that pauses (`live`),
// all lines that have come are written then, but for the last one that has no end yet, and those
// before it whose end may be a part of a key that goes on in the next line; of a line longer than
// kWindowBefore, all but its last bytes. `name` is the input's own, for containers that only it
// tells. What is a container (container.h) is refused before anything is written, but for mails,
// whose text is redacted as any other.
// At a `stop`, what is held back is not written: it may be the begin of a key.
RedactResult redact(Reader& reader, std::string_view name, const RuleSet& rules,
                    const Prefilter& prefilter, const RedactSink& sink,
                    const std::atomic<bool>& stop);

// Where in `text`, complete lines, those begin whose end may be a part of a key that goes on behind
// them: text.size() if there are none.
size_t held_from(std::string_view text);

}  // namespace assay
