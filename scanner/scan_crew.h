// Threads for work that is not blobs of a Source.
#pragma once

#include <functional>

namespace assay {

// Runs work(0) … work(threads - 1), each on a thread of its own (one of them the caller's), and
// returns when all have ended. The first exception that one throws comes out; the work of the
// others should look at a flag of the caller's to end early, which `failed` sets.
void run_crew(unsigned threads, const std::function<void(unsigned worker)>& work,
              const std::function<void()>& failed);

// Workers for `wanted` (0: one a processor).
unsigned crew_size(unsigned wanted);

}  // namespace assay
