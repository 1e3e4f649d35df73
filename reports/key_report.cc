// One key, told:
//
//   line 1: Azure Functions function key
//     Proof:        checksum holds under seed Functi00: made by Azure Functions
//     Text:         56 characters: 54 url-safe base64 digits, 2 of padding; ddd…AzFu…(56)
//     It opens:     …
//     Fingerprint:  kXWoi7chsijJZARFXuOr
//     Inventory:    app orders, function Refund, key default; owner payments
//
// No value is in it but with `reveal`.
#include "reports/key_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "reports/json_facts.h"
#include "rules/keys/c3id.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kLabel = 14;

void row(std::string_view label, std::string_view text, std::string& out) {
  if (!text.empty()) out += fmt::format("  {:<{}}{}\n", fmt::format("{}:", label), kLabel, text);
}

// A seed the way it is published: eight ASCII characters, read big-endian.
std::string seed_name(const KeySeed& seed) {
  std::string name;
  for (int shift = 56; shift >= 0; shift -= 8) name += static_cast<char>(seed.seed >> shift);
  return printable(name);
}

// The marvin families publish their seeds as text; of the others the number says nothing.
bool has_seed_name(const KeyFamily& family) {
  return family.scheme != KeyScheme::crc32_base62 && family.scheme != KeyScheme::devops_pat &&
         family.scheme != KeyScheme::none;
}

std::string_view scheme_name(KeyScheme scheme) {
  constexpr std::string_view kNames[] = {
      "identifiable", "redis", "common-annotated", "entra", "crc32", "devops-pat", "none"};
  return kNames[static_cast<size_t>(scheme)];
}

// The name that rules have for such keys: of common annotated keys the service's.
std::string_view family_of(const Inspection& key) { return family_name(*key.family, key.seed); }

// Who makes such keys, as people name it.
std::string_view service(const Inspection& key) {
  if (!key.service.empty()) return key.service;
  constexpr std::pair<std::string_view, std::string_view> kServices[] = {
      {"functions", "Azure Functions"},
      {"search", "Azure AI Search"},
      {"service-bus", "Azure Service Bus"},
      {"event-hub", "Azure Event Hubs"},
      {"azure-relay", "Azure Relay"},
      {"iot", "Azure IoT"},
      {"registry", "Azure Container Registry"},
      {"storage", "Azure Storage"},
      {"cosmos", "Azure Cosmos DB"},
      {"batch", "Azure Batch"},
      {"-ml", "Azure Machine Learning (classic)"},
      {"api-management", "Azure API Management"},
      {"redis", "Azure Cache for Redis"},
      {"event-grid", "Azure Event Grid"},
      {"entra", "Microsoft Entra"},
      {"devops", "Azure DevOps"},
      {"github", "GitHub"},
      {"npm", "npm"},
      {"nuget", "NuGet"},
      {"databricks", "Azure Databricks"},
  };
  const std::string_view family = family_of(key);
  for (const auto& [part, name] : kServices) {
    if (family.find(part) != family.npos) return name;
  }
  return family;
}

// `Azure Functions function key`. Of other services the rule's title, where it is of that kind.
std::string key_words(const Inspection& key) {
  std::string text(service(key));
  if (key.seed == nullptr) return text + " key";
  const std::string_view kind = key.seed->kind;
  const bool own = family_of(key) != "azure-functions" && key.rule != nullptr &&
                   key.rule->kind == kind && key.rule->family == family_of(key);
  // A provider that many services are: its own name says more.
  if (own && key.service.empty()) return key.rule->title;
  if (kind == "common-annotated") return text + " key";
  const bool noun = kind.ends_with("secret") || kind.ends_with("token");
  return text + fmt::format(" {}{}", kind, noun ? "" : " key");
}

std::string_view alphabet_name(const KeyFamily& family) {
  return family.alphabet == Base64Alphabet::url_safe ? "url-safe" : "standard";
}

std::string_view scope_note(const Inspection& key) {
  if (key.family == nullptr || key.seed == nullptr) return "";
  if (key.family->name == "azure-functions" && key.seed->kind == "function") {
    return " (of one function, or a host key: both share a seed)";
  }
  return "";
}

std::string title(const Inspection& key) {
  switch (key.verdict) {
    case Verdict::none:
      return "no key";
    case Verdict::context:
      return "perhaps a key, by its surroundings";
    case Verdict::shape:
      return key_words(key) + ", by its shape only";
    default:
      break;
  }
  std::string text = key_words(key);
  if (key.verdict == Verdict::repaired) text += ", damaged and put right";
  if (key.verdict == Verdict::ambiguous) text += ", damaged: ambiguous";
  if (key.verdict == Verdict::masked) {
    text += key.candidates == 1 ? ", masked and found again" : ", masked too little";
  }
  return text;
}

// Why the shape alone speaks for a key.
std::string_view unproven(const KeyFamily& family) {
  switch (family.scheme) {
    case KeyScheme::none:
      return "none: such keys hold no checksum, so anything of this form looks the same";
    case KeyScheme::common_annotated:
      return "the published checksum does not hold; the fields around the signature do";
    default:
      return "checksum does not hold under any seed: altered, made up, or damaged beyond repair";
  }
}

std::string proof_of(const Inspection& key) {
  switch (key.verdict) {
    case Verdict::none:
      return key.why;
    case Verdict::context:
      return "none: it holds no checksum, as older keys and chosen ones do not";
    case Verdict::shape:
      return std::string(unproven(*key.family));
    default:
      break;
  }
  if (key.seed == nullptr) return "checksum holds for each of the candidates";
  const std::string under =
      has_seed_name(*key.family) ? " under seed " + seed_name(*key.seed) : std::string();
  return fmt::format("checksum holds{}: made by {}, or minted to be like it", under, service(key));
}

std::string_view sample_words(const Inspection& key) {
  switch (key.sample) {
    case Inspection::Sample::published:
      return "this one was published as a sample: it opens nothing";
    case Inspection::Sample::look:
      return "what should be random is one character, or two: written by hand for a document";
    case Inspection::Sample::no:
      break;
  }
  return "";
}

std::string damage_of(const Inspection& key) {
  if (key.damage.empty()) return "";
  if (key.verdict == Verdict::masked && key.candidates > 1) {
    return fmt::format("{}; {}{} keys fit what can be read", key.damage,
                       key.counted ? "" : "about ", grouped(key.candidates));
  }
  return fmt::format(
      "{}; of {} candidates {} a checksum that holds, and {} would by chance", key.damage,
      grouped(key.tried),
      key.candidates == 1 ? "one has" : fmt::format("{} have", grouped(key.candidates)),
      chance(key.by_chance));
}

std::string limits_of(const Inspection& key) {
  const bool known = key.verdict == Verdict::repaired || key.verdict == Verdict::masked;
  if (known || !key.cut_short) return "";
  return "not all look-alikes and cases of letters were tried: there are too many";
}

bool is_base64(const KeyFamily& family) { return family.is_marvin_base64(); }

std::string shape_of(const Inspection& key) {
  if (key.family == nullptr) {
    return key.key.empty() ? "" : fmt::format("{} characters", key.key.size());
  }
  const KeyFamily& family = *key.family;
  std::string text = fmt::format("{} characters: ", family.digits() + family.padding());
  if (is_base64(family)) {
    text += fmt::format("{} {} base64 digits", family.digits(), alphabet_name(family));
  } else if (family.signature.empty()) {
    text += "base-32 digits with a checksum among them";
  } else {
    text += fmt::format("{} at {}", family.signature, family.signature_at);
  }
  if (family.padding() > 0) text += fmt::format(", {} of padding", family.padding());
  if (!key.key.empty()) text += fmt::format("; {}", printable(key.key.redacted(family.signature)));
  return text;
}

// Nobody chose these, so their hash tells nobody a value. Of `context` there is none.
std::vector<std::string> fingerprints(const Inspection& key) {
  if (key.verdict == Verdict::verified) return {c3id(key.key.reveal())};
  // A service made this one too; what its shape alone speaks for is no key of a person's choice.
  if (key.verdict == Verdict::shape && key.seed != nullptr) return {c3id(key.key.reveal())};
  std::vector<std::string> ids;
  for (const Repaired& one : key.keys) ids.push_back(c3id(one.key.reveal()));
  return ids;
}

std::string kinds_of_candidates(const Inspection& key) {
  std::string text;
  if (key.candidates < 2) return text;
  for (const Repaired& one : key.keys) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", one.seed->kind, c3id(one.key.reveal()));
  }
  if (key.candidates > key.keys.size()) text += text.empty() ? "" : ", …";
  return text;
}

const InventoryEntry* entry_of(const Inspection& key, const KeyReportOptions& options) {
  if (options.inventory == nullptr) return nullptr;
  for (const std::string& id : fingerprints(key)) {
    if (const InventoryEntry* entry = options.inventory->find(id)) return entry;
  }
  if (!key.key.empty()) {
    // A value that a person may have chosen.
    return options.inventory->find(options.inventory->chosen_id(key.key.reveal()));
  }
  return nullptr;
}

std::string entry_words(const InventoryEntry& entry) {
  std::string text;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, printable(value));
  };
  if (entry.canary) text = "a canary: minted to be found, nobody uses it";
  add("app", entry.app);
  add("slot", entry.slot);
  add("function", entry.function);
  add("key", entry.key_name);
  add("owner", entry.owner);
  add("contact", entry.contact);
  add("held by", fmt::format("{}", fmt::join(entry.callers, " and ")));
  add("kept in", entry.storage);
  add("created", entry.created);
  add("last rotated", entry.last_rotated);
  add("runbook", entry.runbook);
  return text.empty() ? "an entry without facts" : text;
}

std::string inventory_words(const Inspection& key, const KeyReportOptions& options) {
  if (options.inventory == nullptr || key.verdict == Verdict::none) return "";
  if (const InventoryEntry* entry = entry_of(key, options)) {
    return (key.candidates > 1 ? "one of the candidates: " : "") + entry_words(*entry);
  }
  return fmt::format("not in {}", printable(options.inventory_name));
}

std::string joined(const std::vector<std::string_view>& encoding) {
  std::string text;
  for (const std::string_view layer : encoding) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", layer);
  }
  return text;
}

Json entry_json(const InventoryEntry& entry) {
  Json json = {{"id", entry.id}};
  add_known("app", entry.app, json);
  add_known("slot", entry.slot, json);
  add_known("function", entry.function, json);
  add_known("key_name", entry.key_name, json);
  add_known("owner", entry.owner, json);
  if (!entry.callers.empty()) json["callers"] = names_of(entry.callers);
  add_known("contact", entry.contact, json);
  add_known("storage", entry.storage, json);
  add_known("created", entry.created, json);
  add_known("last_rotated", entry.last_rotated, json);
  add_known("runbook", entry.runbook, json);
  if (entry.canary) json["canary"] = true;
  return json;
}

}  // namespace

void write_key_text(const Inspection& key, uint64_t line, const KeyReportOptions& options,
                    std::string& out) {
  out += fmt::format("line {}: {}{}\n", line, title(key), scope_note(key));
  row("Proof", proof_of(key), out);
  row("Damage", damage_of(key), out);
  row("Tried", limits_of(key), out);
  row("Text", shape_of(key), out);
  row("Made in", key.born, out);
  row("Variant", key.variant, out);
  row("Sample", sample_words(key), out);
  row("Disguise", joined(key.encoding), out);
  row("Found as", whose(key.context, key.rule != nullptr ? key.rule->family : std::string_view()),
      out);
  if (key.rule != nullptr) row("It opens", key.rule->impact, out);
  if (const auto ids = fingerprints(key); ids.size() == 1 && key.candidates < 2) {
    row("Fingerprint", ids[0], out);
  }
  row("Candidates", kinds_of_candidates(key), out);
  row("Inventory", inventory_words(key, options), out);
  if (options.reveal) {
    row("Key", printable(key.key.reveal()), out);
    if (key.candidates > 1) {
      for (const Repaired& one : key.keys) row("Candidate", one.key.reveal(), out);
    }
  }
  out += '\n';
}

void write_key_json(const Inspection& key, uint64_t line, const KeyReportOptions& options,
                    std::string& out) {
  Json json = {{"line", line}, {"verdict", to_string(key.verdict)}};
  json["understood"] = key.understood();
  if (key.family != nullptr) {
    const KeyFamily& family = *key.family;
    json["family"] = family_of(key);
    json["kind"] = key.seed != nullptr ? key.seed->kind : "unknown";
    json["service"] = service(key);
    json["scheme"] = scheme_name(family.scheme);
    json["checksum"] = key.proven()                       ? "holds"
                       : !key.keys.empty()                ? "holds for each candidate"
                       : family.scheme == KeyScheme::none ? "none"
                                                          : "does not hold";
    if (key.proven() && has_seed_name(family)) json["seed"] = seed_name(*key.seed);
    add_known("born", key.born, json);
    if (!key.variant.empty()) json["variant"] = key.variant;
    if (key.sample != Inspection::Sample::no) {
      json["sample"] = key.sample == Inspection::Sample::published ? "published" : "look";
    }
    json["text"] = {{"length", family.digits() + family.padding()},
                    {"digits", family.digits()},
                    {"padding", family.padding()}};
    if (is_base64(family)) json["text"]["alphabet"] = alphabet_name(family);
  }
  if (!key.key.empty()) {
    json["redacted"] = key.key.redacted(key.family != nullptr ? key.family->signature : "");
  }
  if (key.rule != nullptr) {
    json["rule_id"] = key.rule->id;
    json["impact"] = key.rule->impact;
  }
  const std::vector<std::string> ids = fingerprints(key);
  if (ids.size() == 1 && key.candidates < 2) json["fingerprint"] = ids[0];
  if (!key.encoding.empty()) json["encoding"] = key.encoding;
  if (Json context = json_of(key.context); !context.empty()) json["context"] = std::move(context);
  if (!key.damage.empty()) {
    Json damage = {{"what", key.damage},
                   {"masked", key.verdict == Verdict::masked},
                   {"candidates", key.candidates},
                   {"counted", key.counted},
                   {"ambiguous", key.candidates > 1},
                   {"tried", key.tried},
                   {"by_chance", key.by_chance}};
    if (key.candidates > 1) {
      damage["keys"] = Json::array();
      for (const Repaired& one : key.keys) {
        damage["keys"].push_back(
            {{"kind", one.seed->kind}, {"fingerprint", c3id(one.key.reveal())}});
      }
    }
    json["damage"] = std::move(damage);
  } else if (key.verdict == Verdict::shape || key.verdict == Verdict::none) {
    json["tried"] = key.tried;
    json["by_chance"] = key.by_chance;
    json["complete"] = !key.cut_short;
  }
  add_known("reason", key.why, json);
  if (options.inventory != nullptr) {
    const InventoryEntry* entry = entry_of(key, options);
    json["inventory"] = entry != nullptr ? entry_json(*entry) : Json(nullptr);
  }
  if (options.reveal && !key.key.empty()) json["key"] = valid_utf8(key.key.reveal());
  if (options.reveal && key.candidates > 1) {
    json["candidate_keys"] = Json::array();
    for (const Repaired& one : key.keys) json["candidate_keys"].push_back(one.key.reveal());
  }
  add_json_line(json, out);
}

}  // namespace assay
