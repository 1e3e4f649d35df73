// Reads a log value by value, without building it up: a table says which values are wanted.
//
//   {"runs":[{"tool":{"driver":{"name":"assay"}},"automationDetails":{"id":"assay/git/p03-of-16/"},
//     "results":[{"ruleId":"AZF1001","locations":[{"physicalLocation":{"artifactLocation":
//       {"uri":"src/a.py"}}}],"partialFingerprints":{"secretHash/v1":"kXWo…"}}]}]}
#include "response/base_sarif_read.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace assay {

namespace {

constexpr size_t kMostText = 8192;    // bytes of a value that is kept; a longer one is not ours
constexpr size_t kMostArguments = 8;  // of a message

// What a value is to us. Objects and arrays that are not wanted are `other`, and all in them.
enum class At : unsigned char {
  other,
  log,
  version,
  runs,
  run,
  tool,
  driver,
  name,
  details,
  category,
  results,
  result,
  rule,
  state,
  message,
  arguments,
  argument,
  locations,
  location,
  physical,
  artifact,
  uri,
  region,
  line,
  column,
  end_line,
  end_column,
  fingerprints,
  line_hash,
  secret_hash,
};

constexpr std::string_view kItem = "[]";

struct Step {
  At from;
  std::string_view name;  // of the member; kItem of an array
  At to;
};

constexpr Step kSteps[] = {
    {At::log, "version", At::version},
    {At::log, "runs", At::runs},
    {At::runs, kItem, At::run},
    {At::run, "tool", At::tool},
    {At::tool, "driver", At::driver},
    {At::driver, "name", At::name},
    {At::run, "automationDetails", At::details},
    {At::details, "id", At::category},
    {At::run, "results", At::results},
    {At::results, kItem, At::result},
    {At::result, "ruleId", At::rule},
    {At::result, "baselineState", At::state},
    {At::result, "message", At::message},
    {At::message, "arguments", At::arguments},
    {At::arguments, kItem, At::argument},
    {At::result, "locations", At::locations},
    {At::locations, kItem, At::location},
    {At::location, "physicalLocation", At::physical},
    {At::physical, "artifactLocation", At::artifact},
    {At::artifact, "uri", At::uri},
    {At::physical, "region", At::region},
    {At::region, "startLine", At::line},
    {At::region, "startColumn", At::column},
    {At::region, "endLine", At::end_line},
    {At::region, "endColumn", At::end_column},
    {At::result, "partialFingerprints", At::fingerprints},
    {At::fingerprints, "primaryLocationLineHash", At::line_hash},
    {At::fingerprints, "secretHash/v1", At::secret_hash},
};

At step(At from, std::string_view name) {
  if (from == At::other) return At::other;
  for (const Step& known : kSteps) {
    if (known.from == from && known.name == name) return known.to;
  }
  return At::other;
}

// The callbacks of nlohmann's SAX parser; false ends it.
class LogReader {
 public:
  LogReader(size_t most_results, ReadLog& log) : most_results_(most_results), log_(log) {}

  bool null() { return item(); }
  bool boolean(bool) { return item(); }
  bool number_integer(int64_t) { return item(); }
  bool number_float(double, const std::string&) { return item(); }
  bool binary(nlohmann::json::binary_t&) { return item(); }

  bool number_unsigned(uint64_t number) {
    item();
    switch (value_) {
      case At::line:
        result_.line = number;
        break;
      case At::column:
        result_.column = number;
        break;
      case At::end_line:
        result_.end_line = number;
        break;
      case At::end_column:
        result_.end_column = number;
        break;
      default:
        break;
    }
    return true;
  }

  bool string(std::string& text) {
    item();
    if (text.size() > kMostText) return true;
    if (std::string* const wanted = place()) {
      *wanted = std::move(text);
    } else if (value_ == At::argument && result_.arguments.size() < kMostArguments) {
      result_.arguments.push_back(std::move(text));
    }
    return true;
  }

  bool start_object(size_t) {
    if (depth_.empty() && !begun_) {
      begun_ = true;
      value_ = At::log;
    } else {
      item();
    }
    if (value_ == At::run) log_.runs.emplace_back();
    if (value_ == At::result) {
      result_ = {};
      state_.clear();
      locations_ = 0;
    }
    // GitHub and others take the first one.
    if (value_ == At::location && ++locations_ > 1) value_ = At::other;
    return enter(false);
  }
  bool key(std::string& name) {
    value_ = name == kItem ? At::other : step(depth_.back(), name);
    return true;
  }
  bool end_object() {
    const At ended = leave();
    if (ended != At::result || state_ == "absent") return true;
    if (results_ == most_results_) {
      log_.fault = fmt::format("it has over {} results", most_results_);
      return false;
    }
    ++results_;
    log_.runs.back().results.push_back(std::move(result_));
    return true;
  }
  bool start_array(size_t) {
    item();
    if (depth_.empty()) return wrong();
    return enter(true);
  }
  bool end_array() {
    leave();
    return true;
  }
  bool parse_error(size_t, const std::string&, const nlohmann::json::exception&) { return wrong(); }

 private:
  bool wrong() {
    if (log_.fault.empty()) log_.fault = "it is no JSON object";
    return false;
  }

  // What stands in an array is known by the array, else by the key before it.
  bool item() {
    if (!depth_.empty() && in_array_.back()) value_ = step(depth_.back(), kItem);
    if (depth_.empty()) value_ = At::other;
    return true;
  }
  bool enter(bool array) {
    if (depth_.size() == BaseSarif::kMaxDepth) {
      log_.fault = "it nests too deep";
      return false;
    }
    depth_.push_back(value_);
    in_array_.push_back(array);
    return true;
  }
  At leave() {
    const At left = depth_.back();
    depth_.pop_back();
    in_array_.pop_back();
    return left;
  }

  std::string* place() {
    switch (value_) {
      case At::version:
        return &log_.version;
      case At::name:
        return &log_.runs.back().tool;
      case At::category:
        return &log_.runs.back().category;
      case At::rule:
        return &result_.rule;
      case At::state:
        return &state_;
      case At::uri:
        return &result_.uri;
      case At::line_hash:
        return &result_.line_hash;
      case At::secret_hash:
        return &result_.fingerprint;
      default:
        return nullptr;
    }
  }

  const size_t most_results_;
  ReadLog& log_;
  size_t results_ = 0;
  std::vector<At> depth_;       // what is open
  std::vector<bool> in_array_;  // beside it
  At value_ = At::other;        // what comes next
  bool begun_ = false;
  BaseResult result_;
  std::string state_;
  size_t locations_ = 0;  // of result_
};

}  // namespace

ReadLog read_sarif(std::string_view text, size_t most_results) {
  ReadLog log;
  LogReader reader(most_results, log);
  const bool whole = nlohmann::json::sax_parse(text, &reader);
  if (!whole && log.fault.empty()) log.fault = "it is no JSON object";
  return log;
}

}  // namespace assay
