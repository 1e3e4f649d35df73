// The only file that starts threads. One thread names the blobs and batches them into jobs, workers
// scan them (it is one of them once all are named), the caller's thread hands out what they found:
//
//   enumerate → JobQueue → workers → Outbox (back in order) → sink
//
// A large file is cut into parts that idle workers share; their findings are posted in order of the
// parts, each with the lines of the parts before it added.
#include "scanner/scan.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "scanner/blob_scan.h"
#include "scanner/job_queue.h"
#include "scanner/nested_scan.h"
#include "scanner/outbox.h"
#include "scanner/scan_crew.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kBlobsPerJob = 32;
constexpr uint64_t kPartBytes = uint64_t{4} << 20;
constexpr auto kTick = std::chrono::milliseconds(100);

// What all threads of one scan share.
struct Shared {
  Shared(const RuleSet& the_rules, const Prefilter& the_prefilter, const ScanOptions& the_options,
         const std::atomic<bool>& the_stop)
      : rules(the_rules), prefilter(the_prefilter), options(the_options), stop(the_stop) {}

  const RuleSet& rules;
  const Prefilter& prefilter;
  const ScanOptions& options;
  const std::atomic<bool>& stop;    // the caller's
  std::atomic<bool> quit{false};    // stop, or the sink threw
  std::atomic<bool> failed{false};  // a thread threw: nobody waits for what it had taken
  std::atomic<bool> cut{false};     // something was not scanned because of quit
  JobQueue jobs;
  Outbox outbox;
  std::atomic<uint64_t> blobs{0};
  std::atomic<uint64_t> bytes{0};
  std::atomic<uint64_t> members{0};  // of containers, and their bytes once decoded
  std::atomic<uint64_t> decoded{0};
  std::atomic<uint64_t> ignored{0};
  std::function<void()> all_hands;  // starts the workers; any thread, any number of times
  std::mutex stats_mutex;
  ScanStats stats;

  // Runs a thread's work; what it throws (no memory is left) ends the scan and comes out of it.
  template <typename Work>
  void guard(Work work) {
    try {
      work();
    } catch (...) {
      {
        const std::lock_guard lock(stats_mutex);
        if (thrown == nullptr) thrown = std::current_exception();
      }
      quit = failed = true;
      jobs.cancel();
      outbox.cancel();
    }
  }
  std::exception_ptr thrown;

  bool stopped() {
    if (stop.load(std::memory_order_relaxed)) quit.store(true, std::memory_order_relaxed);
    if (!quit.load(std::memory_order_relaxed)) return false;
    cut.store(true, std::memory_order_relaxed);
    return true;
  }
};

// A key in a file's name must not come out with the path.
std::shared_ptr<const Provenance> safe_provenance(const std::shared_ptr<const Provenance>& from,
                                                  Matcher& matcher) {
  std::string path = matcher.redact_disguised(redact_names(from->path));
  if (path == from->path) return from;
  auto safe = std::make_shared<Provenance>(*from);
  safe->path = std::move(path);
  return safe;
}

// Collects a job's events and posts them a batch at a time.
class Poster : public BlobSink {
 public:
  Poster(Shared& shared, uint64_t slot) : shared_(shared), slot_(slot) {}
  ~Poster() override {
    flush();
    shared_.outbox.close(slot_);
  }

  void findings(std::vector<Finding>&& findings) override {
    // In pieces, so that the outbox can hold back a window full of nothing but findings.
    constexpr size_t kPiece = 512;
    for (Finding& finding : findings) {
      events_.emplace_back(std::move(finding));
      if (events_.size() >= kPiece) flush();
    }
    flush();
  }
  void diagnostic(Diagnostic&& diagnostic) override {
    diagnostic.path = redact_names(diagnostic.path);
    events_.emplace_back(std::move(diagnostic));
  }
  bool stopped() const override { return shared_.stopped(); }

  void flush() {
    if (!events_.empty()) shared_.outbox.post(slot_, std::move(events_));
    events_.clear();
  }

 private:
  Shared& shared_;
  uint64_t slot_;
  std::vector<Event> events_;
};

// A file's parts. Parts are taken in order and posted in order: who has finished one waits for the
// ones before, which others are working on, never for one that nobody has taken.
class SharedFile : public SharedBlob {
 public:
  SharedFile(Shared& shared, BlobSink& sink, const Reader& reader, uint64_t size,
             std::shared_ptr<const Provenance> provenance)
      : shared_(shared),
        sink_(sink),
        reader_(reader),
        size_(size),
        provenance_(std::move(provenance)) {}

  bool has_parts() const override { return next_.load(std::memory_order_relaxed) < parts(); }

  // Works on parts until none is left to take.
  void help(WindowBuffer& buffer, Matcher& matcher, BlobScanStats& stats) {
    for (;;) {
      const uint64_t part = next_.fetch_add(1);
      if (part >= parts()) return;
      const uint64_t begin = part * kPartBytes;
      PartResult result;
      if (!shared_.stopped()) {
        result = scan_part(
            reader_, begin, std::min(size_, begin + kPartBytes), size_, provenance_->path, buffer,
            matcher, shared_.quit, [&](PartResult& many) { post(part, many); }, stats);
      }
      post(part, result);
      const std::lock_guard lock(mutex_);
      lines_.append(result.lines);
      ++posted_;
      turn_.notify_all();
    }
  }

  // Waits until every part is posted; then no other thread touches this object any more.
  void wait() {
    std::unique_lock lock(mutex_);
    while (!turn_.wait_for(lock, kTick, [&] { return posted_ == parts() || shared_.failed; }))
      continue;
  }

 private:
  uint64_t parts() const { return (size_ + kPartBytes - 1) / kPartBytes; }

  // Hands on what was found in the part so far, when it is the part's turn.
  void post(uint64_t part, PartResult& result) {
    {
      std::unique_lock lock(mutex_);
      while (!turn_.wait_for(lock, kTick, [&] { return posted_ == part || shared_.failed; }))
        continue;
    }
    // Nobody else posts or counts lines until this part is done.
    for (size_t i = 0; i < result.findings.size(); ++i) {
      LineCounter lines = lines_;
      lines.append(result.where[i]);
      locate(lines, result.findings[i].location);
      result.findings[i].provenance = provenance_;
    }
    if (!result.findings.empty()) sink_.findings(std::move(result.findings));
    if (result.regex_cut && !std::exchange(regex_cut_, true)) {
      sink_.diagnostic(regex_cut_diagnostic(provenance_->path));
    }
    result.findings.clear();
    result.where.clear();
  }

  Shared& shared_;
  BlobSink& sink_;
  const Reader& reader_;
  const uint64_t size_;
  const std::shared_ptr<const Provenance> provenance_;
  std::atomic<uint64_t> next_{0};
  std::mutex mutex_;
  std::condition_variable turn_;
  uint64_t posted_ = 0;
  bool regex_cut_ = false;  // told
  LineCounter lines_;       // of the parts posted; only who has the turn touches it
};

class Worker {
 public:
  explicit Worker(Shared& shared)
      : shared_(shared),
        matcher_(shared.rules, shared.prefilter,
                 {shared.options.detailed, shared.options.timed, shared.options.regex_rules}) {}

  void run() {
    for (;;) {
      JobQueue::Work work = shared_.jobs.pop();
      if (std::holds_alternative<std::monostate>(work)) break;
      if (auto* file = std::get_if<std::shared_ptr<SharedBlob>>(&work)) {
        static_cast<SharedFile&>(**file).help(buffer_, matcher_, stats_);
        count_bytes();
        continue;
      }
      run_job(std::get<Job>(work));
      shared_.jobs.done();
    }
    const std::lock_guard lock(shared_.stats_mutex);
    shared_.stats.match.add(matcher_.stats());
    shared_.stats.read_ns += stats_.read_ns;
  }

 private:
  void run_job(Job& job) {
    Poster poster(shared_, job.slot);
    for (auto& item : job.items) {
      if (auto* diagnostic = std::get_if<Diagnostic>(&item)) {
        poster.diagnostic(std::move(*diagnostic));
      } else if (!shared_.stopped()) {
        run_blob(*job.source, std::get<Blob>(item), poster);
      }
    }
  }

  void run_blob(const Source& source, const Blob& blob, Poster& poster) {
    Diagnostic failure;
    const auto reader = source.open(blob, failure);
    if (reader == nullptr) return poster.diagnostic(std::move(failure));
    const auto provenance = safe_provenance(blob.provenance, matcher_);
    post_named(provenance, poster);
    if (shared_.options.containers || shared_.options.records) {
      run_nested(source, blob, *reader, provenance, poster);
    } else {
      run_bytes(*reader, provenance, poster);
    }
    shared_.blobs.fetch_add(1, std::memory_order_relaxed);
    count_bytes();
  }

  // Rules of the user that a file breaks by its name alone: there is no secret to tell.
  void post_named(const std::shared_ptr<const Provenance>& provenance, Poster& poster) {
    if (shared_.options.regex_rules == nullptr) return;
    std::vector<Finding> findings;
    for (const Rule* rule : shared_.options.regex_rules->of_path(provenance->path)) {
      Finding finding;
      finding.rule = rule;
      finding.kind = rule->kind;
      finding.confidence = Confidence::context;
      finding.redacted = "(the file)";
      finding.provenance = provenance;
      findings.push_back(std::move(finding));
    }
    if (!findings.empty()) poster.findings(std::move(findings));
  }

  // The blob's members, if it is a container, then its own bytes.
  void run_nested(const Source& source, const Blob& blob, Reader& reader,
                  const std::shared_ptr<const Provenance>& provenance, Poster& poster) {
    if (peek_ == nullptr) peek_.reset(new char[kPeek]);
    PeekReader peeked(reader, {peek_.get(), kPeek}, [&] { return shared_.stopped(); });
    std::unique_ptr<BlobSink> own;
    if (shared_.options.containers) {
      NestedScan nested(*shared_.options.containers, shared_.options.records, shared_.rules,
                        shared_.prefilter, buffer_, matcher_);
      own = nested.scan(peeked, peeked.head(), provenance, poster);
      shared_.members.fetch_add(nested.members(), std::memory_order_relaxed);
      shared_.decoded.fetch_add(nested.decoded(), std::memory_order_relaxed);
      if (own != nullptr && !peeked.size()) {  // read to its end
        stats_.bytes += nested.streamed();
        return;
      }
    }
    BlobSink& next = own != nullptr ? *own : poster;
    const bool has_records = shared_.options.records && peeked.size();
    RecordSink sink(next, {}, provenance->path, peeked.head(), has_records ? &peeked : nullptr,
                    [&](std::string_view path) { return beside(source, blob, path); });
    run_bytes(peeked, provenance, sink);
    sink.finish();
  }

  void run_bytes(Reader& reader, const std::shared_ptr<const Provenance>& provenance,
                 BlobSink& sink) {
    const auto size = reader.size();
    if (!size || *size <= kWholeBytes) {
      return scan_blob(reader, provenance, shared_.options.detailed, buffer_, matcher_, sink,
                       stats_);
    }
    const auto file = std::make_shared<SharedFile>(shared_, sink, reader, *size, provenance);
    shared_.all_hands();  // first: if that fails, nobody has the file
    shared_.jobs.share(file);
    file->help(buffer_, matcher_, stats_);
    shared_.jobs.withdraw(file);
    file->wait();
    if (auto changed = reader.failure()) sink.diagnostic(std::move(*changed));
  }

  // Names of an export's authors are asked for with every one of its files.
  std::optional<std::string> beside(const Source& source, const Blob& blob, std::string_view path) {
    const std::string where = path_beside(blob.id, path);
    if (const auto known = beside_.find(where); known != beside_.end()) return known->second;
    if (beside_.size() >= kMostBesideKept) beside_.clear();
    return beside_[where] = source.beside(blob, path, kMostBeside);
  }

  void count_bytes() {
    shared_.bytes.fetch_add(stats_.bytes - counted_, std::memory_order_relaxed);
    counted_ = stats_.bytes;
  }

  Shared& shared_;
  Matcher matcher_;
  WindowBuffer buffer_;
  BlobScanStats stats_;
  uint64_t counted_ = 0;
  std::unique_ptr<char[]> peek_;
  static constexpr size_t kMostBesideKept = 4;
  std::map<std::string, std::optional<std::string>> beside_;
};

// Names the blobs of all sources, batched into jobs. The first job waits for a second one, or for
// the end: most scans of a few files are one job, which needs no more threads.
void enumerate(Shared& shared, std::span<const std::unique_ptr<Source>> sources) {
  Job job;
  size_t jobs = 0;
  const auto push = [&](bool now = false) {
    if (job.items.empty()) return;
    job.slot = shared.outbox.open();
    const Source* source = job.source;
    shared.jobs.push(std::move(job));
    if (++jobs > 1 || now) shared.all_hands();
    job = {};
    job.source = source;
  };
  for (const auto& source : sources) {
    job.source = source.get();
    source->enumerate({
        [&](Blob&& blob) {
          if (shared.stopped()) return false;
          // A stream may never end: nothing waits behind it in its job.
          const bool stream = blob.provenance->kind == Provenance::Kind::stream;
          if (stream) push();
          job.items.emplace_back(std::move(blob));
          if (stream || job.items.size() >= kBlobsPerJob) push(stream);
          return true;
        },
        [&](Diagnostic&& diagnostic) { job.items.emplace_back(std::move(diagnostic)); },
        [&](uint64_t count) { shared.ignored.fetch_add(count, std::memory_order_relaxed); },
    });
    push();
  }
  shared.jobs.finish();
  shared.outbox.finish();
}

// The thread that enumerates, and then works, and those that help it once there is more than a job.
// Joined whatever happens; on an exception nobody waits for anybody.
class Crew {
 public:
  Crew(Shared& shared, std::span<const std::unique_ptr<Source>> sources) : shared_(shared) {
    shared_.all_hands = [this] { start_all(); };
    first_ = std::thread([this, sources] {
      shared_.guard([&] { enumerate(shared_, sources); });
      work(true);
    });
  }
  ~Crew() {
    shared_.quit = true;
    shared_.jobs.cancel();
    shared_.outbox.cancel();
    join();
  }

  void join() {
    if (first_.joinable()) first_.join();
    // A worker may have started others: nobody does any more once all that there are have ended.
    for (size_t i = 0;; ++i) {
      std::thread next;
      {
        const std::lock_guard lock(mutex_);
        if (i == threads_.size()) return threads_.clear();
        next = std::move(threads_[i]);
      }
      next.join();
    }
  }

 private:
  void start_all() {
    const std::lock_guard lock(mutex_);
    while (workers_ < shared_.stats.threads) {
      threads_.emplace_back([this] { work(false); });
      ++workers_;
    }
  }

  // The first thread is a worker as well, but for when there are enough.
  void work(bool first) {
    shared_.guard([&] {
      if (first) {
        const std::lock_guard lock(mutex_);
        if (workers_ == shared_.stats.threads) return;
        ++workers_;
      }
      Worker(shared_).run();
    });
  }

  Shared& shared_;
  std::thread first_;
  std::mutex mutex_;
  std::vector<std::thread> threads_;
  unsigned workers_ = 0;
};

}  // namespace

ScanSummary scan(std::span<const std::unique_ptr<Source>> sources, const RuleSet& rules,
                 const Prefilter& prefilter, const ScanOptions& options, const ScanSink& sink,
                 const std::atomic<bool>& stop, ScanStats* stats) {
  Shared shared(rules, prefilter, options, stop);
  shared.stats.threads = crew_size(options.threads);
  Crew crew(shared, sources);

  ScanSummary summary;
  std::vector<Event> events;
  for (bool more = true; more;) {
    more = shared.outbox.take(events, kTick);
    for (Event& event : events) {
      if (auto* finding = std::get_if<Finding>(&event)) {
        ++summary.findings;
        sink.finding(std::move(*finding));
      } else {
        auto& diagnostic = std::get<Diagnostic>(event);
        ++summary.diagnostics;
        if (diagnostic.accepted) ++summary.accepted;
        sink.diagnostic(std::move(diagnostic));
      }
    }
    events.clear();
    if (sink.tick) sink.tick({shared.blobs, shared.bytes});
  }
  crew.join();
  if (shared.thrown != nullptr) std::rethrow_exception(shared.thrown);

  summary.blobs = shared.blobs;
  summary.bytes = shared.bytes;
  summary.members = shared.members;
  summary.decoded_bytes = shared.decoded;
  summary.ignored = shared.ignored;
  summary.interrupted = shared.cut;
  if (summary.interrupted) {
    ++summary.diagnostics;
    sink.diagnostic({Diagnostic::Kind::interrupted, "", "the scan was stopped before its end",
                     "Run it again to look at the rest."});
  }
  if (stats != nullptr) *stats = shared.stats;
  return summary;
}

}  // namespace assay
