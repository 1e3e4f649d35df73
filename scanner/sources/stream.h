// Standard input, pipes and FIFOs as a source of one blob.
#pragma once

#include <memory>
#include <string>

#include "scanner/source.h"

namespace assay {

// Reads the file descriptor `fd`, which stays the caller's and stays open; `name` stands in
// reports.
std::unique_ptr<Source> open_stream(int fd, std::string name);

// A reader over a descriptor that it owns and closes, or that stays the caller's: for the file
// source when a given path is a FIFO.
std::unique_ptr<Reader> read_stream(int fd, bool owned, std::string name);

}  // namespace assay
