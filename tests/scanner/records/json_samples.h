// Exports for tests of records: samples with placeholders for keys, and how to ask for the records
// of the keys in them.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/mint.h"
#include "scanner/records/json_fields.h"
#include "scanner/records/record.h"

namespace assay::json_test {

struct Sample {
  std::string name;
  std::string path;
  std::string text;                  // with placeholders
  std::vector<std::string> records;  // of each key, as told() writes them
  std::map<std::string, std::string> beside = {};
  std::string problem = {};
};

inline std::string filled(std::string_view text, uint64_t seed = 1) {
  SeededRandom random(seed);
  return fill_placeholders(text, random);
}

// Where the keys of a text without disguises begin.
inline std::vector<uint64_t> key_offsets(std::string_view text) {
  std::vector<uint64_t> offsets;
  for (size_t at = text.find("AzFu"); at != std::string_view::npos;
       at = text.find("AzFu", at + 1)) {
    if (at >= 44) offsets.push_back(at - 44);
  }
  return offsets;
}

// system | container | id | author | time | link | operation; without what is empty at the end.
inline std::string told(const Record& record) {
  std::string text =
      fmt::format("{} | {} | {} | {} | {} | {} | {}", record.system, record.container, record.id,
                  record.author, record.time, record.link, record.operation);
  text.resize(text.find_last_not_of(" |") + 1);
  return text;
}

struct Answer {
  std::string system;  // of the format that took it; empty: none did
  std::vector<Record> records;
  std::string problem;
};

// Asks the first of `formats` that recognises the text, as find_records does.
inline Answer ask(std::span<const RecordFormat> formats, const std::string& path,
                  const std::string& text, const std::map<std::string, std::string>& beside,
                  const std::vector<uint64_t>& offsets) {
  const ViewReader reader(text);
  Export in;
  in.path = path;
  in.head = std::string_view(text).substr(0, kExportHead);
  in.bytes = &reader;
  in.beside = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = beside.find(std::string(name));
    if (found == beside.end()) return std::nullopt;
    return found->second;
  };
  for (const RecordFormat& format : formats) {
    if (!format.recognises(in)) continue;
    FoundRecords found = format.find(in, offsets);
    return {std::string(format.system), std::move(found.records), found.problem};
  }
  return {"", std::vector<Record>(offsets.size()), ""};
}

// Asks for the keys of a sample. Every row must be told as it says.
inline void expect_records(const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    const std::string text = filled(sample.text);
    const Answer answer = ask(json_formats(), sample.path, text, sample.beside, key_offsets(text));
    std::vector<std::string> records;
    for (const Record& record : answer.records) records.push_back(told(record));
    EXPECT_EQ(records, sample.records) << sample.name;
    EXPECT_EQ(answer.problem, sample.problem) << sample.name;
  }
}

// The samples that a test file below tells record by record; json_formats_test.cc asks them in
// damaged and rearranged forms too.
std::vector<Sample> chat_samples();
std::vector<Sample> ticket_samples();
std::vector<Sample> log_samples();
std::vector<Sample> config_samples();

}  // namespace assay::json_test
