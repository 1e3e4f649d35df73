// Ctrl-C and SIGTERM, for commands that end with what they have.
#pragma once

#include <atomic>

namespace assay {

// From now on the first SIGINT or SIGTERM makes the returned flag true; a second one of the same
// kind ends the process.
const std::atomic<bool>& stop_at_signals();

}  // namespace assay
