// Work for the workers: batches of blobs in order, and large blobs that several may share.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <variant>
#include <vector>

#include "scanner/finding.h"
#include "scanner/source.h"

namespace assay {

// Blobs and what could not be named between them, in order; one slot of the outbox.
struct Job {
  uint64_t slot = 0;
  const Source* source = nullptr;
  std::vector<std::variant<Blob, Diagnostic>> items;
};

// A large blob whose parts any idle worker may take.
class SharedBlob {
 public:
  virtual ~SharedBlob() = default;
  virtual bool has_parts() const = 0;
};

// Thread-safe. Bounded: `push` waits while kMostJobs wait.
class JobQueue {
 public:
  void push(Job&& job);
  void finish();  // nothing more will be pushed
  void cancel();  // forget what waits, wait for nobody

  // Offers a large blob to idle workers until `withdraw`.
  void share(const std::shared_ptr<SharedBlob>& blob);
  void withdraw(const std::shared_ptr<SharedBlob>& blob);

  // The next thing to do: parts of a shared blob first, for the output waits for those. Waits;
  // monostate = all is done. A worker that got a Job calls `done` after it.
  using Work = std::variant<std::monostate, Job, std::shared_ptr<SharedBlob>>;
  Work pop();
  void done();

  static constexpr size_t kMostJobs = 64;

 private:
  std::mutex mutex_;
  std::condition_variable for_workers_;
  std::condition_variable for_pusher_;
  std::deque<Job> jobs_;
  std::vector<std::shared_ptr<SharedBlob>> shared_;
  size_t running_ = 0;
  bool finished_ = false;
  bool cancelled_ = false;
};

}  // namespace assay
