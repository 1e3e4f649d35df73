// The systemd journal, as `journalctl -o export` and `-o json` write it.
//
//   __CURSOR=s=6f…;i=1a                      fields in any order, an empty line behind each entry
//   __REALTIME_TIMESTAMP=1762070400000000
//   _SYSTEMD_UNIT=orders.service
//   MESSAGE                                  a value with line breaks: its length in 8 bytes,
//   \x2a\0\0\0\0\0\0\0GET …?code=KEY         little-endian, and then itself
//
//   {"__CURSOR":"s=6f…;i=1a","__REALTIME_TIMESTAMP":"1762070400000000","MESSAGE":"…"}
//
// Values with a length may hold empty lines, so the export form is read from its start.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "scanner/records/export_text.h"
#include "scanner/records/json_top.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr size_t kMostValue = 1024;  // of the fields that are told
constexpr size_t kBlock = size_t{64} << 10;

struct Entry {
  std::string cursor, time, unit, identifier, host;

  std::string* field(std::string_view name) {
    if (name == "__CURSOR") return &cursor;
    if (name == "__REALTIME_TIMESTAMP") return &time;
    if (name == "_SYSTEMD_UNIT") return &unit;
    if (name == "SYSLOG_IDENTIFIER") return &identifier;
    return nullptr;
  }
  bool known() const { return !cursor.empty() || !time.empty() || !unit.empty(); }
  Record record() const {
    Record record;
    if (!known()) return record;
    record.system = "journald";
    record.container = unit.empty() ? identifier : unit;
    record.id = cursor;
    record.time = epoch_time(time, EpochUnit::microseconds);
    return record;
  }
};

// --- The export form ----------------------------------------------------------------------------

bool is_field_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string_view::npos;
}

// Bytes in order, a block at a time.
class Bytes {
 public:
  explicit Bytes(const Export& in) : in_(in) {}
  uint64_t at() const { return base_ + at_; }

  // Up to a line break, which is taken; at most `most` bytes of it are given. False at the end.
  bool line(std::string& out, size_t most) {
    out.clear();
    if (at_ == block_.size() && !fill()) return false;
    for (;;) {
      const size_t cut = block_.find('\n', at_);
      const size_t end = std::min(cut, block_.size());
      out.append(block_, at_, std::min(end - at_, most - std::min(most, out.size())));
      at_ = end;
      if (cut != std::string::npos) {
        ++at_;
        return true;
      }
      if (!fill()) return true;
    }
  }
  // `length` bytes, of which at most `most` are given. False if fewer are left.
  bool take(uint64_t length, std::string& out, size_t most) {
    out.clear();
    const uint64_t size = in_.bytes->size().value_or(0);
    if (length > size || at() > size - length) return false;
    out = stretch(in_, at(), static_cast<size_t>(std::min<uint64_t>(length, most)));
    base_ = at() + length;
    block_.clear();
    at_ = 0;
    return true;
  }

 private:
  bool fill() {
    base_ += block_.size();
    block_ = stretch(in_, base_, kBlock);
    at_ = 0;
    return !block_.empty();
  }
  const Export& in_;
  std::string block_;
  uint64_t base_ = 0;
  size_t at_ = 0;
};

uint64_t little_endian(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// Reads one field; false if it is damaged or cut off.
bool read_field(Bytes& bytes, std::string_view line, Entry& entry) {
  const size_t equals = line.find('=');
  if (equals != std::string_view::npos) {
    if (!is_field_name(line.substr(0, equals))) return false;
    std::string* field = entry.field(line.substr(0, equals));
    if (field != nullptr && field->empty()) *field = line.substr(equals + 1);
    return true;
  }
  if (!is_field_name(line)) return false;
  std::string length, value;
  if (!bytes.take(8, length, 8)) return false;
  if (!bytes.take(little_endian(length), value, kMostValue)) return false;
  std::string* field = entry.field(line);
  if (field != nullptr && field->empty()) *field = value;
  std::string rest;
  return bytes.line(rest, 1) && rest.empty();
}

// --- The JSON form ------------------------------------------------------------------------------

// Takes the fields that are told from the top of one object; holds nothing else.
class Fields : public JsonTop {
 public:
  explicit Fields(Entry& entry) : entry_(entry) {}

  void name(std::string& name) override { field_ = entry_.field(name); }
  void text(std::string& value) override {
    if (field_ != nullptr && field_->empty()) *field_ = value.substr(0, kMostValue);
  }

 private:
  Entry& entry_;
  std::string* field_ = nullptr;
};

}  // namespace

bool is_journald_export(const Export& in) {
  size_t known = 0;
  for (size_t at = 0, lines = 0; at < in.head.size() && lines < 64; ++lines) {
    const size_t end = std::min(in.head.find('\n', at), in.head.size());
    const std::string_view line = in.head.substr(at, end - at);
    const size_t equals = line.find('=');
    if (line.empty() || equals == std::string_view::npos) break;
    if (!is_field_name(line.substr(0, equals))) return false;
    known += line.starts_with("__CURSOR=s=") || line.starts_with("__REALTIME_TIMESTAMP=") ||
             line.starts_with("__MONOTONIC_TIMESTAMP=") || line.starts_with("_BOOT_ID=");
    at = end + 1;
  }
  return known >= 2;
}

FoundRecords find_in_journald_export(const Export& in, Offsets offsets) {
  FoundRecords found;
  found.records.resize(offsets.size());
  Bytes bytes(in);
  size_t next = 0;
  const auto end_entry = [&](Entry& entry) {
    for (; next < offsets.size() && offsets[next] < bytes.at(); ++next) {
      found.records[next] = entry.record();
    }
    entry = {};
  };
  Entry entry;
  std::string line;
  while (next < offsets.size()) {
    const uint64_t begin = bytes.at();
    if (!bytes.line(line, kMostValue + 64)) break;
    if (line.empty()) {
      end_entry(entry);
    } else if (!read_field(bytes, line, entry)) {
      end_entry(entry);
      found.problem = fmt::format("the journal is cut off or damaged at byte {}", begin);
      // Behind a damaged length nothing says where the next entry begins.
      return found;
    }
  }
  const bool open = next < offsets.size();
  end_entry(entry);
  if (open) found.problem = fmt::format("the journal ends within an entry at byte {}", bytes.at());
  return found;
}

bool is_journald_json(const Export& in) {
  const std::string_view line = in.head.substr(0, in.head.find('\n'));
  return line.starts_with('{') && line.find("\"__REALTIME_TIMESTAMP\"") != std::string_view::npos &&
         (line.find("\"__CURSOR\"") != std::string_view::npos ||
          line.find("\"_BOOT_ID\"") != std::string_view::npos);
}

FoundRecords find_in_journald_json(const Export& in, Offsets offsets) {
  FoundRecords found;
  LineFinder lines(in);
  uint64_t parsed = UINT64_MAX;  // where the line of `last` begins
  Record last;
  for (const uint64_t offset : offsets) {
    const Line* line = lines.at(offset);
    if (line == nullptr) {
      found.records.emplace_back();
      continue;
    }
    if (line->begin != parsed) {
      Entry entry;
      Fields fields(entry);
      if (!nlohmann::json::sax_parse(line->text, &fields) && found.problem.empty()) {
        found.problem = fmt::format("the JSON of the line at byte {} is malformed", line->begin);
      }
      last = entry.record();
      parsed = line->begin;
    }
    found.records.push_back(last);
  }
  if (found.problem.empty()) found.problem = lines.problem();
  return found;
}

}  // namespace assay
