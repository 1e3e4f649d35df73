// A benchmark first proves that the code it times gives the right answer.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace assay {

// Ends the program with exit code 1 unless `holds`: a wrong answer has no speed.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "wrong answer, nothing is timed: %s\n", what);
  std::exit(1);
}

}  // namespace assay
