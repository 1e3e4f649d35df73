// Reported paths are relative to where the run was started; GitHub wants them relative to the
// checkout, and an alert on any other path would never close.
//
//   root /w/orders, folder /w/orders/app
//     .env, opened as .env                    app/.env
//     orders/.env, opened as /w/orders/.env   .env
//     other/.env, opened as ../../other/.env  (nothing)
#include "reports/place_uri.h"

#include <vector>

#include "reports/record.h"
#include "reports/sarif_text.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// The parts of an absolute path, without `.` and `..`.
std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  return parts;
}

// What `file`, seen from `folder`, is called from `root` on.
std::optional<std::string> below(const std::string& root, const std::string& folder,
                                 const std::string& file) {
  const std::string whole = file.starts_with('/') ? file : folder + '/' + file;
  const std::vector<std::string_view> base = parts_of(root);
  const std::vector<std::string_view> parts = parts_of(whole);
  if (parts.size() <= base.size()) return std::nullopt;
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i < base.size()) {
      if (parts[i] != base[i]) return std::nullopt;
      continue;
    }
    out += (out.empty() ? "" : "/");
    out += parts[i];
  }
  return out;
}

}  // namespace

std::optional<std::string> log_path(const Finding& finding, const ReportOptions& options) {
  if (!finding.provenance) return std::string();
  const Provenance& from = *finding.provenance;
  if (options.sarif_profile != SarifProfile::github || finding.git) return from.path;
  if (from.kind == Provenance::Kind::stream) return std::nullopt;
  if (options.root.empty() || options.folder.empty() || from.file.empty()) return from.path;
  std::optional<std::string> path = below(options.root, options.folder, from.file);
  if (!path) return std::nullopt;
  // Behind the file's own name stands that of a member.
  return redact_names(path->append(from.path.substr(outer_path(finding).size())));
}

std::string place_uri(const Finding& finding, const ReportOptions& options) {
  return sarif_uri(log_path(finding, options).value_or(std::string()));
}

}  // namespace assay
