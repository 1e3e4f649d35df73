// A window slides over the input, as in blob_scan.cc; findings become edits, and the bytes between
// them are written straight from the window.
//
//   |-- before --|-------- own, scanned --------|-- after --|
//   |  written   |        ^written_     ^limit  |
//
// A finding that is still to come can begin up to kWindowBefore bytes before the own part's end, so
// that is the limit; of a pipe that pauses, the limit is where a line ends behind which no key goes
// on. Edits that reach over the limit wait.
#include "scanner/redact.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <tuple>
#include <unordered_set>
#include <vector>

#include "scanner/decoders/container.h"
#include "scanner/matcher.h"
#include "scanner/redact_region.h"
#include "scanner/runs.h"
#include "scanner/view_reader.h"

namespace assay {

namespace {

// As blob_scan.cc has them: when a pipe pauses, and how often a stop is looked for.
constexpr int kPauseMs = 20;
constexpr int kWaitMs = 200;
constexpr auto kMostDelay = std::chrono::milliseconds(40);

constexpr size_t kWindowBytes = size_t{512} << 10;
// An edit that waits may begin so far before the bytes that the next window needs.
constexpr size_t kSlack = size_t{16} << 10;
// Behind an anchor so much is enough for keys: a window of the users' rules, which are not tried
// here, has more.
constexpr size_t kAfter = 2048;
constexpr size_t kCapacity = kSlack + kWindowBefore + 2 * kWindowBytes + kAfter;

// A piece of a key that is shorter tells too little of it.
constexpr size_t kLeastPiece = 16;
// As many characters a key has.
constexpr size_t kWholeKey = 56;

using Clock = std::chrono::steady_clock;

// What may stand between a piece and its line's end: `" +`, ` \`, ` |`, `",`.
bool may_end_line(char c) {
  return std::string_view(" \t\r\"'`\\+|,.;&_()=").find(c) != std::string_view::npos;
}

// Whether a run of key characters looks like random digits and not like a name or a number.
bool looks_random(std::string_view run) {
  constexpr size_t kLooked = 64;
  run = run.substr(run.size() - std::min(run.size(), kLooked));
  const auto kind = [](char c) {
    return c >= '0' && c <= '9' ? 0 : c >= 'a' && c <= 'z' ? 1 : c >= 'A' && c <= 'Z' ? 2 : 3;
  };
  bool seen[4] = {};
  size_t changes = 0;
  for (size_t i = 0; i < run.size(); ++i) {
    seen[kind(run[i])] = true;
    changes += i > 0 && kind(run[i]) != kind(run[i - 1]);
  }
  return seen[1] && seen[2] && (seen[0] || 5 * changes >= 2 * run.size());
}

class Redactor {
 public:
  Redactor(Reader& reader, std::string_view name, const RuleSet& rules, const Prefilter& prefilter,
           const RedactSink& sink)
      : reader_(reader),
        name_(name),
        matcher_(rules, prefilter, {}),
        sink_(sink),
        bytes_(new char[kCapacity]) {}

  RedactResult run(const std::atomic<bool>& stop);

 private:
  bool step();
  bool is_refused();
  void scan(size_t own_end, bool at_end);
  void add(const Finding& finding);
  void settle();
  size_t paused_limit();
  void write_to(size_t limit);
  void slide();
  std::string_view text() const { return {bytes_.get(), size_}; }

  Reader& reader_;
  std::string_view name_;
  Matcher matcher_;
  const RedactSink& sink_;
  std::unique_ptr<char[]> bytes_;
  // Offsets in the window but for `base_`.
  size_t size_ = 0;
  size_t own_ = 0;
  size_t written_ = 0;
  uint64_t base_ = 0;

  bool opened_ = false;   // it is known to be no container
  bool settled_ = false;  // nothing came since the last pause
  Clock::time_point oldest_ = Clock::now();
  std::vector<Finding> findings_;
  std::vector<Edit> edits_;  // not written yet; offsets in the blob
  std::unordered_set<size_t> distinct_;
  RedactResult result_;
};

RedactResult Redactor::run(const std::atomic<bool>& stop) {
  bool more = true;
  while (more) {
    if (stop.load(std::memory_order_relaxed)) {
      result_.interrupted = true;
      result_.held_back = size_ - written_;
      break;
    }
    more = step();
  }
  result_.failure = reader_.failure();
  return std::move(result_);
}

// Reads once and does what is due. False at the end.
bool Redactor::step() {
  const bool waiting = own_ == size_ || settled_;
  const size_t room = std::min(kCapacity - size_, kWindowBytes);
  const auto got = reader_.read({bytes_.get() + size_, room}, waiting ? kWaitMs : kPauseMs);
  size_ += got.bytes;
  result_.bytes += got.bytes;
  if (waiting) oldest_ = Clock::now();
  if (got.bytes > 0) settled_ = false;
  const bool ended = got.status == Reader::Status::end || got.status == Reader::Status::failed;
  const bool full = size_ - own_ >= kWindowBytes + kAfter;
  const bool paused = got.status == Reader::Status::idle || Clock::now() - oldest_ > kMostDelay;
  if (!ended && !full && (!paused || settled_ || own_ == size_)) return true;
  if (!opened_ && is_refused()) return false;
  if (ended) {
    scan(size_, true);
    write_to(size_);
  } else if (full) {
    scan(size_ - kAfter, false);
    write_to(own_ - std::min(own_, kWindowBefore));
  } else {
    settled_ = true;
    write_to(paused_limit());
  }
  if (settled_ || ended) sink_.flush();
  slide();
  return !ended;
}

// Whether the input is a container; asked once, before anything is written.
bool Redactor::is_refused() {
  opened_ = true;
  const std::string_view head = text().substr(0, kContainerHead);
  ViewReader front(text());
  ContainerBudget budget({}, size_);
  const auto container = open_container(front, head, name_, budget);
  if (container == nullptr) return false;
  result_.mail = container->format() == "mail";
  if (!result_.mail) result_.container = container->format();
  return !result_.mail;
}

// Matches all that ends in (own_, own_end].
void Redactor::scan(size_t own_end, bool at_end) {
  if (own_end < own_ || (own_end == own_ && !at_end)) return;
  findings_.clear();
  matcher_.match({text(), base_, own_, own_end, at_end, name_}, findings_);
  own_ = own_end;
  if (findings_.empty()) return;
  for (const Finding& finding : findings_) add(finding);
  settle();
}

// The finding's edits, as far as their bytes are not written yet.
void Redactor::add(const Finding& finding) {
  const size_t known = edits_.size();
  redact_region(finding, text(), base_, edits_);
  std::string token;  // of a first piece that is gone
  size_t kept = known;
  for (size_t i = known; i < edits_.size(); ++i) {
    Edit& edit = edits_[i];
    if (token.empty() && i == known) token = edit.text;
    if (edit.end <= base_ + written_) continue;
    edit.begin = std::max(edit.begin, base_ + written_);
    if (kept == known && edit.text.empty()) edit.text = token;
    if (kept != i) edits_[kept] = std::move(edit);
    ++kept;
  }
  edits_.resize(kept);
  if (kept == known) return;
  ++result_.replaced;
  const bool told = !finding.fingerprint.empty();
  if (distinct_.size() < RedactResult::kMostDistinct) {
    distinct_.insert(std::hash<std::string_view>{}(told ? std::string_view(finding.fingerprint)
                                                        : finding.secret.reveal()));
  }
  result_.distinct = distinct_.size();
}

// Puts the edits in order, one for each byte: of two that share bytes, one remains, with the token
// that says more.
void Redactor::settle() {
  std::sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) {
    return std::tie(a.begin, a.end, a.text) < std::tie(b.begin, b.end, b.text);
  });
  size_t last = 0;
  for (size_t i = 1; i < edits_.size(); ++i) {
    if (edits_[i].begin >= edits_[last].end) {
      if (++last != i) edits_[last] = std::move(edits_[i]);
      continue;
    }
    edits_[last].end = std::max(edits_[last].end, edits_[i].end);
    if (edits_[i].text.size() > edits_[last].text.size()) {
      edits_[last].text = std::move(edits_[i].text);
    }
  }
  edits_.resize(std::min(edits_.size(), last + 1));
}

// Scans what a paused pipe has brought, and says how far it may be written.
size_t Redactor::paused_limit() {
  const size_t line = text().rfind('\n') + 1;  // npos + 1 is 0
  if (size_ - line > kWindowBefore) {
    scan(size_ - kAfter, false);
    return own_ - std::min(own_, kWindowBefore);
  }
  scan(line, false);
  const size_t from = std::max(written_, line - std::min(line, kWindowBefore));
  if (line <= from) return written_;
  std::string lines(text().substr(from, line - from));
  for (const Edit& edit : edits_) {  // a key that is known goes on nowhere
    const size_t begin = std::max(static_cast<size_t>(edit.begin - base_), from);
    const size_t end = std::min(static_cast<size_t>(edit.end - base_), line);
    if (begin < end) std::fill(lines.data() + begin - from, lines.data() + end - from, '\0');
  }
  return from + held_from(lines);
}

void Redactor::write_to(size_t limit) {
  size_t done = 0;
  for (const Edit& edit : edits_) {
    const auto begin = static_cast<size_t>(edit.begin - base_);
    const auto end = static_cast<size_t>(edit.end - base_);
    if (begin >= limit || end > limit) {
      limit = std::min(limit, begin);
      break;
    }
    if (begin > written_) sink_.write(text().substr(written_, begin - written_));
    if (!edit.text.empty()) sink_.write(edit.text);
    written_ = end;
    ++done;
  }
  edits_.erase(edits_.begin(), edits_.begin() + static_cast<std::ptrdiff_t>(done));
  if (limit <= written_) return;
  sink_.write(text().substr(written_, limit - written_));
  written_ = limit;
}

// Drops what is written and no longer needed around what comes.
void Redactor::slide() {
  const size_t dropped = std::min(written_, own_ - std::min(own_, kWindowBefore));
  if (dropped == 0) return;
  std::memmove(bytes_.get(), bytes_.get() + dropped, size_ - dropped);
  size_ -= dropped;
  own_ -= dropped;
  written_ -= dropped;
  base_ += dropped;
}

}  // namespace

size_t held_from(std::string_view text) {
  size_t held = text.size();
  size_t pieces = 0;  // characters in those that are held
  for (size_t end = text.size(); end > 0;) {
    const size_t begin = end < 2 ? 0 : text.rfind('\n', end - 2) + 1;
    size_t last = end;
    while (last > begin && (text[last - 1] == '\n' || may_end_line(text[last - 1]))) --last;
    size_t first = last;
    while (first > begin && is_key_character(text[first - 1])) --first;
    const std::string_view run = text.substr(first, last - first);
    const std::string_view head = text.substr(begin, first - begin);
    const bool alone = std::all_of(head.begin(), head.end(), [](char c) {
      return may_end_line(c) || c == '>' || c == '#' || c == '*';
    });
    if (run.size() >= kLeastPiece && looks_random(run)) {
      held = begin;
      pieces += run.size();
      if (!alone && pieces >= kWholeKey) break;  // the key would begin here
    } else if (!alone) {
      break;
    }
    end = begin;
  }
  return held;
}

RedactResult redact(Reader& reader, std::string_view name, const RuleSet& rules,
                    const Prefilter& prefilter, const RedactSink& sink,
                    const std::atomic<bool>& stop) {
  return Redactor(reader, name, rules, prefilter, sink).run(stop);
}

}  // namespace assay
