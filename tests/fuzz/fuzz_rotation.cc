// A file that claims to be a plan, and a finding whose names are the input's, through every format
// of rotation plans.
#include <nlohmann/json.hpp>

#include "reports/rotation_formats.h"
#include "response/rotation_file.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

std::vector<RotationInput> read_plans(std::string_view text) {
  try {
    return parse_rotation_file(text, "plan.json", rules());
  } catch (const Error&) {
    return {};
  }
}

std::vector<RotationInput> from_names(Input& input) {
  const auto all = rules().rules();
  Finding finding;
  finding.rule = &all[input.byte() % all.size()];
  finding.kind = finding.rule->kind;
  finding.confidence = finding.rule->confidence;
  finding.context.scope = static_cast<Scope>(input.byte() % 5);
  InventoryEntry entry;
  KeyContext& context = finding.context;
  for (std::string* field :
       {&context.host, &context.app, &context.slot, &context.function, &context.key_name,
        &context.carrier, &context.resource_group, &finding.fingerprint, &finding.redacted,
        &entry.storage, &entry.subscription, &entry.owner, &entry.contact}) {
    *field = input.take(input.byte() % 24);
  }
  entry.callers = {std::string(input.take(8)), std::string(input.rest())};
  return {{rotation_case(finding, &entry), finding.rule}};
}

void check_plan(const RotationPlan& plan) {
  for (const FactRow& row : fact_rows()) {
    const std::string& value = plan.about.facts[row.fact];
    check(value.empty() || is_valid(row.fact, value), "a fact is a name that can be one");
  }
  for (const RotationStep& step : plan.parts) {
    for (const std::string& command : step.commands) {
      check(!holds_control(command), "a command is one line");
      check(!command.starts_with('-'), "a command begins with its program");
    }
  }
}

}  // namespace

int run(const uint8_t* data, size_t size) {
  Input input(data, size);
  const bool file = input.byte() % 2 == 0;
  std::vector<RotationInput> inputs = file ? read_plans(input.rest()) : from_names(input);
  std::vector<RotationPlan> plans;
  for (RotationInput& one : inputs) {
    plans.push_back(plan_rotation(std::move(one.about), one.rule));
    check_plan(plans.back());
  }
  for (const RotationFormat& format : rotation_formats()) {
    std::string out;
    format.write(plans, out);
    check(is_utf8(out), "a document is UTF-8");
    check(!holds_control(out, "\n"), "a document has no control characters");
    if (format.name != "json") continue;
    const auto again = parse_rotation_file(out, "plan.json", rules());
    check(again.size() == plans.size(), "what was written is read again");
  }
  return 0;
}

}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return assay::fuzz::run(data, size);
}
