// How the signature of a family looks where the text around it was encoded as a whole, or where its
// pivot is escaped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/identify.h"

namespace assay {

// What a literal of the prefilter is, and so what must be undone around it.
enum class Form : uint8_t {
  whole,      // the signature itself
  keyword,    // of a rule with a regex
  split,      // the pivot by itself, see pivots.h; no literal
  escaped,    // the pivot written `%7a`, `\u007a`, `&#122;` …
  base64,     // digits that hold nothing but the signature, or its UTF-16
  twice,      // the same of its base64: sought only in long runs
  hex,        // 417a4675, or the same of its UTF-16
  hex_bytes,  // the pivot and its neighbours as bytes: `7a 46`, `41 7a`, `0x7a`, `122,`
  wide,       // UTF-16 or UTF-32, see wide_text.h; no literal
};

// Where a literal is worth looking for. Each place that is left out makes the scan faster, and
// loses only what docs/disguises.md says.
enum class Sought : uint8_t {
  everywhere,  // in every byte
  near_runs,   // near a run of kLeastRun key characters (runs.h)
  in_lists,    // in a run of kLeastList list characters (runs.h)
};

struct SoughtLiteral {
  std::string text;
  bool caseless = false;
  Form form = Form::whole;
  // Of base64: how many digits stand between the begin of a group of four and the first of `text`.
  uint8_t phase = 0;
  Sought sought = Sought::everywhere;
};

// Whether the family's keys are sought in every disguise in every byte, also where something stands
// within the signature: those of Functions. Of others the signature itself, or what of it nobody
// escapes, is sought in every byte only where a piece of a broken key may be short.
bool sought_thoroughly(const KeyFamily& family);

// How the signature may look, itself included. Each has three characters or more; none of a family
// without a signature.
std::vector<SoughtLiteral> sought_literals(const KeyFamily& family);

// The digits of the base64 of `text`, with `shift` bytes before it, that do not depend on what
// stands around it; `phase` as above.
std::string inner_base64(std::string_view text, unsigned shift, uint8_t& phase);

}  // namespace assay
