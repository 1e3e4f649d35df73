// What the engine of the prefilter is, and what it makes of this processor. For assay doctor.
#pragma once

#include <string>
#include <vector>

namespace assay {

struct EngineFacts {
  std::string library;                // "Hyperscan 5.4.0"
  bool usable = false;                // the processor has what the library needs
  std::string code;                   // which of its code it runs here: "AVX2"
  std::vector<std::string> features;  // of the processor, of those that matter: "SSSE3", "AVX2"
};

EngineFacts engine_facts();

}  // namespace assay
