// Reads JSON lines back into findings. The lines may come from anywhere, so each is bounded before
// it is parsed: its length, and how deep it nests.
//
//   {"rule_id":"AZF1001",…}   a finding       {"diagnostic":{…}}   what was not scanned
//   {"summary":{…}}           the last line; without it the report was cut off
//
// Every text that is kept passes redact_names, which changes nothing of what assay wrote itself.
#include "response/findings_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "scanner/snippet.h"
#include "scanner/sources/file_reader.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// Not ordered_json: that one looks through all fields of an object for each that it reads.
using Json = nlohmann::json;

constexpr size_t kMostLine = 4 << 20;
constexpr size_t kMostBytes = size_t{1} << 30;
constexpr size_t kMostFindings = 2'000'000;
constexpr int kMostDepth = 16;
constexpr std::string_view kRemedy = "Give a report that was written with --format jsonl.";

// How deep the brackets of `line` nest, those in strings left out; parsed or not.
int depth_of(std::string_view line) {
  int depth = 0, most = 0;
  bool quoted = false;
  for (size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (quoted && c == '\\') {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '{' || c == '[')) {
      most = std::max(most, ++depth);
    } else if (!quoted && (c == '}' || c == ']')) {
      --depth;
    }
  }
  return most;
}

class FindingsParser {
 public:
  FindingsParser(std::string_view name, const RuleSet& rules) : rules_(rules) {
    file_.name = redact_names(snippet_text(name));
  }

  FindingsFile parse(std::string_view text) {
    check_whole(text);
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      ++line_;
      read_line(text.substr(at, end - at), end == text.size());
      at = end + 1;
    }
    if (known_lines_ == 0) fail("nothing stands in it");
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail(std::string_view reason, std::string_view remedy = kRemedy) const {
    const std::string place = line_ > 0 ? fmt::format(", line {}", line_) : std::string();
    throw Error(fmt::format("{}{}: {}. {}", file_.name, place, reason, remedy));
  }

  void check_whole(std::string_view& text) const {
    if (text.size() > kMostBytes) {
      fail("the report is over 1 GiB", "Scan in parts, and give the reports one by one.");
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
      fail("the report is UTF-16", "Write it with --output FILE, not through a shell's `>`.");
    }
  }

  void read_line(std::string_view line, bool last) {
    if (line.size() > kMostLine) fail("the line is over 4 MiB");
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    refuse_key(line);
    // Before it is parsed: half a line there would be the begin of another report.
    if (file_.summary) {
      fail("more stands behind the report's end", "Give several reports one by one.");
    }
    const bool flat = depth_of(line) <= kMostDepth;
    const Json json = flat ? Json::parse(line, nullptr, false) : Json(Json::value_t::discarded);
    if (json.is_discarded() && last && known_lines_ > 0) return;  // cut off: there is no summary
    if (!json.is_object()) fail(flat ? "this is no JSON object" : "this nests too deep");
    if (json.contains("rule_id")) {
      read_finding(json);
    } else if (const auto diagnostic = json.find("diagnostic"); diagnostic != json.end()) {
      read_diagnostic(*diagnostic);
    } else if (const auto summary = json.find("summary"); summary != json.end()) {
      read_summary(*summary);
    } else {
      fail("this is neither a finding nor a diagnostic nor a summary");
    }
    ++known_lines_;
  }

  void refuse_key(std::string_view text) const {
    if (!find_proven_key(text, rules_.families())) return;
    fail("a key stands there in the clear",
         "Write the report again without --reveal, and delete this one.");
  }

  // Facts of an object. What is absent is empty; what is of another type is no report of ours.
  const Json* field(const Json& object, const char* name) const {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
  }
  std::string shown(const Json& value, const char* name) const {
    const std::string* text = value.get_ptr<const std::string*>();
    if (text == nullptr) fail(fmt::format("`{}` is no text", name));
    refuse_key(*text);  // again: in the line it may have been escaped
    return redact_names(*text);
  }
  std::string text(const Json& object, const char* name) const {
    const Json* value = field(object, name);
    return value == nullptr ? std::string() : shown(*value, name);
  }
  uint64_t number(const Json& object, const char* name, uint64_t absent = 0) const {
    const Json* value = field(object, name);
    if (value == nullptr) return absent;
    if (!value->is_number_unsigned()) fail(fmt::format("`{}` is no whole number", name));
    return value->get<uint64_t>();
  }
  double real(const Json& object, const char* name) const {
    const Json* value = field(object, name);
    if (value == nullptr) return 0;
    if (!value->is_number()) fail(fmt::format("`{}` is no number", name));
    return value->get<double>();
  }
  bool flag(const Json& object, const char* name) const {
    const Json* value = field(object, name);
    if (value == nullptr) return false;
    if (!value->is_boolean()) fail(fmt::format("`{}` is neither true nor false", name));
    return value->get<bool>();
  }
  std::vector<std::string> texts(const Json& object, const char* name) const {
    std::vector<std::string> out;
    const Json* value = field(object, name);
    if (value == nullptr) return out;
    if (!value->is_array()) fail(fmt::format("`{}` is no array", name));
    for (const Json& item : *value) out.push_back(shown(item, name));
    return out;
  }
  const Json* object(const Json& parent, const char* name) const {
    const Json* value = field(parent, name);
    if (value != nullptr && !value->is_object()) fail(fmt::format("`{}` is no object", name));
    return value;
  }

  // The few words that findings point at.
  std::string_view kept(std::string text) {
    if (const auto known = words_.find(text); known != words_.end()) return *known;
    file_.texts.push_back(std::move(text));
    return *words_.insert(file_.texts.back()).first;
  }

  template <typename Value>
  Value named(const Json& json, const char* name, std::initializer_list<Value> values) const {
    const std::string word = text(json, name);
    for (const Value value : values) {
      if (to_string(value) == word) return value;
    }
    fail(fmt::format("`{}` has a value that this version does not know", name));
  }

  void read_finding(const Json& json) {
    if (json.contains("secret")) {
      fail("a value stands there in the clear",
           "Write the report again without --reveal, and delete this one.");
    }
    if (file_.findings.size() == kMostFindings) {
      fail("there are over 2,000,000 findings", "Scan in parts, and give the reports one by one.");
    }
    ToldFinding told;
    Finding& finding = told.finding;
    told.rule_id = text(json, "rule_id");
    finding.rule = rules_.find(told.rule_id);
    finding.kind = kept(text(json, "kind"));
    finding.confidence = named(json, "confidence",
                               {Confidence::verified, Confidence::signature, Confidence::context});
    finding.fingerprint = text(json, "fingerprint");
    finding.redacted = text(json, "redacted");
    finding.born = text(json, "born");
    for (std::string& name : texts(json, "encoding")) {
      finding.encoding.push_back(kept(std::move(name)));
    }
    read_location(json, finding);
    if (const Json* context = object(json, "context")) read_context(*context, finding.context);
    if (field(json, "scope") != nullptr) {
      finding.context.scope =
          named(json, "scope",
                {Scope::unknown, Scope::host, Scope::function, Scope::app, Scope::extension});
    }
    if (const Json* record = object(json, "record")) finding.record = record_of(*record);
    if (const Json* git = object(json, "git")) finding.git = git_of(*git);
    if (const Json* damage = object(json, "damage")) finding.damage = damage_of(*damage);
    if (const Json* owner = object(json, "owner")) {
      told.owner = Owner{text(*owner, "name"), text(*owner, "source"), text(*owner, "reason"),
                         text(*owner, "contact"), text(*owner, "runbook")};
    }
    if (const Json* by = object(json, "brought_by")) {
      told.brought_by = BroughtBy{text(*by, "name"), text(*by, "source"), text(*by, "reason")};
    }
    told.owner_doubt = text(json, "owner_doubt");
    told.canary = flag(json, "canary");
    if (const Json* why = object(json, "suppression")) finding.suppression = suppression_of(*why);
    if (const Json* marker = object(json, "marker"))
      finding.marker = marker_of(*marker, finding.location.line);
    if (field(json, "baseline_state") != nullptr) {
      finding.baseline_state =
          named(json, "baseline_state",
                {BaselineState::is_new, BaselineState::unchanged, BaselineState::updated});
    }
    file_.findings.push_back(std::move(told));
  }

  void read_location(const Json& json, Finding& finding) {
    const Json* location = object(json, "location");
    if (location == nullptr || field(*location, "path") == nullptr) {
      fail("the finding has no place");
    }
    std::string path = text(*location, "path");
    if (last_path_ == nullptr || last_path_->path != path) {  // a file's findings stand together
      auto provenance = std::make_shared<Provenance>();
      provenance->path = std::move(path);
      last_path_ = std::move(provenance);
    }
    finding.provenance = last_path_;
    finding.location.line = number(*location, "line", 1);
    finding.location.column = number(*location, "column", 1);
    finding.location.byte_offset = number(*location, "byte_offset");
    finding.location.byte_length = number(*location, "byte_length");
  }

  void read_context(const Json& json, KeyContext& context) const {
    context.host = text(json, "host");
    context.app = text(json, "app");
    context.slot = text(json, "slot");
    context.function = text(json, "function");
    context.key_name = text(json, "key_name");
    context.carrier = text(json, "carrier");
    context.store = text(json, "store");
    context.resource_group = text(json, "resource_group");
  }

  std::shared_ptr<const Record> record_of(const Json& json) const {
    auto record = std::make_shared<Record>();
    record->system = text(json, "system");
    record->container = text(json, "container");
    record->id = text(json, "id");
    record->author = text(json, "author");
    record->time = text(json, "time");
    record->link = text(json, "link");
    record->operation = text(json, "operation");
    return record;
  }

  std::shared_ptr<const GitFacts> git_of(const Json& json) const {
    auto git = std::make_shared<GitFacts>();
    git->object = text(json, "object");
    git->blob = text(json, "blob");
    git->commit = text(json, "commit");
    git->path = text(json, "path");
    git->author = text(json, "author");
    git->committer = text(json, "committer");
    git->time = text(json, "time");
    git->subject = text(json, "subject");
    git->introduced_by = text(json, "introduced_by");
    git->removed_by = text(json, "removed_by");
    git->present_at_head = flag(json, "present_at_head");
    git->staged = flag(json, "staged");
    git->occurrences = number(json, "occurrences");
    git->branches = texts(json, "branches");
    git->tags = texts(json, "tags");
    git->refs = texts(json, "refs");
    git->branch_count = number(json, "branch_count", git->branches.size());
    git->tag_count = number(json, "tag_count", git->tags.size());
    git->ref_count = number(json, "ref_count", git->refs.size());
    git->refs_known = json.contains("branches");
    return git;
  }

  std::shared_ptr<const Suppression> suppression_of(const Json& json) const {
    auto why = std::make_shared<Suppression>();
    using Kind = Suppression::Kind;
    why->kind = named(json, "kind", {Kind::marker, Kind::baseline, Kind::allowlist, Kind::sample});
    why->by = text(json, "by");
    why->reason = text(json, "reason");
    return why;
  }

  std::shared_ptr<const Marker> marker_of(const Json& json, uint64_t line_of_key) {
    auto marker = std::make_shared<Marker>();
    marker->word = kept(text(json, "word"));
    marker->rule = text(json, "rule");
    const uint64_t line = number(json, "line", 1);
    marker->line = line_of_key - std::min(line, line_of_key);
    return marker;
  }

  std::shared_ptr<const Damage> damage_of(const Json& json) const {
    auto damage = std::make_shared<Damage>();
    damage->what = text(json, "what");
    damage->masked = flag(json, "masked");
    damage->tried = number(json, "tried");
    damage->by_chance = real(json, "by_chance");
    damage->candidates = number(json, "candidates");
    damage->fingerprints = texts(json, "fingerprints");
    return damage;
  }

  void read_diagnostic(const Json& json) {
    if (!json.is_object()) fail("`diagnostic` is no object");
    file_.diagnostics.push_back(
        {text(json, "kind"), text(json, "path"), text(json, "message"), flag(json, "accepted")});
  }

  void read_summary(const Json& json) {
    if (!json.is_object()) fail("`summary` is no object");
    ScanSummary summary;
    summary.blobs = number(json, "blobs");
    summary.bytes = number(json, "bytes");
    summary.members = number(json, "members");
    summary.decoded_bytes = number(json, "bytes_decoded");
    summary.findings = number(json, "findings");
    summary.suppressed = number(json, "suppressed");
    summary.inputs = texts(json, "inputs");
    summary.config = text(json, "config");
    summary.disabled = texts(json, "disabled_rules");
    summary.notes = texts(json, "notes");
    summary.diagnostics = number(json, "diagnostics");
    summary.accepted = number(json, "accepted");
    summary.ignored = number(json, "ignored");
    // A summary that calls itself incomplete is, whatever its numbers say.
    summary.interrupted =
        flag(json, "interrupted") || (summary.complete() && !flag(json, "complete"));
    if (field(json, "unit") != nullptr) summary.unit = kept(text(json, "unit"));
    summary.arguments = texts(json, "arguments");
    if (const Json* evidence = field(json, "evidence")) {
      if (!evidence->is_array()) fail("`evidence` is no array");
      for (const Json& item : *evidence) {
        if (!item.is_object()) fail("`evidence` holds what is no object");
        summary.evidence.push_back(
            {text(item, "path"), number(item, "bytes"), text(item, "sha256")});
      }
    }
    file_.tool = text(json, "tool");
    file_.rules = text(json, "rules");
    file_.summary = std::move(summary);
  }

  const RuleSet& rules_;
  FindingsFile file_;
  std::set<std::string_view> words_;
  std::shared_ptr<const Provenance> last_path_;
  uint64_t line_ = 0;
  uint64_t known_lines_ = 0;
};

}  // namespace

FindingsFile parse_findings(std::string_view text, std::string_view name, const RuleSet& rules) {
  return FindingsParser(name, rules).parse(text);
}

FindingsFile read_findings(const std::string& path, const RuleSet& rules) {
  const bool standard = path == "-";
  const std::string name = standard ? "standard input" : path;
  const auto fail = [&name](std::string_view reason, std::string_view remedy) {
    throw Error(fmt::format("{} could not be read: {}. {}", redact_names(snippet_text(name)),
                            reason, remedy));
  };
  Descriptor opened;
  if (!standard) opened = open_path(path, O_RDONLY | O_NOCTTY);
  if (!standard && !opened) fail(std::strerror(errno), "Check the path.");
  const int file = standard ? STDIN_FILENO : opened.get();
  std::string text;
  for (size_t size = 0;;) {
    if (size == text.size()) text.resize(std::max<size_t>(64 << 10, size * 2));
    const ssize_t got = read(file, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(std::strerror(errno), "Check the path.");
    size += static_cast<size_t>(got);
    if (got == 0 || size > kMostBytes) {
      text.resize(size);
      break;
    }
  }
  return parse_findings(text, name, rules);
}

}  // namespace assay
