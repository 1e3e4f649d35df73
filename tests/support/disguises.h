// Every disguise in which a key may stand in a text, made from the plain one.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "rules/keys/mint.h"

namespace assay {

struct Disguise {
  std::string name;
  // Finding::encoding as it is expected, outermost first. Empty: the key stands as it is, only its
  // surroundings are disguised, or it is in the other alphabet.
  std::vector<std::string> chain;
  // What a file would hold: `text` with the key at [key_begin, key_begin + key_length), which is
  // padded and of a family with a signature, in this disguise. `text` is 7-bit, a few lines, with
  // at least a character on either side of the key in its line. The same `random` gives the same.
  std::function<std::string(const std::string& text, size_t key_begin, size_t key_length,
                            SeededRandom& random)>
      apply;
};

// All of them, in fixed order, with names of their own.
std::span<const Disguise> disguises();

}  // namespace assay
