// Asks the sources in the order of how sure they are:
//
//   inventory   this key          "the inventory has this key"
//   inventory   this place        "the inventory's keys of function Refund of app orders are
//   theirs" owners      its host          "host orders-x.azurewebsites.net is
//   orders*.azurewebsites.net, …" codeowners  its path          "line 12 of .github/CODEOWNERS,
//   services/payments/"
//
// Who brought the key there is told apart: to have committed or posted it makes nobody its owner.
#include "response/owner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "scanner/decoders/restored.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr std::string_view kMember = "!/";
constexpr size_t kMostNamed = 5;    // owners that contradict each other
constexpr size_t kShownFact = 200;  // bytes

std::string clipped(std::string_view text) {
  return redact_names(text.substr(0, kShownFact)) + (text.size() > kShownFact ? "…" : "");
}

bool same_name(std::string_view a, std::string_view b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return small(x) == small(y); });
}

// The file that holds the finding. A folder's name may end in `!` too, so that only what was
// decoded is a member; a disguise is undone in place.
std::string_view file_of(const Finding& finding) {
  if (!finding.provenance || finding.provenance->kind != Provenance::Kind::file) return {};
  const std::string_view path = finding.provenance->path;
  if (finding.encoding.empty()) return path;
  for (int i = 0; i <= static_cast<int>(Undone::log_record); ++i) {
    if (finding.encoding.front() == to_string(static_cast<Undone>(i))) return path;
  }
  return path.substr(0, path.find(kMember));
}

// What the inventory says of the place of the finding.
struct PlaceAnswer {
  std::vector<const InventoryEntry*> entries;  // of the narrowest place that is known, with owners
  std::string place;                           // "function Refund of app orders"
  std::set<std::string> owners;
};

PlaceAnswer ask_place(const Inventory& inventory, const Finding& finding) {
  const KeyContext& context = finding.context;
  PlaceAnswer answer;
  std::vector<const InventoryEntry*> of_app = inventory.of_place(context);
  std::erase_if(of_app, [](const InventoryEntry* entry) { return entry->owner.empty(); });
  const auto keep = [&](auto fits) {
    answer.entries.clear();
    std::copy_if(of_app.begin(), of_app.end(), std::back_inserter(answer.entries), fits);
    return !answer.entries.empty();
  };
  const auto of_function = [&](const InventoryEntry* entry) {
    return same_name(entry->function, context.function);
  };
  answer.place = fmt::format("app {}", clipped(context.app));
  if (!context.slot.empty()) answer.place += fmt::format(", slot {}", clipped(context.slot));
  const std::string function =
      context.function.empty()
          ? std::string()
          : fmt::format("function {} of {}", clipped(context.function), answer.place);
  if (!context.key_name.empty() && keep([&](const InventoryEntry* entry) {
        return of_function(entry) && same_name(entry->key_name, context.key_name);
      })) {
    answer.place = fmt::format("key {} of {}", clipped(context.key_name),
                               function.empty() ? answer.place : function);
  } else if (!function.empty() && keep(of_function)) {
    answer.place = function;
  } else {
    answer.entries = of_app;
  }
  for (const InventoryEntry* entry : answer.entries) answer.owners.insert(entry->owner);
  return answer;
}

// The value that all entries have, or empty.
std::string shared(const std::vector<const InventoryEntry*>& entries,
                   std::string InventoryEntry::*field) {
  for (const InventoryEntry* entry : entries) {
    if (entry->*field != entries.front()->*field) return "";
  }
  return entries.front()->*field;
}

// Copies of the inventory that were merged may have told different owners of one key.
bool is_contested(const InventoryEntry& entry) {
  return std::any_of(entry.contested.begin(), entry.contested.end(),
                     [](const std::string& fact) { return fact.starts_with("owner="); });
}

Owner by_key(const InventoryEntry& entry, const Finding& finding) {
  const bool one = !finding.damage || finding.damage->candidates <= 1;
  std::string reason =
      one ? "the inventory has this key" : "the inventory has one of the keys that this may be";
  if (is_contested(entry)) reason += ", but another copy of it names another owner";
  return {clipped(entry.owner), "inventory", std::move(reason), clipped(entry.contact),
          clipped(entry.runbook)};
}

// "the inventory has 2 owners for app orders: a, b".
std::string contradiction(const PlaceAnswer& answer) {
  std::string names;
  size_t named = 0;
  for (const std::string& name : answer.owners) {
    if (++named > kMostNamed) break;
    names += (named > 1 ? ", " : "") + clipped(name);
  }
  if (answer.owners.size() > kMostNamed) names += " and others";
  return fmt::format("the inventory has {} owners for {}: {}", answer.owners.size(), answer.place,
                     names);
}

void by_place(const Inventory& inventory, const Finding& finding, OwnerAnswer& out) {
  const PlaceAnswer answer = ask_place(inventory, finding);
  if (answer.owners.size() > 1) out.doubt = contradiction(answer);
  if (answer.owners.size() != 1) return;
  const size_t count = answer.entries.size();
  out.owner = {clipped(*answer.owners.begin()), "inventory",
               count > 1
                   ? fmt::format("the inventory's {} keys of {} are theirs", count, answer.place)
                   : fmt::format("the inventory's key of {} is theirs", answer.place),
               clipped(shared(answer.entries, &InventoryEntry::contact)),
               clipped(shared(answer.entries, &InventoryEntry::runbook))};
}

void by_file(const OwnerSources& sources, const Finding& finding, OwnerAnswer& out) {
  std::string path = path_in_repository(sources, finding);
  if (path.empty() && !finding.git) path = file_of(finding);  // outside of the repository
  std::string channel;
  if (finding.record && !finding.record->system.empty()) {
    channel = finding.record->system + "/" + finding.record->container;
  }
  bool gave_up = false;
  const auto match =
      sources.owners->find({finding.context.host, finding.context.app, path, channel}, gave_up);
  if (gave_up && out.doubt.empty()) {
    out.doubt =
        fmt::format("the patterns of {} take too long to match", clipped(sources.owners->name()));
  }
  if (!match) return;
  const OwnersRule& rule = *match->rule;
  out.owner = {clipped(rule.name), "owners",
               fmt::format("line {} of {}: {} {} is {}", match->pattern->line,
                           clipped(sources.owners->name()), to_string(match->fact),
                           clipped(match->value), clipped(match->pattern->text)),
               clipped(rule.contact), clipped(rule.runbook)};
}

void by_codeowners(const OwnerSources& sources, const Finding& finding, OwnerAnswer& out) {
  const std::string path = path_in_repository(sources, finding);
  if (path.empty()) return;
  auto answer = sources.codeowners->find(path);
  if (!answer) return;
  if (answer->gave_up) {
    if (out.doubt.empty()) out.doubt = std::move(answer->reason);
    return;
  }
  out.owner = {fmt::format("{}", fmt::join(answer->owners, " ")), "codeowners",
               std::move(answer->reason), "", ""};
}

}  // namespace

OwnerAnswer ask_owners(const OwnerSources& sources, const Finding& finding) {
  OwnerAnswer out;
  if (sources.inventory) {
    const InventoryEntry* entry = sources.inventory->find(finding);
    out.canary = entry != nullptr && entry->canary;
    if (entry != nullptr && !entry->owner.empty()) {
      out.owner = by_key(*entry, finding);
    } else {
      by_place(*sources.inventory, finding, out);
    }
  }
  if (!out.owner && sources.owners) by_file(sources, finding, out);
  if (!out.owner && sources.codeowners) by_codeowners(sources, finding, out);
  return out;
}

std::optional<Owner> find_owner(const OwnerSources& sources, const Finding& finding) {
  return ask_owners(sources, finding).owner;
}

void give_chosen_id(const OwnerSources& sources, Finding& finding) {
  if (!sources.inventory || finding.confidence != Confidence::context ||
      !finding.fingerprint.empty() || finding.secret.empty()) {
    return;
  }
  const InventoryEntry* entry = sources.inventory->find(finding);
  finding.fingerprint =
      entry != nullptr ? entry->id : sources.inventory->chosen_id(finding.secret.reveal());
}

std::string path_in_repository(const OwnerSources& sources, const Finding& finding) {
  if (finding.git) {
    const bool of_file = finding.git->object == "blob" || finding.git->object == "tree";
    return of_file ? finding.git->path : "";
  }
  if (!sources.in_repository) return std::string(file_of(finding));
  if (!finding.provenance) return "";
  const std::string_view file = finding.provenance->file;
  const ScannedPath* best = nullptr;
  for (const ScannedPath& scanned : sources.scanned) {
    const std::string_view given = scanned.given;
    const bool holds =
        file == given || (file.starts_with(given) && file.substr(given.size()).starts_with('/'));
    if (holds && (best == nullptr || given.size() > best->given.size())) best = &scanned;
  }
  if (best == nullptr) return "";
  std::string out = best->in_repository;
  std::string_view below = file.substr(best->given.size());
  while (below.starts_with('/')) below.remove_prefix(1);
  if (!out.empty() && !below.empty()) out += '/';
  return redact_names(out.append(below));
}

std::optional<BroughtBy> brought_by(const Finding& finding) {
  if (finding.git && !finding.git->author.empty()) {
    if (!finding.git->introduced_by.empty()) {
      return BroughtBy{finding.git->author, "git", "author of the commit that introduced it"};
    }
    if (finding.git->object == "tag") {
      return BroughtBy{finding.git->author, "git", "author of the tag that holds it"};
    }
  }
  if (finding.record && !finding.record->system.empty() && !finding.record->author.empty()) {
    return BroughtBy{finding.record->author, "record",
                     fmt::format("author of the {} record that holds it", finding.record->system)};
  }
  return std::nullopt;
}

}  // namespace assay
