#include "scanner/outbox.h"

#include <iterator>
#include <utility>

namespace assay {

uint64_t Outbox::open() {
  std::unique_lock lock(mutex_);
  drained_.wait(lock, [&] { return slots_.size() < kMostSlots || cancelled_; });
  slots_.emplace_back();
  return first_ + slots_.size() - 1;
}

void Outbox::post(uint64_t slot, std::vector<Event>&& events) {
  std::unique_lock lock(mutex_);
  // The first slot waits for its own events only: those the taker is about to take, whatever the
  // others hold back.
  drained_.wait(lock, [&] {
    return (slot == first_ ? slots_.front().events.size() : held_) < kMostHeld || cancelled_;
  });
  if (cancelled_) return;
  std::vector<Event>& to = slots_[slot - first_].events;
  held_ += events.size();
  to.insert(to.end(), std::make_move_iterator(events.begin()),
            std::make_move_iterator(events.end()));
  if (slot == first_) arrived_.notify_one();
}

void Outbox::close(uint64_t slot) {
  const std::lock_guard lock(mutex_);
  slots_[slot - first_].closed = true;
  // Closed slots with nothing in them need not wake the taker, but for the room they free.
  if (slot == first_) arrived_.notify_one();
}

void Outbox::finish() {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  arrived_.notify_one();
}

void Outbox::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  drained_.notify_all();
  arrived_.notify_all();
}

bool Outbox::take(std::vector<Event>& events, std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  const auto ready = [&] {
    if (cancelled_) return true;
    return slots_.empty() ? finished_ : slots_.front().closed || !slots_.front().events.empty();
  };
  arrived_.wait_for(lock, wait, ready);
  while (!slots_.empty()) {
    Slot& slot = slots_.front();
    held_ -= slot.events.size();
    events.insert(events.end(), std::make_move_iterator(slot.events.begin()),
                  std::make_move_iterator(slot.events.end()));
    slot.events.clear();
    if (!slot.closed) break;
    slots_.pop_front();
    ++first_;
  }
  drained_.notify_all();
  return !cancelled_ && (!slots_.empty() || !finished_);
}

}  // namespace assay
