// Reads plans and merged findings into cases.
//
//   {"rotation_plans":1,"plans":[{"fingerprint":"…","kind":"host","facts":{"app":"orders",…},…}]}
//
// The file may come from anywhere. It is bounded before it is parsed, and each fact passes the same
// test as one that a leak told.
#include "response/rotation_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "response/rotation_names.h"
#include "scanner/snippet.h"
#include "scanner/verify.h"

namespace assay {

namespace {

using Json = nlohmann::json;

constexpr size_t kMostBytes = 16 << 20;
constexpr int kMostDepth = 12;
constexpr size_t kMostPlans = 20'000;
constexpr size_t kMostNames = 200;
constexpr size_t kPlaces = 10;
constexpr int kVersion = 1;

bool nests_too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') ++at;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMostDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

// A text for people: what would be a key or act on a terminal is gone.
std::string shown(std::string_view text) { return redact_names(snippet_text(text)); }

class PlanReader {
 public:
  PlanReader(std::string_view name, const RuleSet& rules) : name_(shown(name)), rules_(rules) {}

  std::vector<RotationInput> read(std::string_view text) {
    if (text.size() > kMostBytes) fail("it is larger than 16 MiB", "Split it.");
    if (nests_too_deep(text)) fail("it nests too deep", kRemedy);
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) fail("it is no JSON object", kRemedy);
    const auto version = json.find("rotation_plans");
    if (version == json.end() || !version->is_number_integer() || *version != kVersion) {
      fail("it is of another version", "Write it again with this program.");
    }
    const auto plans = json.find("plans");
    if (plans == json.end() || !plans->is_array()) fail("it holds no plans", kRemedy);
    if (plans->size() > kMostPlans) fail("it holds more than 20,000 plans", "Split it.");
    std::vector<RotationInput> inputs;
    for (const Json& plan : *plans) {
      ++number_;
      if (!plan.is_object()) fail("a plan is no object", kRemedy);
      inputs.push_back(read_plan(plan));
    }
    return inputs;
  }

 private:
  static constexpr std::string_view kRemedy = "Give a plan that was written with --format json.";

  [[noreturn]] void fail(std::string_view reason, std::string_view remedy) const {
    const std::string where = number_ > 0 ? fmt::format(", plan {}", number_) : std::string();
    throw Error(
        fmt::format("{}{} could not be read as a plan: {}. {}", name_, where, reason, remedy));
  }

  static std::string text_of(const Json& object, const char* field) {
    const auto at = object.find(field);
    return at != object.end() && at->is_string() ? shown(at->get_ref<const std::string&>())
                                                 : std::string();
  }

  static std::vector<std::string> names_of(const Json& object, const char* field, size_t most) {
    std::vector<std::string> names;
    const auto at = object.find(field);
    if (at == object.end() || !at->is_array()) return names;
    for (const Json& name : *at) {
      if (name.is_string() && names.size() < most) {
        names.push_back(shown(name.get_ref<const std::string&>()));
      }
    }
    return names;
  }

  void read_facts(const Json& plan, RotationCase& about) const {
    const auto facts = plan.find("facts");
    if (facts == plan.end() || !facts->is_object()) fail("it has no facts", kRemedy);
    for (const auto& [field, value] : facts->items()) {
      const auto rows = fact_rows();
      const auto row = std::find_if(rows.begin(), rows.end(),
                                    [&](const FactRow& one) { return one.name == field; });
      if (row == rows.end() || !value.is_string()) continue;
      const std::string& text = value.get_ref<const std::string&>();
      if (text.empty() || set_fact(about, row->fact, text)) continue;
      fail(fmt::format("the value of {} cannot be one", row->name),
           fmt::format("Write there {}, or leave it empty.", row->meaning));
    }
  }

  RotationInput read_plan(const Json& plan) const {
    RotationInput input;
    RotationCase& about = input.about;
    about.rule_id = text_of(plan, "rule_id");
    input.rule = rules_.find(about.rule_id);
    if (input.rule != nullptr) about.confidence = input.rule->confidence;
    about.title = input.rule != nullptr ? input.rule->title : text_of(plan, "title");
    about.redacted = text_of(plan, "redacted");
    if (const std::string id = text_of(plan, "fingerprint"); is_fingerprint(id)) {
      about.fingerprint = id;
    }
    if (text_of(plan, "kind") == to_string(KeyKind::function_or_host)) {
      about.kind = KeyKind::function_or_host;
    }
    const auto in_slot = plan.find("in_slot");
    about.in_slot = in_slot != plan.end() && in_slot->is_boolean() && in_slot->get<bool>();
    read_facts(plan, about);
    about.callers = names_of(plan, "callers", kMostNames);
    about.owner = text_of(plan, "owner");
    about.contact = text_of(plan, "contact");
    about.runbook = text_of(plan, "runbook");
    about.places = names_of(plan, "places", kPlaces);
    const auto count = plan.find("place_count");
    about.place_count = count != plan.end() && count->is_number_unsigned() ? count->get<uint64_t>()
                                                                           : about.places.size();
    const auto torn = plan.find("places_disagree");
    about.torn = torn != plan.end() && torn->is_boolean() && torn->get<bool>();
    return input;
  }

  std::string name_;
  const RuleSet& rules_;
  size_t number_ = 0;
};

}  // namespace

std::vector<RotationInput> rotation_inputs(const Incident& incident, const Inventory* inventory) {
  std::vector<RotationInput> inputs;
  inputs.reserve(incident.keys.size());
  for (const IncidentKey& key : incident.keys) {
    Finding finding;
    finding.rule = key.rule;
    finding.kind = key.kind;
    finding.confidence = key.confidence;
    finding.redacted = key.redacted;
    finding.fingerprint = key.fingerprint;
    finding.context = key.context;
    finding.damage = key.damage;
    const InventoryEntry* entry = inventory != nullptr ? inventory->find(finding) : nullptr;
    RotationInput input{rotation_case(finding, entry), key.rule};
    RotationCase& about = input.about;
    if (about.rule_id.empty()) about.rule_id = shown(key.rule_id);
    if (about.owner.empty() && !key.owners.empty()) {
      about.owner = key.owners.front().owner.name;
      about.contact = key.owners.front().owner.contact;
      about.runbook = key.owners.front().owner.runbook;
    }
    about.torn = key.torn;
    about.places.clear();
    about.place_count = key.places.size();
    for (const IncidentPlace& place : key.places) {
      const Finding& told = place.told->finding;
      if (about.places.size() == kPlaces || !told.provenance) break;
      about.places.push_back(shown(fmt::format("{}:{}:{}", told.provenance->path,
                                               told.location.line, told.location.column)));
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

bool is_rotation_file(std::string_view text) {
  const auto skip = [&text] {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  };
  skip();
  if (!text.starts_with('{')) return false;
  text.remove_prefix(1);
  skip();
  return text.starts_with("\"rotation_plans\"");
}

std::vector<RotationInput> parse_rotation_file(std::string_view text, std::string_view name,
                                               const RuleSet& rules) {
  return PlanReader(name, rules).read(text);
}

}  // namespace assay
