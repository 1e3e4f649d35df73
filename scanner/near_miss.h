// What stands around a signature that proves no key: a damaged key, or one masked too little.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "rules/keys/identify.h"
#include "scanner/finding.h"
#include "scanner/pattern.h"

namespace assay {

// Of one place. `damage` says what it is and how sure that is.
struct NearMiss {
  Span span;
  Secret secret;            // the one key that it is, else what stands there
  std::string_view kind;    // of that key, else "unknown"
  std::string fingerprint;  // of that key, else empty
  std::shared_ptr<const Damage> damage;
};

// Judges places of one blob, or part of one. Remembers the last few, since a damaged key stands in
// a log as often as a whole one, and computes at most kMostTried others of a blob: past that what
// has the length of a damaged key is told unrepaired. One thread.
class NearMisses {
 public:
  static constexpr size_t kMostTried = 256;

  // How much behind the signature's end must be there, unless the blob ends.
  static constexpr size_t kAfter = 64;

  // Judges the text around a signature whose candidate does not stand alone with a key's length:
  // one character short or long, cut off behind the signature, or masked. The candidate that has a
  // key's length and a wrong checksum is no matter of this: see repaired.
  bool judge(const KeyFamily& family, std::string_view text, size_t signature_end, NearMiss& found);

  // Whether `key`, which has the length and signature of the family's keys and a checksum that does
  // not hold, is a damaged or masked key. Leaves `span` alone.
  bool repaired(const KeyFamily& family, std::string_view key, NearMiss& found);

  // Before each new blob, and each part of one.
  void reset();

 private:
  struct Known {
    Secret text;
    bool found = false;
    NearMiss miss;
  };
  bool judge_text(const KeyFamily& family, std::string_view key, bool costs, NearMiss& found);
  const Known& look(const KeyFamily& family, std::string_view text);
  const Known& remember(std::string_view text, bool found, NearMiss&& miss);

  static constexpr size_t kMostKnown = 32;
  std::deque<Known> known_;  // the newest first
  size_t tried_ = 0;
};

}  // namespace assay
