// Windows overlap so that a key never falls between two: each anchor belongs to the window in whose
// own part it ends, and sees the same surroundings there as in the whole text.
//
//   |-- before --|-------- own --------|-- after --|
//                          |-- before --|------- own -------|-- after --|
//
// A pipe's window is scanned when it is full, or when the writer pauses: then all that has come is
// own, and anchors whose key is not whole yet wait in the matcher.
#include "scanner/blob_scan.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "rules/keys/c3id.h"
#include "scanner/line_hash.h"

namespace assay {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// How long a pipe may be silent before what has come is scanned, and how often a scan that waits
// looks whether it was stopped.
constexpr int kPauseMs = 20;
constexpr int kWaitMs = 200;

// A pipe that is never silent for long: what came first is not kept waiting longer than this.
constexpr auto kMostDelay = std::chrono::milliseconds(40);

// Past so many findings in one blob they are handed on without facts, so that memory stays bounded.
constexpr size_t kMostDetailed = 2048;

using Clock = std::chrono::steady_clock;

uint64_t since(Clock::time_point start) {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
}

// The whole blob as one text: the buffer if it still holds it all, else read again.
std::optional<std::string_view> whole_text(const WindowBuffer& buffer, const Reader& reader,
                                           std::string& storage) {
  if (buffer.base() == 0) return buffer.text();
  const auto size = reader.size();
  if (!size || *size != buffer.end() || *size > kWholeBytes) return std::nullopt;
  storage.resize(*size);
  const auto got = reader.read_at(0, storage);
  if (!got || *got != storage.size()) return std::nullopt;
  return storage;
}

void add_details(std::string_view text, std::vector<Finding>& findings) {
  auto facts = std::make_shared<BlobFacts>();
  facts->length = text.size();
  // Values that a person may have chosen could be guessed from a hash of their file or their line:
  // no hash of the one, and the other with the value masked.
  std::string masked;
  for (const Finding& finding : findings) {
    if (finding.confidence != Confidence::context) continue;
    if (masked.empty()) masked = text;
    std::fill_n(masked.begin() + static_cast<std::ptrdiff_t>(finding.location.byte_offset),
                finding.location.byte_length, '*');
  }
  if (masked.empty()) {
    const auto digest = sha256(text);
    facts->sha256 = hex({digest.data(), digest.size()}, HexCase::lower);
  }
  std::vector<uint64_t> lines;
  for (const Finding& finding : findings) lines.push_back(finding.location.line);
  const auto hashes = line_hashes(masked.empty() ? text : std::string_view(masked), lines);
  for (size_t i = 0; i < findings.size(); ++i) {
    findings[i].facts = facts;
    findings[i].line_hash = hashes[i];
  }
}

}  // namespace

void scan_window(WindowBuffer& buffer, Matcher& matcher, uint64_t own_end, bool at_end,
                 const std::shared_ptr<const Provenance>& provenance,
                 std::vector<Finding>& findings) {
  const size_t first = findings.size();
  std::vector<LineCounter> where;
  buffer.scan(matcher, own_end, at_end, provenance->path, findings, where);
  for (size_t i = first; i < findings.size(); ++i) {
    findings[i].provenance = provenance;
    locate(where[i - first], findings[i].location);
  }
}

void locate(const LineCounter& lines, Location& location) {
  location.line = lines.line();
  location.column = lines.column();
  location.utf16_column = lines.utf16_column();
}

WindowBuffer::WindowBuffer() : bytes_(new char[kCapacity]) {}

void WindowBuffer::start(uint64_t base, uint64_t own_begin) {
  size_ = 0;
  base_ = base;
  own_begin_ = static_cast<size_t>(own_begin - base);
  lines_ = {};
}

void WindowBuffer::scan(Matcher& matcher, uint64_t own_end, bool at_end, std::string_view path,
                        std::vector<Finding>& findings, std::vector<LineCounter>& where) {
  const Window window{text(), base_, own_begin_, static_cast<size_t>(own_end - base_),
                      at_end, path};
  const size_t first = findings.size();
  matcher.match(window, findings);
  own_begin_ = window.own_end;
  LineCounter lines = lines_;
  if (base_ == 0 && text().starts_with(kByteOrderMark)) lines.skip_byte_order_mark();
  size_t counted = 0;
  for (size_t i = first; i < findings.size(); ++i) {
    const auto begin = static_cast<size_t>(findings[i].location.byte_offset - base_);
    lines.advance(text().substr(counted, begin - counted));
    counted = begin;
    where.push_back(lines);
  }
}

void WindowBuffer::slide() {
  if (own_begin_ <= kWindowBefore) return;
  const size_t dropped = own_begin_ - kWindowBefore;
  lines_ = lines_to(base_ + dropped);
  std::memmove(bytes_.get(), bytes_.get() + dropped, size_ - dropped);
  size_ -= dropped;
  base_ += dropped;
  own_begin_ -= dropped;
}

LineCounter WindowBuffer::lines_to(uint64_t offset) const {
  LineCounter lines = lines_;
  lines.advance(text().substr(0, static_cast<size_t>(offset - base_)));
  if (base_ == 0 && text().starts_with(kByteOrderMark) && lines.newlines() == 0) {
    lines.skip_byte_order_mark();
  }
  return lines;
}

void scan_blob(Reader& reader, const std::shared_ptr<const Provenance>& provenance, bool detailed,
               WindowBuffer& buffer, Matcher& matcher, BlobSink& sink, BlobScanStats& stats) {
  buffer.start(0, 0);
  matcher.reset();
  std::vector<Finding> findings;
  const bool live = provenance->kind == Provenance::Kind::stream;
  auto oldest = Clock::now();  // when the first byte not yet scanned came
  bool ended = false;
  while (!ended && !sink.stopped()) {
    const bool waiting = buffer.scanned() == buffer.end();
    const auto start = Clock::now();
    const auto got = reader.read(buffer.room(), waiting ? kWaitMs : kPauseMs);
    stats.read_ns += since(start);
    buffer.filled(got.bytes);
    stats.bytes += got.bytes;
    ended = got.status == Reader::Status::end || got.status == Reader::Status::failed;
    if (waiting) oldest = Clock::now();
    const bool due = live && !buffer.full() && Clock::now() - oldest > kMostDelay;
    const bool paused = got.status == Reader::Status::idle || due;
    if (ended || paused) {
      scan_window(buffer, matcher, buffer.end(), ended, provenance, findings);
    } else if (buffer.full()) {
      scan_window(buffer, matcher, buffer.end() - kWindowAfter, false, provenance, findings);
    } else {
      continue;
    }
    if (ended) break;
    buffer.slide();
    const bool keep = detailed && !paused && findings.size() <= kMostDetailed;
    if (!findings.empty() && !keep) {
      sink.findings(std::move(findings));
      findings.clear();
      detailed = false;  // the rest of this blob cannot have what its first findings lack
    }
  }
  if (!findings.empty()) {
    std::string storage;
    if (detailed) {
      if (const auto text = whole_text(buffer, reader, storage)) add_details(*text, findings);
    }
    sink.findings(std::move(findings));
  }
  if (matcher.regex_cut()) sink.diagnostic(regex_cut_diagnostic(provenance->path));
  if (auto failure = reader.failure()) sink.diagnostic(std::move(*failure));
}

Diagnostic regex_cut_diagnostic(const std::string& path) {
  return {Diagnostic::Kind::limit, path,
          "one of your own rules matches more often in it than is told, 65,536 times in 512 KiB",
          "Make its regex more exact, or turn the rule off."};
}

PartResult scan_part(const Reader& reader, uint64_t begin, uint64_t end, uint64_t size,
                     std::string_view path, WindowBuffer& buffer, Matcher& matcher,
                     const std::atomic<bool>& stop, const std::function<void(PartResult&)>& take,
                     BlobScanStats& stats) {
  PartResult result;
  bool failed = false;  // a read: the reader's failure() tells, and the part ends there
  const uint64_t base = begin - std::min<uint64_t>(begin, kWindowBefore);
  const uint64_t need = std::min(size, end + kWindowAfter);
  buffer.start(base, begin);
  matcher.reset();
  while (!stop.load(std::memory_order_relaxed)) {
    if (buffer.end() < need) {
      // Full windows, so that what was just copied is still in the cache when it is scanned.
      const size_t most = WindowBuffer::kWindowBytes;
      auto room = buffer.room();
      room = room.first(std::min<uint64_t>({room.size(), most, need - buffer.end()}));
      const auto start = Clock::now();
      const auto got = reader.read_at(buffer.end(), room);
      stats.read_ns += since(start);
      if (!got || *got < room.size()) failed = true;
      buffer.filled(got.value_or(0));
    }
    const bool last = buffer.end() == need || failed;
    const bool at_end = failed || buffer.end() == size;
    const uint64_t own_end =
        at_end ? std::min(end, buffer.end()) : std::min(end, buffer.end() - kWindowAfter);
    buffer.scan(matcher, std::max(own_end, buffer.scanned()), at_end, path, result.findings,
                result.where);
    if (result.findings.size() > kMostFindings) take(result);
    if (last) break;
    buffer.slide();
  }
  result.regex_cut = matcher.regex_cut();
  stats.bytes += buffer.scanned() - begin;
  const uint64_t lines_end = end == size ? buffer.end() : end - kWindowBefore;
  result.lines = buffer.lines_to(std::clamp(lines_end, buffer.base(), buffer.end()));
  return result;
}

}  // namespace assay
