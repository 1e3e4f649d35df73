// Which files a run may write, and the documents of a SARIF log in parts.
//
//   out.sarif   5,001 results   out.001.sarif … out.016.sarif, and out.sarif goes
//   out.sarif   3 results       out.sarif, and out.001.sarif … of an earlier run go
#include "cli/report_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "cli/output.h"
#include "reports/sarif_parts.h"
#include "reports/sarif_run.h"
#include "rules/rule_set.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// Parts of the files, and of the exports.
constexpr size_t kMostParts = 2 * SarifParts::kParts;

struct Written {
  std::string_view flag, what;
  const std::string& path;
};

// A regular file as device and inode; one that is not there yet as its path. Both empty: neither.
using Identity = std::pair<std::pair<dev_t, ino_t>, std::string>;

Identity identity_of(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) return {};
    return {{status.st_dev, status.st_ino}, ""};
  }
  std::error_code failed;
  const auto whole = std::filesystem::absolute(path, failed);
  return {{}, failed ? path : std::filesystem::weakly_canonical(whole, failed).native()};
}

std::string shown(const std::string& path) { return redact_names(printable(path)); }

// The path behind links: parts stand beside what a link leads to, as a single report does.
std::string without_links(const std::string& path) {
  std::error_code failed;
  const auto real = std::filesystem::canonical(path, failed);
  return failed ? path : real.native();
}

// Whether a file of that name is a log of assay's: it has the head of one.
bool is_own_log(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return false;
  std::array<char, 512> head;
  const ssize_t size = read(fd, head.data(), head.size());
  close(fd);
  if (size <= 0) return false;
  const std::string_view text(head.data(), static_cast<size_t>(size));
  return text.starts_with(kSarifBegin) && text.find(R"("name":"assay")") != std::string_view::npos;
}

}  // namespace

void check_written(const WrittenFiles& files, std::span<const std::string> read) {
  const Written all[] = {{"--output", "report", files.output},
                         {"--summary", "summary", files.summary},
                         {"--write-baseline", "baseline", files.baseline}};
  std::set<Identity> known;
  for (const Written& one : all) {
    const Identity identity = one.path.empty() ? Identity() : identity_of(one.path);
    if (identity == Identity() || known.insert(identity).second) continue;
    throw Error(
        fmt::format("{} is to hold two things: the {} and another. Name another place with {}.",
                    shown(one.path), one.what, one.flag));
  }
  std::set<Identity> inputs;
  for (const std::string& path : read) {
    Identity identity = identity_of(path);
    if (identity.second.empty()) inputs.insert(std::move(identity));
  }
  const auto check = [&](const Written& one, const std::string& path) {
    const Identity identity = identity_of(path);
    if (identity == Identity() || !inputs.contains(identity)) return;
    throw Error(fmt::format(
        "The {} would replace {}, which is read in this run. Name another place with {}.", one.what,
        shown(path), one.flag));
  };
  for (const Written& one : all) {
    if (!one.path.empty()) check(one, one.path);
  }
  if (!files.parts || files.output.empty()) return;
  const std::string output = without_links(files.output);
  for (size_t i = 1; i <= kMostParts; ++i) check(all[0], part_path(output, i));
}

void write_parts(Report& report, const std::string& path,
                 std::span<const KeyFamily* const> guarded) {
  const std::string whole = without_links(path);
  std::vector<std::unique_ptr<Output>> parts;
  for (size_t i = 0; i < report.parts(); ++i) {
    parts.push_back(std::make_unique<Output>(part_path(whole, i + 1)));
    Output& output = *parts.back();
    while (report.part(i, output.buffer())) output.flush(false, guarded);
    output.flush(true, guarded);
  }
  for (const auto& part : parts) part->commit();
  // One of an earlier run would be taken for this one's.
  if (unlink(whole.c_str()) != 0 && errno != ENOENT) {
    throw Error(fmt::format("{} cannot be removed, and the log is now in parts: {}.", shown(path),
                            std::strerror(errno)));
  }
  remove_old_parts(whole, parts.size() + 1);
}

void remove_old_parts(const std::string& path, size_t first) {
  const std::string whole = without_links(path);
  for (size_t i = first; i <= kMostParts; ++i) {
    const std::string part = part_path(whole, i);
    if (!is_own_log(part) || unlink(part.c_str()) == 0) continue;
    throw Error(fmt::format("{} is a part of an earlier log and cannot be removed: {}.",
                            shown(part), std::strerror(errno)));
  }
}

SummaryFile::SummaryFile(const std::string& path) : path_(path) {
  if (path.empty()) return;
  fd_ = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd_ < 0) fail(errno);
}

SummaryFile::~SummaryFile() {
  if (fd_ >= 0) close(fd_);
}

void SummaryFile::append(std::string_view text, std::span<const KeyFamily* const> guarded) const {
  if (fd_ < 0) return;
  if (find_proven_key(text, guarded)) {
    throw Error(
        "The summary would have shown a key, so it was not written. This is a defect: please "
        "report it.");
  }
  while (!text.empty()) {
    const ssize_t count = write(fd_, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail(errno);
    text.remove_prefix(static_cast<size_t>(count));
  }
}

void SummaryFile::fail(int reason) const {
  throw Error(fmt::format("The summary cannot be written to {}: {}. Name another file.",
                          shown(path_), std::strerror(reason)));
}

}  // namespace assay
