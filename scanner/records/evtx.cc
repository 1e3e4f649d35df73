// Windows event logs. Of a record the header is read, which says its number and time; what stands
// in it as binary XML (channel, user) is not, so the channel is taken from the file's name, where
// Windows writes `Microsoft-Windows-PowerShell%4Operational.evtx`.
//
//   "ElfFile\0" … chunks of 64 KiB, the first at 4096: "ElfChnk\0" … records:
//   "**\0\0"  size (u32)  number (u64)  FILETIME (u64)  binary XML …  size again (u32)
#include <fmt/format.h>

#include <optional>
#include <string>

#include "scanner/records/export_text.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr uint64_t kFileHeader = 4096;
constexpr size_t kChunk = size_t{64} << 10;
constexpr size_t kChunkHeader = 512;
constexpr size_t kRecordHeader = 24;

uint64_t number(std::string_view bytes, size_t at, size_t length) {
  uint64_t value = 0;
  for (size_t i = length; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

std::string channel_of(std::string_view path) {
  std::string name(file_stem(path));
  if (const size_t at = name.find("%4"); at != std::string::npos) name.replace(at, 2, "/");
  return name;
}

// Walks the records of a chunk, which follow each other from its header on.
class Chunk {
 public:
  Chunk(const Export& in, uint64_t begin) : bytes_(stretch(in, begin, kChunk)) {
    whole_ = bytes_.starts_with(std::string_view("ElfChnk\0", 8));
  }

  // The record that covers `at`; places must ascend.
  std::optional<Record> record_at(size_t at) {
    while (whole_ && at_ <= at && at_ + kRecordHeader <= bytes_.size()) {
      if (bytes_.compare(at_, 4, std::string_view("**\0\0", 4)) != 0) break;
      const size_t size = static_cast<size_t>(number(bytes_, at_ + 4, 4));
      if (size < kRecordHeader || size > kChunk) break;
      if (at < at_ + size) {
        Record record;
        record.system = "evtx";
        record.id = fmt::format("{}", number(bytes_, at_ + 8, 8));
        record.time = filetime_time(number(bytes_, at_ + 16, 8));
        return record;
      }
      at_ += size;
    }
    return std::nullopt;
  }

 private:
  std::string bytes_;
  bool whole_ = false;
  size_t at_ = kChunkHeader;
};

}  // namespace

bool is_evtx(const Export& in) { return in.head.starts_with(std::string_view("ElfFile\0", 8)); }

FoundRecords find_in_evtx(const Export& in, Offsets offsets) {
  FoundRecords found;
  const std::string channel = channel_of(in.path);
  std::optional<Chunk> chunk;
  uint64_t chunk_at = 0;
  for (const uint64_t offset : offsets) {
    Record& record = found.records.emplace_back();
    if (offset < kFileHeader) continue;
    const uint64_t begin = offset - (offset - kFileHeader) % kChunk;
    if (begin != chunk_at) chunk.emplace(in, begin);
    chunk_at = begin;
    if (auto read = chunk->record_at(static_cast<size_t>(offset - begin))) {
      record = std::move(*read);
      record.container = channel;
    } else if (found.problem.empty()) {
      found.problem = fmt::format("the event log has no readable record around byte {}", offset);
    }
  }
  return found;
}

}  // namespace assay
