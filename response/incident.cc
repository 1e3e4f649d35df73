// Places are sorted into keys by a text that two places share exactly if they are of one key.
//
//   a.jsonl: f kXWo… logs/app.log:41     ┐
//   b.jsonl: f kXWo… logs/app.log:41     ├ one key, 2 places, the first of them told twice
//   b.jsonl: f kXWo… .env:3              ┘
//   b.jsonl: masked, 3 candidates of which kXWo… is one: a third place of that key
#include "response/incident.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "response/joined_context.h"

namespace assay {

namespace {

// Fields apart by a byte that separates them, since no text of JSON has to hold none.
template <typename... Fields>
std::string joined(const Fields&... fields) {
  std::string out;
  ((out += fmt::format("{}:{}", std::string_view(fields).size(), std::string_view(fields))), ...);
  return out;
}

std::string_view path_of(const Finding& finding) {
  return finding.provenance ? std::string_view(finding.provenance->path) : std::string_view();
}

// Equal for what two reports tell of one place.
std::string place_text(const ToldFinding& told) {
  static const GitFacts no_git;
  static const Record no_record;
  const Finding& finding = told.finding;
  const GitFacts& git = finding.git ? *finding.git : no_git;
  const Record& record = finding.record ? *finding.record : no_record;
  std::string encoding;
  for (const std::string_view layer : finding.encoding) encoding += joined(layer);
  const Location& at = finding.location;
  return joined(path_of(finding),
                fmt::format("{} {} {} {}", at.line, at.column, at.byte_offset, at.byte_length),
                encoding, git.path, git.blob, git.commit, git.object, git.introduced_by,
                git.staged ? "staged" : "", record.system, record.container, record.id);
}

// `2025-11-02T08:00:00Z`: such times compare as texts.
bool is_time(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != kShape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return false;
  }
  return true;
}

void add_times(const IncidentPlace& place, Timeline& timeline) {
  const Finding& finding = place.told->finding;
  bool timed = false;
  const auto add = [&](const std::string& time) {
    if (!is_time(time)) return;
    timed = true;
    if (timeline.first.empty() || time < timeline.first) {
      timeline.first = time;
      timeline.first_at = &place;
    }
    if (timeline.last.empty() || time > timeline.last) {
      timeline.last = time;
      timeline.last_at = &place;
    }
  };
  if (finding.record) add(finding.record->time);
  if (finding.git) {
    const GitFacts& git = *finding.git;
    add(git.time);
    if (!git.introduced_by.empty()) {
      timeline.introduced.push_back({git.introduced_by, git.path, git.time, git.author});
    }
    if (!git.removed_by.empty()) timeline.removed.push_back({git.removed_by, git.path, "", ""});
    if (git.present_at_head) ++timeline.at_head;
  }
  if (timed) ++timeline.timed;
  if (!finding.git) ++timeline.in_input;
}

void sort_commits(std::vector<CommitAt>& commits) {
  const auto facts = [](const CommitAt& at) { return std::tie(at.time, at.path, at.commit); };
  std::sort(commits.begin(), commits.end(),
            [&](const CommitAt& a, const CommitAt& b) { return facts(a) < facts(b); });
  const auto same = [&](const CommitAt& a, const CommitAt& b) { return facts(a) == facts(b); };
  commits.erase(std::unique(commits.begin(), commits.end(), same), commits.end());
}

// Counts each name with its reason; those of most places come first.
template <typename At>
class Names {
 public:
  void add(std::string key, At&& at) {
    ++found_.try_emplace(std::move(key), std::move(at)).first->second.places;
  }
  std::vector<At> take() {
    std::vector<At> out;
    for (auto& [key, at] : found_) out.push_back(std::move(at));
    std::stable_sort(out.begin(), out.end(),
                     [](const At& a, const At& b) { return a.places > b.places; });
    return out;
  }

 private:
  std::map<std::string, At> found_;
};

std::string_view rollback_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::master:
      return "None: the old value is gone once the key is renewed. Give the callers of /admin the "
             "new one.";
    case KeyKind::system:
      return "None: the old value is gone once the key is renewed. Update the subscription with "
             "the new one.";
    case KeyKind::function:
    case KeyKind::host:
    case KeyKind::function_or_host:
      return "Until the old key is deleted: point the callers at it again. After that: none; make "
             "another key and hand it out.";
    case KeyKind::unknown:
      break;
  }
  return "";
}

ChangeRecord change_of(const KeyContext& context, KeyKind kind, const InventoryEntry* entry) {
  const auto known = [](const std::string& found, const std::string& entered) {
    return found.empty() ? entered : found;
  };
  static const InventoryEntry none;
  const InventoryEntry& of = entry != nullptr ? *entry : none;
  ChangeRecord change;
  change.subscription = of.subscription;
  change.function_app = known(of.app, context.app);
  // A master or system key opens no single function: the one it was seen at is no fact of it.
  const bool wide = kind == KeyKind::master || kind == KeyKind::system;
  change.function_name = wide ? "" : known(of.function, context.function);
  change.slot = known(of.slot, context.slot);
  change.key_name = known(of.key_name, context.key_name);
  if (kind == KeyKind::master) change.key_name = "_master";
  change.caller = fmt::format("{}", fmt::join(of.callers, ", "));
  change.rollback_action = rollback_of(kind);
  return change;
}

// One key while its places come.
struct Gathered {
  IncidentKey key;
  const ToldFinding* best = nullptr;
  JoinedContext context;
  std::unordered_map<std::string, size_t> known;  // place_text to its place
  size_t seen = 0;

  void add(const ToldFinding& told, size_t report) {
    const auto [at, is_new] = known.try_emplace(place_text(told), key.places.size());
    if (!is_new) {
      auto& reports = key.places[at->second].reports;
      if (reports.back() != report) reports.push_back(report);
      return;
    }
    key.places.push_back({&told, {report}, {}, {}});
    context.add(told.finding.context);
    const auto surer = [](const ToldFinding& a, const ToldFinding& b) {
      return std::pair(a.finding.confidence, a.finding.damage != nullptr) <
             std::pair(b.finding.confidence, b.finding.damage != nullptr);
    };
    if (best == nullptr || surer(told, *best)) best = &told;
  }
};

void resolve_names(const OwnerSources& sources, IncidentKey& key, std::set<std::string>& all) {
  Names<OwnerAt> owners;
  Names<BroughtByAt> bringers;
  std::set<std::string> doubts;
  for (IncidentPlace& place : key.places) {
    const ToldFinding& told = *place.told;
    OwnerAnswer answer{told.owner, told.owner_doubt, told.canary};
    if (sources.any()) {
      OwnerAnswer asked = ask_owners(sources, told.finding);
      if (asked.owner || !asked.doubt.empty() || asked.canary || !answer.owner)
        answer = std::move(asked);
    }
    if (!answer.doubt.empty()) doubts.insert(std::move(answer.doubt));
    key.canary = key.canary || answer.canary;
    if (auto& owner = answer.owner) {
      all.insert(owner->name);
      place.owner = owner->name;
      std::string text =
          joined(owner->name, owner->source, owner->reason, owner->contact, owner->runbook);
      owners.add(std::move(text), {std::move(*owner), 0});
    }
    if (auto by = told.brought_by ? told.brought_by : brought_by(told.finding)) {
      place.brought_by = by->name;
      std::string text = joined(by->name, by->source, by->reason);
      bringers.add(std::move(text), {std::move(*by), 0});
    }
  }
  key.doubts.assign(doubts.begin(), doubts.end());
  key.owners = owners.take();
  key.brought_by = bringers.take();
}

// A finding of the key with all that its places tell.
Finding whole(const IncidentKey& key) {
  Finding finding = *key.best;
  finding.context = key.context;
  return finding;
}

void finish(const OwnerSources& sources, Gathered& gathered, std::set<std::string>& owners) {
  IncidentKey& key = gathered.key;
  const Finding& best = gathered.best->finding;
  key.rule = best.rule;
  key.rule_id = gathered.best->rule_id;
  key.redacted = best.redacted;
  key.fingerprint = best.fingerprint;
  key.kind = best.kind;
  key.confidence = best.confidence;
  key.damage = best.damage;
  key.context = gathered.context.told();
  key.torn = gathered.context.torn();
  const auto order = [](const IncidentPlace& place) {
    const Finding& finding = place.told->finding;
    return std::tuple(path_of(finding), finding.location.line, finding.location.column);
  };
  std::stable_sort(
      key.places.begin(), key.places.end(),
      [&](const IncidentPlace& a, const IncidentPlace& b) { return order(a) < order(b); });
  for (const IncidentPlace& place : key.places) add_times(place, key.timeline);
  sort_commits(key.timeline.introduced);
  sort_commits(key.timeline.removed);
  resolve_names(sources, key, owners);

  key.best = &best;
  const Finding all = whole(key);
  if (sources.inventory) key.entry = sources.inventory->find(all);
  key.change = change_of(key.context, rotation_case(all, key.entry).kind, key.entry);
}

// What a masked key may be and, by another place, is.
std::string identity(const ToldFinding& told, const std::set<std::string_view>& whole) {
  const Finding& finding = told.finding;
  if (!finding.fingerprint.empty()) return "f" + finding.fingerprint;
  if (finding.damage) {
    for (const std::string& candidate : finding.damage->fingerprints) {
      if (whole.contains(candidate)) return "f" + candidate;
    }
  }
  return "p" + joined(told.rule_id, finding.redacted) + place_text(told);
}

}  // namespace

RotationPlan plan_rotation(const IncidentKey& key) { return plan_rotation(whole(key), key.entry); }

std::vector<std::string> gaps_of(const FindingsFile& report) {
  std::vector<std::string> gaps;
  if (!report.summary) {
    gaps.push_back(fmt::format(
        "{} was cut off: it has no last line, so nobody knows what else was found or left out.",
        report.name));
    return gaps;
  }
  const ScanSummary& summary = *report.summary;
  if (summary.findings != report.findings.size() ||
      summary.diagnostics != report.diagnostics.size()) {
    gaps.push_back(fmt::format(
        "{} was changed: its last line counts {} findings and {} diagnostics, and there are {} "
        "and {}.",
        report.name, summary.findings, summary.diagnostics, report.findings.size(),
        report.diagnostics.size()));
  }
  if (summary.interrupted) {
    gaps.push_back(
        fmt::format("The scan that {} tells of was stopped before its end.", report.name));
  } else if (!summary.complete()) {
    gaps.push_back(fmt::format(
        "The scan that {} tells of was not complete: {} of its inputs could not be scanned whole.",
        report.name, summary.diagnostics - std::min(summary.accepted, summary.diagnostics)));
  }
  return gaps;
}

Incident merge_findings(std::span<const FindingsFile> reports, const OwnerSources& sources) {
  std::set<std::string_view> whole;
  for (const FindingsFile& report : reports) {
    for (const ToldFinding& told : report.findings) {
      if (told.finding.suppression) continue;
      if (!told.finding.fingerprint.empty()) whole.insert(told.finding.fingerprint);
    }
  }
  Incident incident;
  std::unordered_map<std::string, Gathered> found;
  for (size_t number = 0; number < reports.size(); ++number) {
    for (const ToldFinding& told : reports[number].findings) {
      if (told.finding.suppression) {
        ++incident.suppressed;
        continue;
      }
      Gathered& gathered = found.try_emplace(identity(told, whole)).first->second;
      if (gathered.best == nullptr) gathered.seen = found.size();
      gathered.add(told, number);
    }
  }

  for (const FindingsFile& report : reports) {
    for (std::string& gap : gaps_of(report)) incident.problems.push_back(std::move(gap));
  }
  std::vector<Gathered*> order;
  order.reserve(found.size());
  for (auto& [text, gathered] : found) order.push_back(&gathered);
  const auto severity = [](const Gathered* gathered) {
    const Rule* rule = gathered->best->finding.rule;
    return std::tuple(rule ? -static_cast<int>(rule->level) : 0, rule ? -rule->rank : 0.0,
                      gathered->seen);
  };
  std::sort(order.begin(), order.end(),
            [&](const Gathered* a, const Gathered* b) { return severity(a) < severity(b); });
  std::set<std::string> owners;
  for (Gathered* gathered : order) {
    finish(sources, *gathered, owners);
    incident.places += gathered->key.places.size();
    incident.keys.push_back(std::move(gathered->key));
  }
  incident.owners = owners.size();
  return incident;
}

}  // namespace assay
