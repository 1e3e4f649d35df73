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

std::string_view service(const KeyFamily& family) {
  return family.name == "azure-functions" ? "Azure Functions" : family.name;
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
      return fmt::format("{} key, by its shape only", service(*key.family));
    default:
      break;
  }
  std::string text(service(*key.family));
  if (key.seed != nullptr) text += fmt::format(" {}", key.seed->kind);
  text += " key";
  if (key.verdict == Verdict::repaired) text += ", damaged and put right";
  if (key.verdict == Verdict::ambiguous) text += ", damaged: ambiguous";
  if (key.verdict == Verdict::masked) {
    text += key.candidates == 1 ? ", masked and found again" : ", masked too little";
  }
  return text;
}

std::string proof_of(const Inspection& key) {
  switch (key.verdict) {
    case Verdict::none:
      return key.why;
    case Verdict::context:
      return "none: it holds no checksum, as older keys and chosen ones do not";
    case Verdict::shape:
      return "checksum does not hold under any seed: altered, made up, or damaged beyond repair";
    default:
      break;
  }
  if (key.seed == nullptr) return "checksum holds for each of the candidates";
  return fmt::format("checksum holds under seed {}: made by {}, or minted to be like it",
                     seed_name(*key.seed), service(*key.family));
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

std::string shape_of(const Inspection& key) {
  if (key.family == nullptr) {
    return key.key.empty() ? "" : fmt::format("{} characters", key.key.size());
  }
  const KeyFamily& family = *key.family;
  std::string text =
      fmt::format("{} characters: {} {} base64 digits", family.digits() + family.padding(),
                  family.digits(), alphabet_name(family));
  if (family.padding() > 0) text += fmt::format(", {} of padding", family.padding());
  if (!key.key.empty()) text += fmt::format("; {}", printable(key.key.redacted(family.signature)));
  return text;
}

// Nobody chose these, so their hash tells nobody a value. Of `context` there is none.
std::vector<std::string> fingerprints(const Inspection& key) {
  if (key.verdict == Verdict::verified) return {c3id(key.key.reveal())};
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
  row("Disguise", joined(key.encoding), out);
  row("Found as", whose(key.context), out);
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
    json["family"] = family.name;
    json["kind"] = key.seed != nullptr ? key.seed->kind : "unknown";
    json["checksum"] = key.seed != nullptr ? "holds"
                       : key.keys.empty()  ? "does not hold"
                                           : "holds for each candidate";
    if (key.seed != nullptr) json["seed"] = seed_name(*key.seed);
    json["text"] = {{"length", family.digits() + family.padding()},
                    {"digits", family.digits()},
                    {"padding", family.padding()},
                    {"alphabet", alphabet_name(family)}};
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
