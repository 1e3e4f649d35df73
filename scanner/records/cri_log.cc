// Logs that a Kubernetes node keeps of containers. Where they come from stands only in the path:
//
//   var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log
//   var/log/containers/POD_NAMESPACE_CONTAINER-ID.log
//
//   2025-11-02T08:00:00.123456789Z stderr P …code=FIRSTHALF
//   2025-11-02T08:00:00.123456790Z stderr F SECONDHALF end
//
// A key that is cut over lines belongs to the line where it begins.
#include <string>
#include <vector>

#include "scanner/records/export_text.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

// The time of a line, in UTC; empty if it is none of these.
std::string line_time(std::string_view line) {
  const size_t space = line.substr(0, 40).find(' ');
  if (space == std::string_view::npos || space < 20 || line[10] != 'T') return {};
  std::string_view rest = line.substr(space + 1);
  if (!rest.starts_with("stdout ") && !rest.starts_with("stderr ")) return {};
  rest.remove_prefix(7);
  const bool tag = (rest.starts_with('F') || rest.starts_with('P')) &&
                   (rest.size() == 1 || rest[1] == ' ' || rest[1] == ':' || rest[1] == '\r');
  return tag ? utc_time(line.substr(0, space)) : std::string();
}

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(separator, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

// NAMESPACE/POD/CONTAINER, or the file's stem where the path does not say.
std::string container_of(std::string_view path) {
  const std::vector<std::string_view> folders = parts_of(path, '/');
  if (folders.size() >= 3) {
    const std::vector<std::string_view> pod = parts_of(folders[folders.size() - 3], '_');
    if (pod.size() == 3 && !pod[0].empty() && !pod[1].empty()) {
      return std::string(pod[0]) + "/" + std::string(pod[1]) + "/" +
             std::string(folders[folders.size() - 2]);
    }
  }
  const std::string_view stem = file_stem(path);
  const std::vector<std::string_view> names = parts_of(stem, '_');
  const size_t dash = names.back().rfind('-');
  if (names.size() == 3 && dash != std::string_view::npos && names[2].size() - dash == 65) {
    return std::string(names[1]) + "/" + std::string(names[0]) + "/" +
           std::string(names[2].substr(0, dash));
  }
  return std::string(stem);
}

}  // namespace

bool is_cri_log(const Export& in) {
  return !line_time(in.head.substr(0, in.head.find('\n'))).empty();
}

FoundRecords find_in_cri_log(const Export& in, Offsets offsets) {
  FoundRecords found;
  const std::string container = container_of(in.path);
  LineFinder lines(in);
  for (const uint64_t offset : offsets) {
    Record& record = found.records.emplace_back();
    const Line* line = lines.at(offset);
    if (line == nullptr) continue;
    record.time = line_time(line->text);
    if (record.time.empty()) continue;
    record.system = "cri";
    record.container = container;
  }
  found.problem = lines.problem();
  return found;
}

}  // namespace assay
