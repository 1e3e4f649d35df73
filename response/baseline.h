// What is known and accepted: one line a secret, without line numbers or times, so that it merges.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/finding.h"

namespace assay {

// One line. Written as `FINGERPRINT RULE SCOPE OWNER EXPIRES REASON`; docs/baseline.md has the
// syntax. Of foreign files what they have.
struct BaselineEntry {
  std::string fingerprint;  // C3ID; of values that could be guessed `hmac:` and 20 characters
  std::string rule;         // id; empty: any
  std::string scope;        // gitignore pattern of paths; empty: anywhere
  std::string owner;        // may be empty
  std::string expires;      // 2026-12-31: the last day; empty: never
  std::string reason;       // may be empty only of foreign files
  // Of foreign files, where a finding is told by its place: gitleaks' commit, file, rule, line;
  // detect-secrets' file and SHA-1 of the secret.
  std::string path, commit, sha1;
  uint64_t line = 0;
  std::string from;  // "FILE:12", for messages
};

class Baseline {
 public:
  static constexpr size_t kMaxBytes = size_t{64} << 20;
  static constexpr size_t kMaxEntries = 1'000'000;
  static constexpr size_t kMostSalts = 16;  // of files that git has merged

  enum class Form { assay, gitleaks_ignore, gitleaks_report, detect_secrets };

  // Reads assay's own form, .gitleaksignore, a JSON report of gitleaks, or a baseline of
  // detect-secrets, told apart by their text. Throws Error with name, line and remedy. A text of
  // assay's form that holds a key is refused. What a report of gitleaks holds of values is hashed
  // and forgotten.
  static Baseline parse(std::string_view text, std::string_view name);
  static Baseline read(const std::string& path, std::string_view name);

  // A new one, with a salt of the system's random numbers.
  static Baseline create();

  Form form() const { return form_; }

  // The entry that accepts the finding on that day (2026-11-22), or null. Counts it as used; not
  // for several threads. An entry without a reason does not accept a verified key. `expired`: one
  // would, but for its date.
  const BaselineEntry* find(const Finding& finding, std::string_view today, bool& expired);

  // Entries that `find` never gave, and those over on that day, as sentences, the first 100. An
  // entry of an expired one is not called unused.
  std::vector<std::string> unused() const;
  std::vector<std::string> expired(std::string_view today) const;

  // What is doubtful about the file, as sentences: lines left out, secrets that several entries are
  // about.
  const std::vector<std::string>& doubts() const { return doubts_; }

  const std::vector<BaselineEntry>& entries() const { return entries_; }
  // For new entries; empty as long as none needs it. A merged file may have several, and its
  // entries may be of any.
  const std::string& salt() const;

  // The fingerprint that an entry has for the finding: its C3ID, or of a value that could be
  // guessed `hmac:` and the keyed hash of value and rule under the file's salt. Empty if it
  // needs a salt, and there is none.
  std::string fingerprint_of(const Finding& finding) const;

  // Throws Error for what cannot stand in an entry, before anything is scanned.
  static void check(std::string_view reason, std::string_view owner, std::string_view expires,
                    std::string_view scope = {});

  // Adds what `findings` has that no entry accepts, with that reason and owner, about paths like
  // `scope` (empty: anywhere); entries stay. One of the same secret, rule and scope that expires
  // sooner is renewed. Returns whether anything changed. Throws Error for what cannot stand in an
  // entry, and for a baseline of another tool.
  bool add(const Finding& finding, std::string_view reason, std::string_view owner,
           std::string_view expires, std::string_view scope = {});
  // The same of a finding that is known by its fingerprint alone, at `path`.
  bool add(BaselineEntry entry, std::string_view path);

  // Drops entries whose fingerprint, a C3ID, is not among `seen`, of those rules only unless there
  // are none. Returns how many.
  size_t prune(const std::set<std::string>& seen, const std::set<std::string>& rules);

  // Sorted, the same for the same entries. Only of assay's form.
  std::string text() const;

 private:
  enum class Use : uint8_t { none, accepts, over, no_reason };

  bool put(BaselineEntry entry, std::string_view path);
  std::vector<uint32_t> about(const Finding& finding) const;
  void build_index();

  std::string name_;
  Form form_ = Form::assay;
  std::vector<std::string> salts_;     // 32 bytes each
  std::vector<std::string> comments_;  // lines, kept as they stand
  std::vector<std::string> doubts_;
  std::vector<BaselineEntry> entries_;
  std::vector<Use> used_;
  // By fingerprint, by "sha1:" and a hash, by "at:" and a place: see baseline.cc.
  std::multimap<std::string, uint32_t, std::less<>> index_;
  bool has_keyed_ = false, has_sha1_ = false, has_places_ = false;
};

}  // namespace assay
