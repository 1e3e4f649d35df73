// Two indexes over the results of the log.
//
//   by place    AZF1001 src/a.py kXWo…  → result 0          same rule, uri and secret: unchanged
//   by secret   AZF1001 kXWo…           → result 0          only elsewhere: updated
//
// Places that a secret was found at anew stand for as many of its places that are gone: it moved.
#include "response/base_sarif.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "response/base_sarif_read.h"
#include "response/text_file.h"
#include "rules/rule_set.h"
#include "scanner/snippet.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr std::string_view kRemedy = "Give a log that assay wrote with --format sarif.";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// That of the whole, of a part; without what a profile puts before it.
std::string whole_category(std::string_view id) {
  constexpr std::string_view kAdo = "azuredevops/pipeline/build/";
  if (id.starts_with(kAdo)) id.remove_prefix(kAdo.size());
  constexpr std::string_view kShape = "pdd-of-dd/";
  if (id.size() > kShape.size()) {
    const std::string_view end = id.substr(id.size() - kShape.size());
    bool part = id[id.size() - kShape.size() - 1] == '/';
    for (size_t i = 0; i < kShape.size(); ++i) {
      part = part && (i == 0 || kShape[i] != 'd' ? end[i] == kShape[i] : is_digit(end[i]));
    }
    if (part) id.remove_suffix(kShape.size());
  }
  return std::string(id);
}

std::string joined(std::initializer_list<std::string_view> texts) {
  std::string out;
  for (const std::string_view text : texts) out += fmt::format("{}:{}", text.size(), text);
  return out;
}

}  // namespace

struct BaseSarif::Index {
  struct Secret {
    std::vector<size_t> results;
    std::set<std::string> moved_to;  // uris that it was not at before
  };

  std::string name;
  std::deque<std::string> categories;
  std::vector<BaseResult> results;
  std::map<std::string, std::vector<size_t>> by_place;
  std::map<std::string, Secret> by_secret;
  std::vector<bool> seen;
  bool ours = false;  // a run of assay was there

  [[noreturn]] void fail(std::string_view reason, std::string_view remedy = kRemedy) const {
    throw Error(fmt::format("{}: {}. {}", redact_names(snippet_text(name)), reason, remedy));
  }

  void read(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.size() > kMaxBytes) fail("it is over 256 MiB");
    ReadLog log = read_sarif(text, kMaxResults - results.size());
    if (!log.fault.empty()) fail(log.fault);
    if (log.version != "2.1.0") fail("it is no SARIF 2.1.0");
    for (ReadRun& run : log.runs) {
      if (run.tool == "assay") add(run);
    }
  }

  void add(ReadRun& run) {
    ours = true;
    categories.push_back(whole_category(run.category));
    for (BaseResult& result : run.results) {
      // The second key of a line has its number behind the line's hash.
      const std::string_view hash =
          std::string_view(result.line_hash).substr(0, result.line_hash.find('/'));
      const bool secret = !result.fingerprint.empty();
      if (!secret && hash.empty()) continue;  // not to be known again
      result.category = categories.back();
      by_place[place_of(secret, result.rule, result.uri, secret ? result.fingerprint : hash)]
          .push_back(results.size());
      if (secret) {
        by_secret[joined({result.rule, result.fingerprint})].results.push_back(results.size());
      }
      results.push_back(std::move(result));
    }
    seen.resize(results.size());
  }

  static std::string place_of(bool secret, std::string_view rule, std::string_view uri,
                              std::string_view identity) {
    return joined({secret ? "secret" : "line", rule, uri, identity});
  }
};

BaseSarif::BaseSarif(std::unique_ptr<Index> index) : index_(std::move(index)) {}
BaseSarif::BaseSarif(BaseSarif&&) noexcept = default;
BaseSarif& BaseSarif::operator=(BaseSarif&&) noexcept = default;
BaseSarif::~BaseSarif() = default;

BaseSarif BaseSarif::parse(std::string_view text, std::string_view name) {
  auto index = std::make_unique<Index>();
  index->name = name;
  index->read(text);
  if (!index->ours) index->fail("it has no run of assay");
  return BaseSarif(std::move(index));
}

BaseSarif BaseSarif::read(const std::string& path, std::string_view name) {
  auto index = std::make_unique<Index>();
  index->name = name;
  std::error_code failed;
  std::vector<std::string> files;
  if (std::filesystem::is_directory(path, failed)) {
    for (std::filesystem::directory_iterator at(path, failed), end; !failed && at != end;
         at.increment(failed)) {
      if (!at->path().native().ends_with(".sarif")) continue;
      if (files.size() == kMaxFiles) index->fail("the folder has over 64 files *.sarif");
      files.push_back(at->path().native());
    }
    if (failed) index->fail("the folder could not be read", "Check the path.");
    if (files.empty()) index->fail("the folder has no file *.sarif");
    std::sort(files.begin(), files.end());
  } else {
    files.push_back(path);
  }
  size_t left = kMaxBytes;
  for (const std::string& file : files) {
    if (files.size() > 1) index->name = file;
    const std::string text = read_text_file(file, snippet_text(index->name), left);
    left -= text.size();
    index->read(text);
  }
  if (!index->ours) index->fail("it has no run of assay");
  return BaseSarif(std::move(index));
}

void BaseSarif::judge(Finding& finding, std::string_view uri) {
  if (finding.rule == nullptr) return;
  const bool secret = !finding.fingerprint.empty();
  BaselineState state = BaselineState::is_new;
  const std::string place = Index::place_of(secret, finding.rule->id, uri,
                                            secret ? finding.fingerprint : finding.line_hash);
  if (const auto known = index_->by_place.find(place);
      known != index_->by_place.end() && (secret || !finding.line_hash.empty())) {
    for (const size_t result : known->second) index_->seen[result] = true;
    known->second.clear();  // once: a place may stand there as often as it is found
    state = BaselineState::unchanged;
  } else if (secret) {
    const auto moved = index_->by_secret.find(joined({finding.rule->id, finding.fingerprint}));
    if (moved != index_->by_secret.end()) {
      // More would stand for nothing.
      std::set<std::string>& uris = moved->second.moved_to;
      if (uris.size() < moved->second.results.size()) uris.emplace(uri);
      state = BaselineState::updated;
    }
  }
  if (finding.baseline_state != BaselineState::unchanged) finding.baseline_state = state;
}

std::vector<const BaseResult*> BaseSarif::absent() const {
  std::vector<bool> there = index_->seen;
  for (const auto& [text, secret] : index_->by_secret) {
    size_t moved = secret.moved_to.size();
    for (const size_t result : secret.results) {
      if (moved == 0) break;
      if (there[result]) continue;
      there[result] = true;
      --moved;
    }
  }
  std::vector<const BaseResult*> gone;
  for (size_t i = 0; i < there.size(); ++i) {
    if (!there[i]) gone.push_back(&index_->results[i]);
  }
  return gone;
}

size_t BaseSarif::size() const { return index_->results.size(); }

}  // namespace assay
