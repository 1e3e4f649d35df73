// What the tests of text_formats() share: samples with keys, the record of each, and what must hold
// however a sample is damaged.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/mint.h"
#include "scanner/records/record.h"
#include "tests/support/memory_source.h"

namespace assay::text_test {

struct Sample {
  std::string name;
  std::string path;
  std::string text;             // with placeholders for keys
  std::vector<Record> records;  // of each key, in order
  std::string problem;          // what FoundRecords::problem must hold
};

inline std::string filled(std::string_view text) {
  SeededRandom random(7);
  return fill_placeholders(text, random);
}

// Where the keys begin. Their signature stands behind 44 digits.
inline std::vector<uint64_t> keys_in(std::string_view text) {
  std::vector<uint64_t> offsets;
  for (size_t at = text.find("AzFu"); at != std::string_view::npos;
       at = text.find("AzFu", at + 1)) {
    offsets.push_back(at - std::min<size_t>(at, 44));
  }
  return offsets;
}

struct Told {
  std::string_view system;  // of the row that recognised it; empty if none did
  FoundRecords found;
};

inline Told tell(const std::string& path, const std::string& text,
                 const std::vector<uint64_t>& offsets) {
  const MemoryReader bytes(text, 0, false, true);
  Export in;
  in.path = path;
  in.head = std::string_view(text).substr(0, kExportHead);
  in.bytes = &bytes;
  for (const RecordFormat& format : text_formats()) {
    if (!format.recognises(in)) continue;
    Told told{format.system, format.find(in, offsets)};
    EXPECT_EQ(told.found.records.size(), offsets.size()) << format.system;
    told.found.records.resize(offsets.size());
    return told;
  }
  return {"", {std::vector<Record>(offsets.size()), ""}};
}

inline std::string shown(const Record& record) {
  return "system " + record.system + ", container " + record.container + ", id " + record.id +
         ", author " + record.author + ", time " + record.time + ", link " + record.link +
         ", operation " + record.operation;
}

inline void expect_records(const Sample& sample) {
  SCOPED_TRACE(sample.name);
  const std::string text = filled(sample.text);
  const std::vector<uint64_t> offsets = keys_in(text);
  ASSERT_EQ(offsets.size(), sample.records.size());
  const Told told = tell(sample.path, text, offsets);
  for (size_t i = 0; i < offsets.size(); ++i) {
    EXPECT_EQ(shown(told.found.records[i]), shown(sample.records[i])) << "key " << i;
  }
  if (sample.problem.empty()) {
    EXPECT_EQ(told.found.problem, "");
  } else {
    EXPECT_NE(told.found.problem.find(sample.problem), std::string::npos) << told.found.problem;
  }
}

// Whether each field is as in `full`, or empty, or cut off.
inline bool is_part_of(const Record& record, const Record& full) {
  const auto fits = [](const std::string& part, const std::string& whole) {
    return whole.starts_with(part);
  };
  return fits(record.container, full.container) && fits(record.id, full.id) &&
         fits(record.author, full.author) && fits(record.time, full.time) &&
         fits(record.link, full.link) && fits(record.operation, full.operation);
}

// Of what is cut off, the record is whole, or a problem is told, or the cut is in the key's line.
inline void expect_truncations_told(const Sample& sample) {
  SCOPED_TRACE(sample.name);
  const std::string text = filled(sample.text);
  const std::vector<uint64_t> offsets = keys_in(text);
  for (size_t cut = 0; cut < text.size(); cut += 50) {
    const std::string part = text.substr(0, cut);
    std::vector<uint64_t> there;
    for (const uint64_t offset : offsets) {
      if (offset + 56 <= cut) there.push_back(offset);
    }
    const Told told = tell(sample.path, part, there);
    if (told.system.empty()) continue;
    for (size_t i = 0; i < there.size(); ++i) {
      const Record& record = told.found.records[i];
      if (record == sample.records[i]) continue;
      const bool in_line = part.find('\n', there[i]) == std::string::npos;
      EXPECT_TRUE(!told.found.problem.empty() || (in_line && is_part_of(record, sample.records[i])))
          << "cut at " << cut << ", key " << i << ": " << shown(record);
    }
  }
}

// Changed bits may change what is told, but nothing else happens; the sanitizers look on.
inline void expect_survives_flips(const Sample& sample) {
  SCOPED_TRACE(sample.name);
  const std::string text = filled(sample.text);
  const std::vector<uint64_t> offsets = keys_in(text);
  SeededRandom random(11);
  for (int round = 0; round < 200; ++round) {
    std::string damaged = text;
    for (uint64_t flips = 1 + random.below(4); flips > 0; --flips) {
      damaged[random.below(damaged.size())] ^= static_cast<char>(1 << random.below(8));
    }
    tell(sample.path, damaged, offsets);
  }
}

template <typename Samples>
void expect_all(const Samples& samples) {
  for (const Sample& sample : samples) {
    expect_records(sample);
    if (sample.problem.empty()) expect_truncations_told(sample);
    expect_survives_flips(sample);
  }
}

// Which row recognises a text; empty if none does.
inline std::string recognised(const std::string& path, const std::string& text) {
  return std::string(tell(path, filled(text), {}).system);
}

}  // namespace assay::text_test
