// The files that a scanning command writes beside its report on standard output.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/format.h"
#include "rules/keys/identify.h"

namespace assay {

// What the flags of a run name; empty: none.
struct WrittenFiles {
  std::string output, summary, baseline;
  bool parts = false;  // the report may become several files beside `output`
};

// Throws Error if one of `files` is another one of them, or would replace one of `read`. Devices
// and FIFOs may be anything.
void check_written(const WrittenFiles& files, std::span<const std::string> read);

// Writes the documents that take the place of the one at `path`, and removes that: all of them are
// there, or on failure the one.
void write_parts(Report& report, const std::string& path,
                 std::span<const KeyFamily* const> guarded);

// Removes the parts of an earlier log at `path`, from number `first` on: they would be taken for
// this run's. Files that do not begin as a log of assay's stay.
void remove_old_parts(const std::string& path, size_t first);

// Where the summary goes: appended to, as the runners of CI want it, since other steps may have
// written there before. Opened before the scan, so that a scan is not in vain.
class SummaryFile {
 public:
  explicit SummaryFile(const std::string& path);  // empty: nowhere
  ~SummaryFile();
  SummaryFile(const SummaryFile&) = delete;
  SummaryFile& operator=(const SummaryFile&) = delete;

  // Throws Error rather than write a key of `guarded` whose checksum holds.
  void append(std::string_view text, std::span<const KeyFamily* const> guarded) const;

 private:
  [[noreturn]] void fail(int reason) const;
  const std::string path_;
  int fd_ = -1;
};

}  // namespace assay
