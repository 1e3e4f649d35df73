// What an incident record must be able to show of the input: which files held keys, as hashes, and
// how the run was started.
#pragma once

#include <atomic>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scanner/source.h"

namespace assay {

// The arguments of this process, the name of the program without its folder, every key in them
// redacted.
std::vector<std::string> command_line();

// The files that hold findings: noted while they come, read once more and hashed in the end. One
// thread.
class EvidenceList {
 public:
  using Open = std::function<std::unique_ptr<Reader>(const Blob& blob, Diagnostic& diagnostic)>;
  using Say = std::function<void(Diagnostic&&)>;

  // What changes from now on is not what was scanned.
  EvidenceList();

  // Of a member of an archive the archive counts; what is in no file, as of a stream, does not.
  void note(const Finding& finding);

  // Fills `summary.evidence`, in order of the path. A file that changed since the run began, or
  // cannot be read, is said and counted instead; once `stop` is true the rest is left out, and the
  // summary says that the run was interrupted.
  void gather(const Open& open, const Say& say, const std::atomic<bool>& stop,
              ScanSummary& summary) const;

 private:
  timespec begun_{};
  std::map<std::string, std::string> files_;  // what opens it, and its path as reports name it
};

}  // namespace assay
