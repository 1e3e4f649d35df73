// Puts what many workers find back into the order of the input.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <variant>
#include <vector>

#include "scanner/finding.h"

namespace assay {

using Event = std::variant<Finding, Diagnostic>;

// Slots in a row, one a job, opened in the order of the input. A job's events are handed out when
// every slot before it is closed, and from the first slot at once. Thread-safe.
class Outbox {
 public:
  // Opens the next slot. Waits while kMostSlots are open, unless cancelled.
  uint64_t open();

  // Adds events to a slot. Waits while too many events of later slots are held back, unless the
  // slot is the first or the outbox is cancelled.
  void post(uint64_t slot, std::vector<Event>&& events);

  // Nothing more will come for the slot.
  void close(uint64_t slot);

  // No slot will be opened any more.
  void finish();

  // Nobody takes any more: nobody waits, what is posted is dropped.
  void cancel();

  // Waits up to `wait` for events of the first slot. False: all slots are closed and empty and
  // `finish` was called, or `cancel` was.
  bool take(std::vector<Event>& events, std::chrono::milliseconds wait);

  static constexpr size_t kMostSlots = 4096;
  static constexpr size_t kMostHeld = 2048;  // events

 private:
  struct Slot {
    std::vector<Event> events;
    bool closed = false;
  };
  std::mutex mutex_;
  std::condition_variable arrived_;  // for take
  std::condition_variable drained_;  // for open and post
  std::deque<Slot> slots_;
  uint64_t first_ = 0;  // number of slots_[0]
  size_t held_ = 0;
  bool finished_ = false;
  bool cancelled_ = false;
};

}  // namespace assay
