// An earlier SARIF log of assay, as what a scan is compared with (--base-sarif).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/finding.h"

namespace assay {

// A result of the log. Its texts are the log's: any bytes that are valid UTF-8.
struct BaseResult {
  std::string_view category;  // of its run, ends in `/`; that of the whole, of a part; may be empty
  std::string rule;           // id
  std::string uri;            // percent-encoded, relative to a base
  std::string fingerprint;    // secretHash/v1; empty where a value could be guessed
  std::string line_hash;      // primaryLocationLineHash; may be empty
  uint64_t line = 0, column = 0, end_line = 0, end_column = 0;  // 0: not told
  std::vector<std::string> arguments;  // of its message, as they stand there
};

// Read once, then asked for each finding on one thread. A result is known again by its rule, its
// uri and its secretHash, or where it has none, its line hash.
class BaseSarif {
 public:
  static constexpr size_t kMaxBytes = size_t{256} << 20;
  static constexpr size_t kMaxResults = 250'000;
  static constexpr size_t kMaxDepth = 64;
  static constexpr size_t kMaxFiles = 64;  // of a folder

  // Throws Error, with the name and a remedy: no JSON, no SARIF 2.1.0, not of assay, over a limit.
  // Results that were gone already (`absent`) do not count, nor runs of other tools.
  static BaseSarif parse(std::string_view text, std::string_view name);
  // A log, or a folder, whose files `*.sarif` are read as one log in parts.
  static BaseSarif read(const std::string& path, std::string_view name);

  BaseSarif(BaseSarif&&) noexcept;
  BaseSarif& operator=(BaseSarif&&) noexcept;
  ~BaseSarif();

  // Sets baseline_state, unless a baseline file has set it to unchanged: unchanged, where the log
  // has it; updated, where it has this secret under this rule at other places only; else new. `uri`
  // is place_uri of the finding (reports/format.h). Notes what it has seen.
  void judge(Finding& finding, std::string_view uri);

  // The results that no judged finding was, nor came from, in the order of the log.
  std::vector<const BaseResult*> absent() const;

  size_t size() const;  // results

 private:
  struct Index;
  explicit BaseSarif(std::unique_ptr<Index> index);
  std::unique_ptr<Index> index_;
};

}  // namespace assay
