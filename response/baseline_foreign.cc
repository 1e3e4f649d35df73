// Baselines of other tools. They know a finding by its place, or by a hash of its value:
//
//   .gitleaksignore   COMMIT:FILE:RULE:LINE or FILE:RULE:LINE, a line each
//   gitleaks' report  [{"RuleID":…,"File":…,"StartLine":…,"Commit":…,"Secret":…}, …]
//   detect-secrets    {"results":{FILE:[{"type":…,"hashed_secret":SHA-1,"is_secret":…}, …]}}
//
// JSON is read as a stream of events, so that what a file claims takes no memory of its own; only
// the few fields above are kept, of one object at a time.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "response/baseline_forms.h"
#include "response/text_file.h"
#include "rules/keys/c3id.h"
#include "rules/keys/identify.h"
#include "rules/rule_set.h"

namespace assay {

namespace {

constexpr size_t kMostDepth = 64;
constexpr size_t kMostDoubts = 100;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

std::string lower_hex(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

std::optional<uint64_t> number_in(std::string_view text) {
  uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (text.empty() || result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

// Reads COMMIT:FILE:RULE:LINE from its end, since a path may hold colons.
bool read_fingerprint(std::string_view text, BaselineEntry& entry) {
  const size_t line_at = text.rfind(':');
  if (line_at == text.npos || line_at == 0) return false;
  const size_t rule_at = text.rfind(':', line_at - 1);
  if (rule_at == text.npos || rule_at == 0) return false;
  const auto line = number_in(text.substr(line_at + 1));
  if (!line) return false;
  entry.line = *line;
  entry.rule = text.substr(rule_at + 1, line_at - rule_at - 1);
  std::string_view path = text.substr(0, rule_at);
  const size_t commit = path.find(':');
  if (commit != path.npos && commit >= 7 && commit <= 64 && is_hex(path.substr(0, commit))) {
    entry.commit = lower_hex(path.substr(0, commit));
    path.remove_prefix(commit + 1);
  }
  entry.path = place_path(path);
  return !entry.path.empty() && !entry.rule.empty();
}

// What an object of either form says.
struct Item {
  std::string rule, file, commit, fingerprint, sha1;
  Secret secret;
  uint64_t line = 0;
  bool is_secret = false;
};

// gitleaks writes REDACTED, or the first characters and `...`.
bool is_redacted(std::string_view secret) {
  return secret.empty() || secret.starts_with("REDACT") || secret.ends_with("...");
}

BaselineEntry entry_of_report(const Item& item) {
  BaselineEntry entry;
  if (item.file.empty()) {
    read_fingerprint(item.fingerprint, entry);
  } else {
    entry.path = place_path(item.file);
    entry.rule = item.rule;
    entry.commit = lower_hex(item.commit);
    entry.line = item.line;
  }
  if (is_redacted(item.secret.reveal())) return entry;
  // Its value tells the finding wherever it has moved to in the file, by whatever rule.
  const auto digest = sha1(item.secret.reveal());
  entry.sha1 = hex({digest.data(), digest.size()}, HexCase::lower);
  if (const auto info = identify(item.secret.reveal())) entry.fingerprint = info->fingerprint();
  entry.rule.clear();
  entry.commit.clear();
  entry.line = 0;
  return entry;
}

class JsonReader {
 public:
  JsonReader(std::string_view name, BaselineText& out) : name_(name), out_(out) {}

  bool null() { return true; }
  bool boolean(bool value) {
    if (in_item() && key_ == "is_secret") item_.is_secret = value;
    return true;
  }
  bool number_integer(int64_t) { return true; }
  bool number_unsigned(uint64_t value) {
    if (in_item() && key_ == "StartLine") item_.line = value;
    return true;
  }
  bool number_float(double, const std::string&) { return true; }
  bool string(std::string& value) {
    if (!in_item()) return true;
    if (key_ == "Secret") item_.secret = Secret(value);
    for (const auto& [key, field] :
         {std::pair("RuleID", &item_.rule), std::pair("File", &item_.file),
          std::pair("Commit", &item_.commit), std::pair("Fingerprint", &item_.fingerprint),
          std::pair("hashed_secret", &item_.sha1)}) {
      if (key_ == key) *field = value;
    }
    return true;
  }
  bool binary(std::vector<uint8_t>&) { return true; }
  bool start_object(size_t) {
    if (!deeper('{')) return false;
    if (in_item()) item_ = Item();
    return true;
  }
  bool key(std::string& name) {
    key_ = name;
    if (depth_ == 1) {
      in_results_ = name == "results";
      results_seen_ |= in_results_;
    } else if (depth_ == 2) {
      file_ = name;
    }
    return true;
  }
  bool end_object() {
    const bool done = in_item();
    --depth_;
    return !done || finish();
  }
  bool start_array(size_t) { return deeper('['); }
  bool end_array() {
    --depth_;
    return true;
  }
  bool parse_error(size_t at, const std::string&, const nlohmann::detail::exception&) {
    problem_ = fmt::format("this is no JSON from byte {} on", at);
    return false;
  }

  const std::string& problem() const { return problem_; }
  bool is_report() const { return opened_[0] == '['; }
  bool results_seen() const { return results_seen_; }

 private:
  bool deeper(char bracket) {
    if (depth_ == kMostDepth) {
      problem_ = "this nests too deep";
      return false;
    }
    opened_[depth_++] = bracket;
    return true;
  }
  // Right in the object of a finding, and not in what it holds.
  bool in_item() const {
    const std::string_view way(opened_.data(), depth_);
    return way == "[{" || (way == "{{[{" && in_results_);
  }
  bool finish() {
    if (out_.entries.size() == Baseline::kMaxEntries) {
      problem_ = "there are over a million entries";
      return false;
    }
    ++count_;
    BaselineEntry entry;
    if (is_report()) {
      entry = entry_of_report(item_);
    } else {
      entry.path = place_path(file_);
      entry.sha1 = lower_hex(item_.sha1);
      // Someone looked at it and said that it is one.
      if (item_.is_secret) return true;
    }
    item_ = Item();
    const bool by_place = !entry.rule.empty() && !entry.path.empty();
    const bool by_value = entry.sha1.size() == 40 && !entry.path.empty();
    if (!by_place && !by_value) {
      if (out_.doubts.size() < kMostDoubts) {
        out_.doubts.push_back(fmt::format(
            "{}, entry {}, tells neither place nor value, and was left out.", name_, count_));
      }
      return true;
    }
    entry.from = fmt::format("{}, entry {}", name_, count_);
    out_.entries.push_back(std::move(entry));
    return true;
  }

  std::string name_;
  BaselineText& out_;
  std::array<char, kMostDepth> opened_{};  // the brackets that are open
  size_t depth_ = 0, count_ = 0;
  std::string key_, file_, problem_;
  bool in_results_ = false, results_seen_ = false;
  Item item_;
};

}  // namespace

std::string place_path(std::string_view path) {
  std::string out;
  for (size_t at = 0; at < path.size(); ++at) {
    out += path[at] == '\\' ? '/' : path[at];
    if (path[at] == '!' && at + 1 < path.size() && path[at + 1] == '/') ++at;
  }
  while (out.starts_with("./")) out.erase(0, 2);
  return out;
}

std::string place_of(std::string_view path, std::string_view rule, uint64_t line) {
  return fmt::format("at:{}:{}:{}", path, rule, line);
}

BaselineText read_gitleaks_ignore(std::string_view text, std::string_view name) {
  BaselineText out;
  out.form = Baseline::Form::gitleaks_ignore;
  size_t number = 0, first_wrong = 0;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    ++number;
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    line = line.substr(0, line.find_last_not_of(" \t") + 1);
    if (line.empty() || line.starts_with('#')) continue;
    BaselineEntry entry;
    if (read_fingerprint(line, entry)) {
      if (out.entries.size() == Baseline::kMaxEntries) {
        throw Error(
            fmt::format("{}:{}: there are over a million entries. Split the file.", name, number));
      }
      entry.from = fmt::format("{}:{}", name, number);
      out.entries.push_back(std::move(entry));
      continue;
    }
    if (first_wrong == 0) first_wrong = number;
    if (out.doubts.size() < kMostDoubts) {
      out.doubts.push_back(fmt::format(
          "{}:{} is no fingerprint of gitleaks (FILE:RULE:LINE), and was left out.", name, number));
    }
  }
  if (out.entries.empty() && first_wrong > 0) {
    throw Error(
        fmt::format("{}:{}: this is no line of a baseline. One of assay begins with "
                    "`{}{}`; docs/baseline.md names what else is read.",
                    name, first_wrong, kBaselineHeader, kBaselineVersion));
  }
  return out;
}

BaselineText read_baseline_json(std::string_view text, std::string_view name) {
  BaselineText out;
  JsonReader reader(name, out);
  const bool whole = nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
  std::string problem = reader.problem();
  if (whole && !reader.is_report() && !reader.results_seen()) problem = "it has no `results`";
  if (!whole || !problem.empty()) {
    throw Error(
        fmt::format("{}: {}. Give a baseline of assay, a .gitleaksignore, a JSON report of "
                    "gitleaks or a baseline of detect-secrets.",
                    name, problem));
  }
  out.form = reader.is_report() ? Baseline::Form::gitleaks_report : Baseline::Form::detect_secrets;
  return out;
}

}  // namespace assay
