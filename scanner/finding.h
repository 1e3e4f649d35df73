// What the scan says: findings, and what it could not look at.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/secret.h"
#include "rules/rule.h"

namespace assay {

// Where in a blob. `line` and `column` are 1-based, column in bytes; lines end at `\n`.
// `utf16_column` is the same place in UTF-16 code units, 1-based, a leading byte order mark not
// counted, as SARIF wants it.
struct Location {
  uint64_t byte_offset = 0;
  uint64_t byte_length = 0;
  uint64_t line = 1;
  uint64_t column = 1;
  uint64_t utf16_column = 1;
};

// What the surroundings say of the key. Absent facts are empty. Values are cut out of the input and
// restricted to the characters such names have, so they are safe in a terminal; a key inside one is
// replaced by its redacted form.
struct KeyContext {
  std::string host;      // contoso-orders-staging.azurewebsites.net
  std::string app;       // contoso-orders
  std::string slot;      // staging
  std::string function;  // Refund
  std::string key_name;  // default
  std::string carrier;   // query, header, or what stores it: see docs/report-fields.md
  std::string store;     // name of the vault, secret, file or field that keeps it
  std::string resource_group;
  Scope scope = Scope::unknown;
  bool functions_host = false;  // `host` is one of those that Functions apps have

  friend bool operator==(const KeyContext&, const KeyContext&) = default;
};

// The text around a key, every key in it masked. Valid UTF-8 without control characters other than
// tab. `before` + `masked` + `after` is a piece of one line; `masked` is one `*` for each
// character.
struct Snippet {
  std::string before;
  std::string masked;
  std::string after;
};

// Where a blob came from. Paths are bytes as the system gave them, `/` between the parts, relative
// unless the user asked otherwise; every key in them is already redacted.
struct Provenance {
  enum class Kind { file, stream };
  Kind kind = Kind::file;
  std::string path;
  uint64_t number = 0;  // the source's own: which of its blobs this is
  // What opens the file on disk that the blob is, or is a member of: as Blob::id. Empty where there
  // is none, as of streams and repositories. Never shown: a key in it is not redacted.
  std::string file = {};
};

// Facts of a blob that has findings, shared by them.
struct BlobFacts {
  uint64_t length = 0;
  std::string sha256;  // hexadecimal; empty where the blob was not at hand as a whole
};

// What the history of a repository says of a key at a path. Names and times are cut out of commits
// and may hold any bytes but keys. Commits are written in hexadecimal; absent ones are empty.
struct GitFacts {
  std::string object;  // what holds it: blob, tree (the key stands in a file's name), commit, tag
  std::string blob;    // id of the object that `location` is about; empty for names
  std::string commit;  // newest commit that holds it; empty if only the index or nothing does
  std::string path;    // empty: not known (an object that no commit holds)
  std::string author;  // of `introduced_by`, "Dana <dana@example.org>", after .mailmap; of a tag
                       // who made it, with its time and subject
  std::string committer;
  std::string time;     // author's, UTC, 2025-11-02T08:00:00Z
  std::string subject;  // first line of the message
  std::string introduced_by;
  std::string removed_by;
  bool present_at_head = false;
  bool staged = false;                       // found in the index
  uint64_t occurrences = 0;                  // versions of the path that hold the key
  std::vector<std::string> branches, tags;   // whose history holds it, the first few
  uint64_t branch_count = 0, tag_count = 0;  // all of them
  std::vector<std::string> refs;  // the same of other refs, by their full names: refs/stash
  uint64_t ref_count = 0;
  bool refs_known = true;  // false: nobody looked which branches, tags and refs hold it
};

// The record of an export that holds a key. Facts: docs/records.md. Absent ones are empty. Cut out
// of the export: valid UTF-8 without control characters, and every key in it redacted.
struct Record {
  std::string system;     // slack, jira, mail …; empty: there is no record
  std::string container;  // channel, project, mailbox, app, unit
  std::string id;         // as it is cited there: PAY-118#comment-10044
  std::string author;     // readable name, else login or id
  std::string time;       // of creation, UTC: 2025-11-02T08:00:00Z
  std::string link;
  std::string operation;  // what ran when it was logged: a function's or an operation's name

  friend bool operator==(const Record&, const Record&) = default;
};

// How a key that does not prove itself as it stands can still be known: a damaged one is put right,
// a masked one is found again (rules/keys/repair.h). Of a finding at confidence `signature`.
struct Damage {
  std::string what;         // "one character replaced", "6 characters masked"
  bool masked = false;      // hidden on purpose, but too little of it
  uint64_t tried = 0;       // candidates whose checksum was computed
  double by_chance = 0;     // how many of those hold by chance: tried * seeds / 2^32
  uint64_t candidates = 0;  // keys that it may be; 1: it is that one
  // Of the candidates, up to three. Of a single one it is `Finding::fingerprint` as well.
  std::vector<std::string> fingerprints;
};

// What someone wrote beside a key to say that it is none: on its line, or the line before.
struct Marker {
  std::string_view word;  // assay:allow, gitleaks:allow …; a literal
  std::string rule;       // of assay:allow, the rule it is about; empty: any
  std::string reason;     // valid UTF-8, printable, keys redacted; may be empty
  uint64_t line = 0;      // how many lines above the key it stands: 0 or 1
};

// Why a finding does not count. It stays in the full reports.
struct Suppression {
  enum class Kind { marker, baseline, allowlist, sample };
  Kind kind = Kind::marker;
  std::string by;      // "assay:allow", ".assay-baseline:12", ".assay.toml:7", "published sample"
  std::string reason;  // printable, may be empty
};
std::string_view to_string(Suppression::Kind kind);

// How a finding stands to what was known before (--baseline, --base-sarif).
enum class BaselineState { none, is_new, unchanged, updated };
std::string_view to_string(BaselineState state);  // "", "new", "unchanged", "updated"

// One key at one place.
struct Finding {
  const Rule* rule = nullptr;
  std::string_view kind;  // master, system, function, unknown
  Confidence confidence = Confidence::verified;
  Secret secret;  // canonical text
  std::string redacted;
  std::string fingerprint;  // C3ID; empty for `context` findings, whose value could be guessed
  std::shared_ptr<const Provenance> provenance;
  std::shared_ptr<const BlobFacts> facts;  // may be null
  Location location;
  std::vector<std::string_view> encoding;  // outermost first
  KeyContext context;
  Snippet snippet;
  std::shared_ptr<const GitFacts> git;        // null outside of repositories
  std::shared_ptr<const Record> record;       // null where no record is known
  std::shared_ptr<const Damage> damage = {};  // null where the key is neither damaged nor masked
  std::string born = {};                      // "2024-05", where the key says so
  std::shared_ptr<const Marker> marker = {};  // the nearest one that may be about it
  std::shared_ptr<const Suppression> suppression = {};  // null: it counts
  BaselineState baseline_state = BaselineState::none;
  // GitHub's primaryLocationLineHash of the line; empty where the blob was not at hand as a whole.
  std::string line_hash;
};

// Something in scope that was not scanned, or not to its end. Any of these makes a run incomplete.
struct Diagnostic {
  enum class Kind { unreadable, skipped, changed, limit, interrupted, record };
  Kind kind = Kind::unreadable;
  std::string path;    // as in Provenance; empty if it is about the run
  std::string reason;  // half a sentence: "permission denied"
  std::string remedy;  // a sentence or empty
  bool accepted =
      false;  // told, but the run is complete without it: the user said that it may be
              // missing (--accept-missing), or only records are not known (Kind::record)
};
std::string_view to_string(Diagnostic::Kind kind);

// A file of the input as it was when it was scanned, for the record of an incident.
struct Evidence {
  std::string path;  // as in Provenance
  uint64_t bytes = 0;
  std::string sha256;  // hexadecimal
};

// What was looked at.
struct ScanSummary {
  uint64_t blobs = 0;
  uint64_t bytes = 0;
  uint64_t decoded_bytes = 0;  // of members of containers, and of streams in compressed files
  uint64_t members = 0;        // of containers
  uint64_t findings = 0;
  uint64_t suppressed = 0;  // of the findings
  uint64_t failing = 0;     // of the findings: those that --fail-on counts
  uint64_t diagnostics = 0;
  uint64_t accepted = 0;  // of the diagnostics
  uint64_t ignored =
      0;  // paths out of scope: .assayignore, --exclude, `.git` folders, links not followed
  bool interrupted = false;
  std::string_view unit = "file";  // what `blobs` counts: file, object
  // With --evidence: what holds the findings, in order of the path, and how the run was started.
  // Every key in an argument is redacted.
  std::vector<Evidence> evidence = {};
  std::vector<std::string> arguments = {};
  std::vector<std::string> inputs = {};    // as named by the user: paths, "stdin", the repository
  std::string config = {};                 // file that was used, as reported; empty: none
  std::vector<std::string> disabled = {};  // ids of rules that it turned off
  // Whole sentences on what the run was asked for: baseline entries that are over or were not used,
  // rules that are slow by construction.
  std::vector<std::string> notes = {};
  bool complete() const { return diagnostics == accepted && !interrupted; }
};

}  // namespace assay
