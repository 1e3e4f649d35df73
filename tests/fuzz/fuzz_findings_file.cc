// A report that anyone may have written, read back and made into every document.
#include <nlohmann/json.hpp>

#include "reports/findings_diff.h"
#include "reports/incident.h"
#include "response/findings_file.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

using Writer = void (*)(const IncidentRecord&, std::string&, const More&);

std::string write(Writer writer, const Incident& incident, std::span<const FindingsFile> reports) {
  std::string out;
  writer({incident, reports, "Incident"}, out, [] {});
  check(is_utf8(out), "a document is UTF-8");
  check(!holds_control(out, "\n"), "a document holds no control characters");
  check(!holds_proven_key(out), "a document holds no key");
  return out;
}

void check_documents(std::span<const FindingsFile> reports) {
  const Incident incident = merge_findings(reports, {});
  uint64_t places = 0;
  for (const IncidentKey& key : incident.keys) places += key.places.size();
  check(places == incident.places && places <= reports[0].findings.size(), "places add up");
  const std::string json = write(write_incident_json, incident, reports);
  check(nlohmann::json::accept(json), "the JSON form is JSON");
  write(write_incident_markdown, incident, reports);
  const std::string html = write(write_incident_html, incident, reports);
  check(html.find("<script", html.find("<script") + 1) == std::string::npos, "one script");

  const FindingsDiff diff = compare_findings(reports[0], reports[0]);
  check(diff.places_by_change[0] == 0 && diff.places_by_change[1] == 0, "nothing is new or gone");
  std::string text;
  write_diff_text(diff, {}, text, [] {});
  check(is_utf8(text) && !holds_control(text, "\n"), "a difference acts on no terminal");
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  std::vector<assay::FindingsFile> reports;
  try {
    reports.push_back(assay::parse_findings(make_text(input), "fuzz", rules()));
  } catch (const assay::Error& error) {
    const std::string_view said = error.what();
    check(is_utf8(said) && said.ends_with('.') && said.size() < 1000, "an error is a sentence");
    return 0;
  }
  check_documents(reports);
  return 0;
}
