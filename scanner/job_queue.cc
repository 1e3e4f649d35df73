#include "scanner/job_queue.h"

#include <algorithm>
#include <utility>

namespace assay {

void JobQueue::push(Job&& job) {
  std::unique_lock lock(mutex_);
  for_pusher_.wait(lock, [&] { return jobs_.size() < kMostJobs || cancelled_; });
  if (cancelled_) return;
  jobs_.push_back(std::move(job));
  for_workers_.notify_one();
}

void JobQueue::finish() {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  for_workers_.notify_all();
}

void JobQueue::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  jobs_.clear();
  for_pusher_.notify_all();
  for_workers_.notify_all();
}

void JobQueue::share(const std::shared_ptr<SharedBlob>& blob) {
  const std::lock_guard lock(mutex_);
  shared_.push_back(blob);
  for_workers_.notify_all();
}

void JobQueue::withdraw(const std::shared_ptr<SharedBlob>& blob) {
  const std::lock_guard lock(mutex_);
  std::erase(shared_, blob);
}

JobQueue::Work JobQueue::pop() {
  std::unique_lock lock(mutex_);
  std::shared_ptr<SharedBlob> offer;
  for_workers_.wait(lock, [&] {
    const auto at = std::find_if(shared_.begin(), shared_.end(),
                                 [](const auto& blob) { return blob->has_parts(); });
    if (at != shared_.end()) offer = *at;
    return offer != nullptr || !jobs_.empty() || (finished_ && running_ == 0) || cancelled_;
  });
  if (offer != nullptr) return offer;
  if (jobs_.empty()) return std::monostate();
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  ++running_;
  for_pusher_.notify_one();
  return job;
}

void JobQueue::done() {
  const std::lock_guard lock(mutex_);
  --running_;
  if (running_ == 0 && finished_ && jobs_.empty()) for_workers_.notify_all();
}

}  // namespace assay
