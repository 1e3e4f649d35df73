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
};

// Facts of a blob that has findings, shared by them.
struct BlobFacts {
  uint64_t length = 0;
  std::string sha256;  // hexadecimal; empty where the blob was not at hand as a whole
};

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
  // GitHub's primaryLocationLineHash of the line; empty where the blob was not at hand as a whole.
  std::string line_hash;
};

// Something in scope that was not scanned, or not to its end. Any of these makes a run incomplete.
struct Diagnostic {
  enum class Kind { unreadable, skipped, changed, limit, interrupted };
  Kind kind = Kind::unreadable;
  std::string path;    // as in Provenance; empty if it is about the run
  std::string reason;  // half a sentence: "permission denied"
  std::string remedy;  // a sentence or empty
};
std::string_view to_string(Diagnostic::Kind kind);

// What was looked at.
struct ScanSummary {
  uint64_t blobs = 0;
  uint64_t bytes = 0;
  uint64_t findings = 0;
  uint64_t diagnostics = 0;
  uint64_t ignored =
      0;  // paths out of scope: .assayignore, --exclude, `.git` folders, links not followed
  bool interrupted = false;
  bool complete() const { return diagnostics == 0 && !interrupted; }
};

}  // namespace assay
