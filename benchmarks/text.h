// Made-up text that looks like what assay reads: server logs, JSON records, source files.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "rules/keys/mint.h"

namespace assay {

// At least `bytes` bytes of whole log lines, as web servers and Functions apps write them. 8 % of
// the lines have a masked `code=` or `x-functions-key`, which no rule may report.
std::string log_text(size_t bytes, SeededRandom& random);

// At least `bytes` bytes of JSON objects, each followed by a comma, no line end anywhere. Each
// begins with kRecordStart.
std::string json_records(size_t bytes, SeededRandom& random);
inline constexpr std::string_view kRecordStart = R"({"time":)";

struct Language {
  std::string_view extension;
  std::span<const std::string_view> lines;  // templates
};
std::span<const Language> languages();

// At least `bytes` bytes of whole lines that look like source files of that language.
std::string source_text(const Language& language, size_t bytes, SeededRandom& random);

// `count` digits of url-safe base64.
std::string digits(size_t count, SeededRandom& random);

}  // namespace assay
