// The part of a SARIF log that is there before anything is scanned. It depends on the rules alone.
//
// Readers differ in what they look at: GitHub takes the severity from the rule's properties and
// shows help.markdown, DefectDojo takes the last CWE and fills message strings with at most five
// arguments, Azure DevOps wants fullName. docs/report-fields.md lists them.
#include "reports/sarif_tool.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "reports/format.h"
#include "reports/sarif_notification.h"
#include "reports/sarif_text.h"
#include "response/rotation.h"
#include "rules/version.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

struct Taxon {
  std::string_view id;
  std::string_view name;
  std::string_view text;
  std::string_view tag;
  std::string_view uri;
};

// CWE-798 last: DefectDojo takes the last one as a finding's CWE.
constexpr Taxon kTaxa[] = {
    {"CWE-312", "CleartextStorageOfSensitiveInformation",
     "Cleartext storage of sensitive information.", "external/cwe/cwe-312",
     "https://cwe.mitre.org/data/definitions/312.html"},
    {"CWE-798", "UseOfHardCodedCredentials", "Use of hard-coded credentials.",
     "external/cwe/cwe-798", "https://cwe.mitre.org/data/definitions/798.html"},
};

constexpr std::string_view kRevoke =
    "Rotate first, then clean up: removing the text does not revoke the key, and it stays in every "
    "copy and in the history.";

constexpr size_t kMostTags = 10;           // GitHub keeps as many of a rule
constexpr size_t kMostTag = 64;            // bytes
constexpr size_t kMostDescription = 1024;  // GitHub's limits, in characters
constexpr size_t kMostTitle = 255;
constexpr std::string_view kFunctions = "azure-functions";

bool is_functions(const Rule& rule) { return rule.family == kFunctions; }

// Valid UTF-8 of at most so many bytes, no character cut.
std::string bounded(std::string_view text, size_t most) {
  std::string out = valid_utf8(text);
  if (out.size() <= most) return out;
  size_t end = most - 3;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;
  return out.substr(0, end) + "…";
}

// The user's rules may have no words but their id.
std::string title_of(const Rule& rule) {
  std::string title = bounded(rule.title.empty() ? rule.id : rule.title, kMostTitle);
  while (title.ends_with('.') || title.ends_with(' ')) title.pop_back();
  return title;
}

std::string description_of(const Rule& rule) {
  return rule.description.empty() ? title_of(rule) + '.'
                                  : bounded(rule.description, kMostDescription);
}

bool is_pascal(std::string_view name) {
  const auto is = [](char c, char low, char high) { return c >= low && c <= high; };
  return !name.empty() && is(name.front(), 'A', 'Z') &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is(c, 'A', 'Z') || is(c, 'a', 'z') || is(c, '0', '9'); });
}

// Names are in Pascal case and not the id: `aws-access-token` is AwsAccessToken.
std::string name_of(const Rule& rule) {
  if (is_pascal(rule.name) && rule.name != rule.id) return rule.name;
  std::string out;
  bool upper = true;
  for (const char c : rule.id) {
    const char letter = static_cast<char>(c | 0x20);
    if (letter >= 'a' && letter <= 'z') {
      out += upper ? static_cast<char>(letter & ~0x20) : letter;
      upper = false;
    } else {
      if (c >= '0' && c <= '9') out += c;
      upper = true;
    }
  }
  if (out.empty() || (out[0] >= '0' && out[0] <= '9') || out == rule.id) out = "Rule" + out;
  return out;
}

Json text_object(std::string_view text) {
  Json out;
  out["text"] = valid_utf8(text);
  return out;
}

// Words as markdown that shows them as they are: no HTML, no links, no emphasis. Code spans stay.
std::string markdown(std::string_view words) {
  std::string out;
  bool code = false;
  for (const char c : words) {
    if (c == '`') code = !code;
    if (!code && std::string_view("<>[]*\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  if (code) out += '`';
  return out;
}

// A step is a command, or words that may end in one: "Confirm the app: az functionapp show …".
std::string markdown_step(std::string_view step) {
  size_t command = step.starts_with("az ") ? 0 : step.find(": az ");
  if (command == std::string_view::npos || step.find('`') != std::string_view::npos) {
    return markdown(step);
  }
  if (command > 0) command += 2;
  return fmt::format("{}`{}`", markdown(step.substr(0, command)), step.substr(command));
}

std::string_view scope_title(Scope scope) {
  switch (scope) {
    case Scope::host:
      return "A host key";
    case Scope::function:
      return "A key of one function";
    case Scope::app:
      return "The master key";
    case Scope::extension:
      return "A system key";
    case Scope::unknown:
      break;
  }
  return "Where it is not known what the key opens";
}

// The help of a rule, twice in one go so that the two cannot drift apart.
struct Help {
  std::string text;
  std::string markdown;
};

Help help_of(const Rule& rule) {
  Help help;
  const std::string description = description_of(rule);
  help.text = description + '\n';
  help.markdown = fmt::format("# {}\n\n{}\n", markdown(title_of(rule)), markdown(description));
  if (!rule.impact.empty()) {
    help.text += fmt::format("\nImpact: {}\n", rule.impact);
    help.markdown += fmt::format("\n**Impact.** {}\n", markdown(rule.impact));
  }
  if (!rule.rotation.empty()) {
    help.text += "\nRotate now\n";
    help.markdown += "\n## Rotate now\n";
  }
  for (const RotationSteps& steps : rule.rotation) {
    // With nothing known of the place, names stay placeholders in capitals.
    Finding place;
    place.rule = &rule;
    place.kind = rule.kind;
    place.confidence = rule.confidence;
    place.context.scope = steps.scope;
    const RotationPlan plan = rule_rotation(place);
    if (&steps == &rule.rotation.front() && !plan.summary.empty()) {
      help.text += plan.summary + "\n";
      help.markdown += "\n" + markdown(plan.summary) + "\n";
    }
    if (rule.rotation.size() > 1) {
      help.text += fmt::format("\n{}:\n", scope_title(steps.scope));
      help.markdown += fmt::format("\n### {}\n", scope_title(steps.scope));
    }
    help.markdown += '\n';
    for (size_t i = 0; i < plan.steps.size(); ++i) {
      help.text += fmt::format("{}. {}\n", i + 1, plan.steps[i]);
      help.markdown += fmt::format("{}. {}\n", i + 1, markdown_step(plan.steps[i]));
    }
  }
  help.text += fmt::format("\n{}\n", kRevoke);
  help.markdown += fmt::format("\n{}\n", kRevoke);
  return help;
}

Json relationships() {
  Json out = Json::array();
  for (size_t i = 0; i < std::size(kTaxa); ++i) {
    out.push_back(
        {{"target",
          {{"id", kTaxa[i].id}, {"index", i}, {"toolComponent", {{"name", "CWE"}, {"index", 0}}}}},
         {"kinds", Json::array({"superset"})}});
  }
  return out;
}

Json rule_properties(const Rule& rule) {
  std::set<std::string> tags = {"secret-scanning", "security"};
  if (!rule.family.empty()) tags.insert(valid_utf8(rule.family));
  for (const Taxon& taxon : kTaxa) tags.emplace(taxon.tag);
  if (rule.regex) {
    for (const std::string& tag : rule.regex->tags) {
      if (tags.size() < kMostTags && !tag.empty()) tags.insert(bounded(tag, kMostTag));
    }
  }
  Json out;
  if (!rule.precision.empty()) out["precision"] = rule.precision;
  // A string: GitHub refuses the file where it is not one that holds a number.
  if (!rule.security_severity.empty()) out["security-severity"] = rule.security_severity;
  out["tags"] = tags;
  return out;
}

Json rule_of(const Rule& rule, bool owned) {
  const Help help = help_of(rule);
  Json out;
  out["id"] = valid_utf8(rule.id);
  out["name"] = name_of(rule);
  out["shortDescription"] = text_object(title_of(rule) + ".");
  out["fullDescription"] = text_object(description_of(rule));
  out["help"] = {{"text", valid_utf8(help.text)}, {"markdown", valid_utf8(help.markdown)}};
  out["helpUri"] = rule.help_uri.empty() ? kInformationUri : std::string_view(rule.help_uri);
  out["messageStrings"]["default"] = {{"text", result_message_string(rule)}};
  if (owned) out["messageStrings"]["owned"] = {{"text", owned_message_string(rule)}};
  out["defaultConfiguration"] = {{"level", to_string(rule.level)}, {"rank", rule.rank}};
  out["relationships"] = relationships();
  out["properties"] = rule_properties(rule);
  return out;
}

}  // namespace

size_t message_arguments(const Rule& rule) {
  const size_t names = is_functions(rule) ? 4 : rule.regex ? 2 : 3;
  return names + (rule.confidence == Confidence::context ? 0 : 1);
}

std::string result_message_string(const Rule& rule) {
  std::string out = sarif_literal(title_of(rule)) + " '{0}' found in '{1}'";
  if (is_functions(rule)) {
    out += " for app '{2}', scope '{3}'. Rotate the key first, then remove it";
  } else {
    out += rule.regex ? "" : " for '{2}'";
    out += ". Rotate it first, then remove it";
  }
  if (rule.confidence == Confidence::context) return out + '.';
  return out + fmt::format("; its secret id is '{{{}}}'.", message_arguments(rule) - 1);
}

std::string owned_message_string(const Rule& rule) {
  const size_t owner = message_arguments(rule);
  return result_message_string(rule) + fmt::format(" Owner: '{{{}}}' ({{{}}}).", owner, owner + 1);
}

nlohmann::ordered_json sarif_tool(const RuleSet& rules, bool owned) {
  Json driver;
  driver["name"] = "assay";
  driver["fullName"] = fmt::format("assay {} scanner for leaked keys", kVersion);
  driver["version"] = kVersion;
  driver["semanticVersion"] = kVersion;
  driver["informationUri"] = kInformationUri;
  driver["organization"] = "assay";
  driver["shortDescription"] = text_object("Finds leaked keys and proves them.");
  driver["supportedTaxonomies"] = Json::array({{{"name", "CWE"}, {"index", 0}}});
  driver["rules"] = Json::array();
  for (const Rule& rule : rules.rules()) driver["rules"].push_back(rule_of(rule, owned));
  driver["notifications"] = sarif_notification_descriptors();
  Json tool;
  tool["driver"] = std::move(driver);
  return tool;
}

nlohmann::ordered_json sarif_taxonomies() {
  Json taxa = Json::array();
  for (const Taxon& taxon : kTaxa) {
    Json out;
    out["id"] = taxon.id;
    out["name"] = taxon.name;
    out["shortDescription"] = text_object(taxon.text);
    out["fullDescription"] = text_object(taxon.text);
    out["help"] = text_object(taxon.text);
    out["helpUri"] = taxon.uri;
    taxa.push_back(std::move(out));
  }
  Json cwe;
  cwe["name"] = "CWE";
  cwe["organization"] = "MITRE";
  cwe["informationUri"] = "https://cwe.mitre.org/";
  cwe["shortDescription"] = text_object("The MITRE Common Weakness Enumeration.");
  cwe["isComprehensive"] = false;
  cwe["taxa"] = std::move(taxa);
  return Json::array({std::move(cwe)});
}

}  // namespace assay
