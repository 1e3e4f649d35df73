// The files are opened by the source that they came from, so what may be followed then may be
// followed now. Whether a file changed since is told by its ctime, which nobody can set back; it
// may be behind the clock by the length of a tick, some milliseconds.
#include "cli/evidence.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "reports/record.h"
#include "rules/keys/c3id.h"
#include "scanner/sources/file_reader.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kPiece = 256 << 10;
constexpr size_t kMostArguments = 2 << 20;  // bytes; as many as the kernel takes

Diagnostic changed(const std::string& path) {
  return {Diagnostic::Kind::changed, path,
          "it changed while the run went on, so its hash is not that of what was scanned",
          "Scan it again when nothing writes to it."};
}

bool changed_since(const std::string& file, const timespec& begun) {
  const Descriptor opened = open_path(file, O_PATH);
  struct stat found {};
  if (!opened || fstat(opened.get(), &found) != 0) return true;
  return std::tuple(begun.tv_sec, begun.tv_nsec) <
         std::tuple(found.st_ctim.tv_sec, found.st_ctim.tv_nsec);
}

// Empty if it was stopped.
std::optional<Evidence> hash_all(Reader& reader, const std::string& path,
                                 const std::atomic<bool>& stop) {
  Evidence evidence{path, 0, {}};
  Sha256 sum;
  std::vector<char> piece(kPiece);
  while (!stop) {
    const auto [status, bytes] = reader.read(piece, -1);
    if (status != Reader::Status::data) {
      const auto digest = sum.digest();
      evidence.sha256 = hex({digest.data(), digest.size()}, HexCase::lower);
      return evidence;
    }
    sum.add({piece.data(), bytes});
    evidence.bytes += bytes;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> command_line() {
  std::vector<std::string> arguments;
  const Descriptor file = open_path("/proc/self/cmdline", O_RDONLY);
  std::string text;
  char piece[4096];
  while (file && text.size() < kMostArguments) {
    const ssize_t got = read(file.get(), piece, sizeof piece);
    if (got <= 0) break;
    text.append(piece, static_cast<size_t>(got));
  }
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\0', at), text.size());
    arguments.push_back(redact_names(std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  if (!arguments.empty()) arguments[0].erase(0, arguments[0].rfind('/') + 1);
  return arguments;
}

EvidenceList::EvidenceList() { clock_gettime(CLOCK_REALTIME, &begun_); }

void EvidenceList::note(const Finding& finding) {
  if (finding.provenance == nullptr || finding.provenance->file.empty() || finding.git) return;
  files_.try_emplace(finding.provenance->file, outer_path(finding));
}

void EvidenceList::gather(const Open& open, const Say& say, const std::atomic<bool>& stop,
                          ScanSummary& summary) const {
  for (const auto& [file, path] : files_) {
    auto provenance = std::make_shared<Provenance>();
    provenance->path = path;
    provenance->file = file;
    Diagnostic diagnostic;
    std::optional<Diagnostic> failed;
    std::optional<Evidence> evidence;
    if (const auto reader = open({provenance, file}, diagnostic)) {
      evidence = hash_all(*reader, path, stop);
      failed = reader->failure();
    } else {
      failed = std::move(diagnostic);
    }
    if (stop || (!evidence && !failed)) {
      summary.interrupted = true;
      return;
    }
    if (!failed && changed_since(file, begun_)) failed = changed(path);
    if (failed) {
      ++summary.diagnostics;
      say(std::move(*failed));
    } else {
      summary.evidence.push_back(std::move(*evidence));
    }
  }
  std::sort(summary.evidence.begin(), summary.evidence.end(),
            [](const Evidence& a, const Evidence& b) { return a.path < b.path; });
}

}  // namespace assay
