// Recordings of terminals (asciinema). An event's time counts from the start (version 2) or from
// the event before (version 3):
//
//   {"version":2,"width":80,"height":24,"timestamp":1762070400,"title":"deploy"}
//   [1.5,"o","curl …?code=KEY\r\n"]
//
// Version 1 is one object, which has neither a time nor lines: {"version":1,…,"stdout":[[0.1,"…"]]}
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "scanner/records/export_text.h"
#include "scanner/records/json_top.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr size_t kMostHeader = size_t{64} << 10;

// What the members at the top of the first object say.
struct Header {
  int version = 0;
  std::optional<int64_t> timestamp;
  std::string title;
  bool size = false;     // width and height, or term
  bool stdout_ = false;  // version 1's events
};

class HeaderFields : public JsonTop {
 public:
  explicit HeaderFields(Header& header) : header_(header) {}

  void name(std::string& name) override {
    key_ = name;
    header_.size |= name == "height" || name == "term";
    header_.stdout_ |= name == "stdout";
  }
  void text(std::string& value) override {
    if (key_ == "title") header_.title = value.substr(0, 1024);
  }
  void whole_number(uint64_t value) override {
    if (key_ == "version" && value <= 3) header_.version = static_cast<int>(value);
    if (key_ == "timestamp" && value < 253402300800) {
      header_.timestamp = static_cast<int64_t>(value);
    }
  }

 private:
  Header& header_;
  std::string key_;
};

std::optional<Header> read_header(std::string_view head) {
  if (!head.starts_with('{')) return std::nullopt;
  Header header;
  HeaderFields fields(header);
  const std::string_view first = head.substr(0, head.find('\n')).substr(0, kMostHeader);
  if (nlohmann::json::sax_parse(first, &fields) && header.version >= 2) {
    return header.size ? std::optional(header) : std::nullopt;
  }
  // Version 1 may be written over lines, and be longer than the head: what can be read counts.
  Header whole;
  HeaderFields more(whole);
  nlohmann::json::sax_parse(head.substr(0, kMostHeader), &more);
  if (whole.version != 1 || !whole.size || !whole.stdout_) return std::nullopt;
  whole.timestamp.reset();
  return whole;
}

// The number that an event begins with.
std::optional<double> event_time(std::string_view line) {
  const std::string_view text = without_spaces(line);
  if (!text.starts_with('[')) return std::nullopt;
  const size_t comma = text.substr(0, 64).find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const std::string_view number = without_spaces(text.substr(1, comma - 1));
  const nlohmann::json value = nlohmann::json::parse(number, nullptr, false);
  if (!value.is_number()) return std::nullopt;
  const double seconds = value.get<double>();
  if (!(seconds >= 0 && seconds < 1e10)) return std::nullopt;
  return seconds;
}

std::string time_after(const Header& header, double seconds) {
  if (!header.timestamp || !(seconds >= 0 && seconds < 1e11)) return {};
  return epoch_time(*header.timestamp + static_cast<int64_t>(seconds));
}

Record base_record(const Export& in, const Header& header) {
  Record record;
  record.system = "asciicast";
  record.container = header.title.empty() ? std::string(file_stem(in.path)) : header.title;
  return record;
}

// Version 3: the sum of all intervals up to each offset's line.
FoundRecords sum_times(const Export& in, Offsets offsets, const Header& header) {
  FoundRecords found;
  found.records.resize(offsets.size(), base_record(in, header));
  LineReader lines(in);
  std::string_view line;
  uint64_t begin = 0, length = 0;
  double seconds = 0;
  size_t next = 0;
  for (bool first = true; next < offsets.size() && lines.next(line, begin, length, 128);
       first = false) {
    const std::optional<double> interval = first ? std::nullopt : event_time(line);
    seconds += interval.value_or(0);
    for (; next < offsets.size() && offsets[next] < begin + length; ++next) {
      if (interval || first) found.records[next].time = time_after(header, seconds);
    }
  }
  return found;
}

}  // namespace

bool is_asciicast(const Export& in) { return read_header(in.head).has_value(); }

FoundRecords find_in_asciicast(const Export& in, Offsets offsets) {
  const std::optional<Header> header = read_header(in.head);
  FoundRecords found;
  if (!header) {
    found.records.resize(offsets.size());
    return found;
  }
  if (header->version == 3) return sum_times(in, offsets, *header);
  LineFinder lines(in);
  for (const uint64_t offset : offsets) {
    Record& record = found.records.emplace_back(base_record(in, *header));
    if (header->version != 2) continue;
    const Line* line = lines.at(offset);
    if (line == nullptr) continue;
    const std::optional<double> seconds = line->begin == 0 ? 0.0 : event_time(line->text);
    if (seconds) record.time = time_after(*header, *seconds);
  }
  found.problem = lines.problem();
  return found;
}

}  // namespace assay
