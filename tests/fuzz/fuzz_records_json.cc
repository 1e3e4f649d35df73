// JSON exports: the first byte chooses the path, the rest is the export and also each file beside
// it. Offsets are those of `KEY` and of some quotes.
#include "scanner/records/json_fields.h"
#include "scanner/records/record.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

constexpr std::string_view kPaths[] = {
    "export.zip!/general/2025-11-02.json",
    "export/C01ABC.json",
    "export/channels.json",
    "x_export.tar.gz!/tree/project/issues.ndjson",
    "containers/0123456789abcdef-json.log",
    "secrets/F.snapshot.json",
    "local.settings.json",
    "triage.ipynb",
    "PT1H.json",
};

std::vector<uint64_t> offsets_in(std::string_view text) {
  std::vector<uint64_t> offsets;
  for (size_t at = 0; at < text.size() && offsets.size() < 24; ++at) {
    if (text.substr(at, 3) == "KEY" || (text[at] == '"' && at % 5 == 0)) offsets.push_back(at);
  }
  return offsets;
}

// What holds of every format, also where it does not recognise the export.
void check_format(const RecordFormat& format, const Export& in,
                  const std::vector<uint64_t>& offsets) {
  format.recognises(in);
  const FoundRecords found = format.find(in, offsets);
  check(found.records.size() == offsets.size(), "each offset has a record");
  for (size_t i = 0; i < offsets.size(); ++i) {
    const Record& record = found.records[i];
    check(record.system.empty() ? record == Record() : record.system == format.system,
          "a record has its format's system, or is empty");
    check(record.time.empty() || (record.time.size() == 20 && record.time.back() == 'Z'),
          "times have one form");
    if (i % 4 != 1) continue;
    const FoundRecords alone = format.find(in, std::span(&offsets[i], 1));
    check(alone.records.size() == 1 && alone.records[0] == record,
          "a record does not depend on what else is asked for");
  }
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::Input input(data, size);
  const std::string_view path = fuzz::kPaths[(input.byte() - '0' + 256u) % std::size(fuzz::kPaths)];
  const std::string_view text = input.rest();
  const ViewReader reader(text);
  Export in;
  in.path = path;
  in.head = text.substr(0, kExportHead);
  in.bytes = &reader;
  in.beside = [&](std::string_view) -> std::optional<std::string> { return std::string(text); };
  const std::vector<uint64_t> offsets = fuzz::offsets_in(text);
  for (const RecordFormat& format : json_formats()) fuzz::check_format(format, in, offsets);
  return 0;
}
