// The difference of two reports.
//
//   new: Azure Functions master key  ddd…AzFu…(56)  R6+pDaPrTyjBTsNUJ6dj
//     + logs/app.log:12:34
//   1 key new, 0 gone, 2 still there; 3 places new, 1 gone, 5 still there.
#include "reports/findings_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "reports/json_facts.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;
constexpr size_t kShown = 20;  // places of a key and a kind of change

void add_places(std::string_view mark, const std::vector<const ToldFinding*>& places,
                std::string& out) {
  for (size_t i = 0; i < std::min(places.size(), kShown); ++i) {
    const Finding& finding = places[i]->finding;
    out += fmt::format("  {} {}:{}:{}\n", mark, printable(finding.provenance->path),
                       finding.location.line, finding.location.column);
  }
  if (places.size() > kShown) {
    out += fmt::format("  {} … and {}: use --format jsonl\n", mark,
                       counted(places.size() - kShown, "more place"));
  }
}

std::string title_of(const ToldFinding& told) {
  return printable(told.finding.rule != nullptr ? told.finding.rule->title : told.rule_id);
}

Json places_json(const std::vector<const ToldFinding*>& places) {
  Json out = Json::array();
  for (const ToldFinding* told : places) out.push_back(location_json(told->finding));
  return out;
}

Json counts_json(const uint64_t (&counts)[3]) {
  return {{"new", counts[0]}, {"gone", counts[1]}, {"still_there", counts[2]}};
}

}  // namespace

void write_diff_text(const FindingsDiff& diff, std::span<const std::string> doubts,
                     std::string& out, const std::function<void()>& more) {
  for (const KeyChange& key : diff.keys) {
    const std::string_view name =
        key.change == Change::still_there ? "still there" : to_string(key.change);
    out += fmt::format("{}: {}  {}{}{}\n", name, title_of(*key.told),
                       printable(key.told->finding.redacted),
                       key.told->finding.fingerprint.empty() ? "" : "  ",
                       printable(key.told->finding.fingerprint));
    add_places("+", key.appeared, out);
    add_places("-", key.gone, out);
    add_places("=", key.still_there, out);
    more();
  }
  if (!diff.keys.empty()) out += '\n';
  if (diff.suppressed[0] + diff.suppressed[1] > 0) {
    out += fmt::format("Left out: {} suppressed in the old report, {} in the new one.\n",
                       grouped(diff.suppressed[0]), grouped(diff.suppressed[1]));
  }
  for (const std::string& doubt : doubts) out += "Not sure: " + printable(doubt) + "\n";
  const auto& keys = diff.keys_by_change;
  const auto& places = diff.places_by_change;
  out += fmt::format("{} new, {} gone, {} still there; {} new, {} gone, {} still there.\n",
                     counted(keys[0], "key"), grouped(keys[1]), grouped(keys[2]),
                     counted(places[0], "place"), grouped(places[1]), grouped(places[2]));
}

void write_diff_jsonl(const FindingsDiff& diff, std::span<const std::string> doubts,
                      std::string& out, const std::function<void()>& more) {
  for (const KeyChange& key : diff.keys) {
    Json line;
    line["change"] = to_string(key.change);
    add_known("fingerprint", key.told->finding.fingerprint, line);
    add_known("redacted", key.told->finding.redacted, line);
    add_known("rule_id", key.told->rule_id, line);
    line["kind"] = key.told->finding.kind;
    line["confidence"] = to_string(key.told->finding.confidence);
    line["new"] = places_json(key.appeared);
    line["gone"] = places_json(key.gone);
    line["still_there"] = places_json(key.still_there);
    add_json_line(line, out);
    more();
  }
  Json facts;
  facts["complete"] = doubts.empty();
  facts["problems"] = names_of({doubts.begin(), doubts.end()});
  facts["keys"] = counts_json(diff.keys_by_change);
  facts["places"] = counts_json(diff.places_by_change);
  if (diff.suppressed[0] + diff.suppressed[1] > 0) {
    facts["suppressed"] = {{"old", diff.suppressed[0]}, {"new", diff.suppressed[1]}};
  }
  Json line;
  line["summary"] = std::move(facts);
  add_json_line(line, out);
}

}  // namespace assay
