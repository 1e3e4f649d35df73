// The outbox and the queue of jobs: order, and who waits for whom.
#include "scanner/outbox.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <string>
#include <thread>

#include "scanner/job_queue.h"

namespace assay {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kSoon{50};
constexpr auto kLong = std::chrono::seconds(20);

std::vector<Event> events_of(std::initializer_list<const char*> names) {
  std::vector<Event> events;
  for (const char* name : names) events.emplace_back(Diagnostic{{}, name, "", ""});
  return events;
}

std::string names(const std::vector<Event>& events) {
  std::string out;
  for (const Event& event : events) out += std::get<Diagnostic>(event).path + " ";
  return out;
}

// One take that does not wait, and whether more may come.
std::string taken(Outbox& outbox, bool more = true) {
  std::vector<Event> events;
  EXPECT_EQ(outbox.take(events, milliseconds(0)), more);
  return names(events);
}

// Whether the work behind `done` still waits. A late machine makes this true wrongly, never false.
bool waits(const std::future<void>& done) {
  return done.wait_for(kSoon) == std::future_status::timeout;
}
bool ends(const std::future<void>& done) {
  return done.wait_for(kLong) == std::future_status::ready;
}

TEST(OutboxThreads, EventsComeInTheOrderOfTheSlots) {
  Outbox outbox;
  const uint64_t a = outbox.open(), b = outbox.open(), c = outbox.open();
  outbox.post(c, events_of({"c1"}));
  outbox.post(b, events_of({"b1", "b2"}));
  EXPECT_EQ(taken(outbox), "");
  outbox.post(a, events_of({"a1"}));
  EXPECT_EQ(taken(outbox), "a1 ");  // of the first slot at once
  outbox.close(c);
  outbox.post(a, events_of({"a2"}));
  EXPECT_EQ(taken(outbox), "a2 ");
  outbox.close(a);
  EXPECT_EQ(taken(outbox), "b1 b2 ");  // b is the first now
  outbox.post(b, events_of({"b3"}));
  outbox.close(b);
  EXPECT_EQ(taken(outbox), "b3 c1 ");
  outbox.finish();
  EXPECT_EQ(taken(outbox, false), "");
}

TEST(OutboxThreads, FinishedWithOpenSlotsIsNotTheEnd) {
  Outbox outbox;
  const uint64_t a = outbox.open();
  outbox.finish();
  EXPECT_EQ(taken(outbox), "");
  outbox.post(a, events_of({"a1"}));
  outbox.close(a);
  EXPECT_EQ(taken(outbox, false), "a1 ");
}

TEST(OutboxThreads, OpenWaitsWhileTooManySlotsAreOpen) {
  Outbox outbox;
  for (size_t i = 0; i < Outbox::kMostSlots; ++i) outbox.open();
  const auto opened = std::async(std::launch::async, [&] { outbox.open(); });
  EXPECT_TRUE(waits(opened));
  outbox.close(0);
  taken(outbox);
  EXPECT_TRUE(ends(opened));
}

TEST(OutboxThreads, PostWaitsWhileTooMuchIsHeldBackButNeverForTheFirstSlot) {
  Outbox outbox;
  const uint64_t a = outbox.open(), b = outbox.open();
  outbox.post(b, std::vector<Event>(Outbox::kMostHeld, Diagnostic{}));
  const auto posted = std::async(std::launch::async, [&] { outbox.post(b, events_of({"b"})); });
  EXPECT_TRUE(waits(posted));
  outbox.post(a, events_of({"a1", "a2"}));
  EXPECT_EQ(taken(outbox), "a1 a2 ");
  EXPECT_TRUE(waits(posted));
  outbox.close(a);
  taken(outbox);
  EXPECT_TRUE(ends(posted));
  outbox.close(b);
  EXPECT_EQ(taken(outbox), "b ");
}

TEST(OutboxThreads, ThatWaitsForItsTurnGoesOnWhenItsSlotBecomesTheFirst) {
  Outbox outbox;
  const uint64_t a = outbox.open(), b = outbox.open(), c = outbox.open();
  outbox.post(c, std::vector<Event>(Outbox::kMostHeld, Diagnostic{}));
  const auto posted = std::async(std::launch::async, [&] { outbox.post(b, events_of({"b"})); });
  EXPECT_TRUE(waits(posted));
  outbox.close(a);
  taken(outbox);  // still too much is held back, but b is the first now
  EXPECT_TRUE(ends(posted));
  EXPECT_EQ(taken(outbox), "b ");
}

TEST(OutboxThreads, CancelEndsEveryWait) {
  Outbox outbox;
  for (size_t i = 0; i < Outbox::kMostSlots; ++i) outbox.open();
  outbox.post(1, std::vector<Event>(Outbox::kMostHeld, Diagnostic{}));
  const auto opened = std::async(std::launch::async, [&] { outbox.open(); });
  const auto posted = std::async(std::launch::async, [&] { outbox.post(2, events_of({"x"})); });
  EXPECT_TRUE(waits(opened));
  EXPECT_TRUE(waits(posted));
  outbox.cancel();
  EXPECT_TRUE(ends(opened));
  EXPECT_TRUE(ends(posted));
}

TEST(OutboxThreads, TakeWakesWhenSomethingComes) {
  Outbox outbox;
  const uint64_t a = outbox.open();
  const auto posted = std::async(std::launch::async, [&] {
    std::this_thread::sleep_for(milliseconds(20));
    outbox.post(a, events_of({"a"}));
  });
  std::vector<Event> events;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(outbox.take(events, kLong));
  EXPECT_EQ(names(events), "a ");
  EXPECT_LT(std::chrono::steady_clock::now() - start, kLong / 2);
}

// Many workers, more events than are held: all come out, in the order of the slots.
TEST(OutboxThreads, ManyWorkersGiveOneOrder) {
  constexpr uint64_t kSlots = 3 * Outbox::kMostSlots;
  Outbox outbox;
  std::atomic<uint64_t> opened{0}, next{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      for (uint64_t slot; (slot = next++) < kSlots; outbox.close(slot)) {
        while (opened <= slot) std::this_thread::yield();
        for (int part = 0; part < 3; ++part) {
          outbox.post(slot,
                      events_of({std::to_string(slot * 3 + static_cast<uint64_t>(part)).c_str()}));
        }
      }
    });
  }
  std::thread opener([&] {
    for (uint64_t i = 0; i < kSlots; ++i, ++opened) EXPECT_EQ(outbox.open(), i);
    outbox.finish();
  });
  std::vector<Event> events;
  while (outbox.take(events, milliseconds(100))) {
  }
  opener.join();
  for (std::thread& worker : workers) worker.join();
  ASSERT_EQ(events.size(), kSlots * 3);
  for (size_t i = 0; i < events.size(); ++i) {
    ASSERT_EQ(std::get<Diagnostic>(events[i]).path, std::to_string(i));
  }
}

Job job(uint64_t slot) {
  Job made;
  made.slot = slot;
  return made;
}
uint64_t slot_of(const JobQueue::Work& work) { return std::get<Job>(work).slot; }
bool is_end(const JobQueue::Work& work) { return std::holds_alternative<std::monostate>(work); }

struct Parts : SharedBlob {
  bool has_parts() const override { return left > 0; }
  std::atomic<int> left{1};
};

TEST(JobQueueThreads, JobsComeInOrderAndThenTheEnd) {
  JobQueue queue;
  for (uint64_t i = 0; i < 3; ++i) queue.push(job(i));
  queue.finish();
  for (uint64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(slot_of(queue.pop()), i);
    queue.done();
  }
  EXPECT_TRUE(is_end(queue.pop()));
}

TEST(JobQueueThreads, PushWaitsWhileManyWait) {
  JobQueue queue;
  for (uint64_t i = 0; i < JobQueue::kMostJobs; ++i) queue.push(job(i));
  const auto pushed = std::async(std::launch::async, [&] { queue.push(job(99)); });
  EXPECT_TRUE(waits(pushed));
  EXPECT_EQ(slot_of(queue.pop()), 0u);
  EXPECT_TRUE(ends(pushed));
}

TEST(JobQueueThreads, PartsOfASharedBlobComeFirst) {
  JobQueue queue;
  queue.push(job(0));
  const auto blob = std::make_shared<Parts>();
  queue.share(blob);
  EXPECT_TRUE(std::holds_alternative<std::shared_ptr<SharedBlob>>(queue.pop()));
  blob->left = 0;
  EXPECT_EQ(slot_of(queue.pop()), 0u);
  blob->left = 1;
  queue.withdraw(blob);
  queue.done();
  queue.finish();
  EXPECT_TRUE(is_end(queue.pop()));
}

// A worker without a job stays while others run: one of them may share a large blob yet.
TEST(JobQueueThreads, IdleWorkersStayWhileAJobRuns) {
  JobQueue queue;
  queue.push(job(0));
  queue.finish();
  EXPECT_EQ(slot_of(queue.pop()), 0u);
  JobQueue::Work first, second;
  const auto helped = std::async(std::launch::async, [&] { first = queue.pop(); });
  EXPECT_TRUE(waits(helped));
  const auto blob = std::make_shared<Parts>();
  queue.share(blob);
  ASSERT_TRUE(ends(helped));
  EXPECT_TRUE(std::holds_alternative<std::shared_ptr<SharedBlob>>(first));
  queue.withdraw(blob);
  const auto ended = std::async(std::launch::async, [&] { second = queue.pop(); });
  EXPECT_TRUE(waits(ended));
  queue.done();
  ASSERT_TRUE(ends(ended));
  EXPECT_TRUE(is_end(second));
}

TEST(JobQueueThreads, CancelForgetsWhatWaitsAndEndsEveryWait) {
  JobQueue queue;
  for (uint64_t i = 0; i < JobQueue::kMostJobs; ++i) queue.push(job(i));
  const auto pushed = std::async(std::launch::async, [&] { queue.push(job(99)); });
  EXPECT_TRUE(waits(pushed));
  queue.cancel();
  EXPECT_TRUE(ends(pushed));
  EXPECT_TRUE(is_end(queue.pop()));
}

}  // namespace
}  // namespace assay
