// Plans as one JSON object, indented for the person who fills in the blanks.
//
//   {"rotation_plans":1,"plans":[{"rule_id":"AZF1002","facts":{"app":"orders",…},"blanks":[…],…}]}
#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "reports/json_facts.h"
#include "reports/rotation_formats.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

// A blank is an empty value: its place is where a person writes it.
Json facts_of(const RotationPlan& plan) {
  Json out = Json::object();
  for (const FactRow& row : fact_rows()) {
    const std::string& value = plan.about.facts[row.fact];
    const bool blank =
        std::find(plan.blanks.begin(), plan.blanks.end(), row.fact) != plan.blanks.end();
    if (blank || !value.empty()) out[std::string(row.name)] = value;
  }
  return out;
}

Json blanks_of(const RotationPlan& plan) {
  Json out = Json::array();
  for (const Fact fact : plan.blanks) {
    const FactRow& row = row_of(fact);
    out.push_back({{"fact", row.name}, {"blank", row.blank}, {"meaning", row.meaning}});
  }
  return out;
}

Json step_of(const RotationStep& step) {
  Json out;
  out["kind"] = to_string(step.kind);
  out["title"] = valid_utf8(step.title);
  add_known("detail", step.detail, out);
  if (!step.commands.empty()) out["commands"] = names_of(step.commands);
  add_known("check", step.check, out);
  for (const RotationQuery& query : step.queries) {
    out["queries"].push_back({{"name", query.name}, {"kql", query.kql}});
  }
  if (step.now) out["now"] = true;
  return out;
}

Json plan_of(const RotationPlan& plan) {
  const RotationCase& about = plan.about;
  Json out;
  out["rule_id"] = valid_utf8(about.rule_id);
  add_known("title", about.title, out);
  add_known("fingerprint", about.fingerprint, out);
  add_known("redacted", about.redacted, out);
  out["confidence"] = to_string(about.confidence);
  out["kind"] = to_string(about.kind);
  out["store"] = to_string(about.store);
  if (about.in_slot) out["in_slot"] = true;
  add_known("owner", about.owner, out);
  add_known("contact", about.contact, out);
  add_known("runbook", about.runbook, out);
  if (!about.callers.empty()) out["callers"] = names_of(about.callers);
  out["places"] = names_of(about.places);
  out["place_count"] = about.place_count;
  if (about.torn) out["places_disagree"] = true;
  out["facts"] = facts_of(plan);
  out["blanks"] = blanks_of(plan);
  out["summary"] = valid_utf8(plan.summary);
  out["steps"] = Json::array();
  for (const RotationStep& step : plan.parts) out["steps"].push_back(step_of(step));
  if (plan.parts.empty()) {
    for (const std::string& step : plan.steps) {
      out["steps"].push_back({{"title", valid_utf8(step)}});
    }
  }
  return out;
}

}  // namespace

void write_rotation_json(std::span<const RotationPlan> plans, std::string& out) {
  Json json;
  json["rotation_plans"] = 1;
  json["plans"] = Json::array();
  for (const RotationPlan& plan : plans) json["plans"].push_back(plan_of(plan));
  // ASCII only: a mark of direction or a line separator stands as \uNNNN.
  out += json.dump(1, ' ', true, Json::error_handler_t::replace);
  out += '\n';
}

}  // namespace assay
