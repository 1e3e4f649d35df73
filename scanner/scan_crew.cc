// A crew is made for one piece of work and joined at its end, whatever happens.
#include "scanner/scan_crew.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace assay {

unsigned crew_size(unsigned wanted) {
  return wanted != 0 ? wanted : std::max(1u, std::thread::hardware_concurrency());
}

void run_crew(unsigned threads, const std::function<void(unsigned worker)>& work,
              const std::function<void()>& failed) {
  std::mutex mutex;
  std::exception_ptr thrown;
  const auto guarded = [&](unsigned worker) {
    try {
      work(worker);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (thrown == nullptr) thrown = std::current_exception();
      failed();
    }
  };
  std::vector<std::jthread> crew;
  try {
    for (unsigned worker = 1; worker < threads; ++worker) crew.emplace_back(guarded, worker);
  } catch (...) {
    failed();  // those that run wait for one another, and one will not come
    throw;
  }
  guarded(0);
  crew.clear();  // joins
  if (thrown != nullptr) std::rethrow_exception(thrown);
}

}  // namespace assay
