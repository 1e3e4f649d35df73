// Exports that are text, XML, CSV or mail, with places in them that the input chooses.
//
// The first byte chooses the name, the second how far the places are from each other, the third is
// make_text's. Under the name of an event log the text becomes a record of one.
#include <span>

#include "scanner/records/record.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/memory_source.h"

namespace assay::fuzz {
namespace {

constexpr std::string_view kPaths[] = {
    "entities.xml",
    "inbox/mail.eml",
    "team.mbox",
    "export.csv",
    "access.log",
    "var/log/pods/prod_orders_1/app/0.log",
    "app/.env",
    "demo.cast",
    "Contoso - bot-dev [8001].html",
    "teams/conversation.html",
    "journal.json",
    "Application.evtx",
};

// One record that holds `text`; a text of the form `**…` is taken as the records themselves.
std::string event_log(const std::string& text) {
  std::string out("ElfFile\0", 8);
  out.resize(4096);
  out += std::string("ElfChnk\0", 8);
  out.resize(4096 + 512);
  if (text.starts_with("**")) return out + text;
  const size_t size = 24 + text.size() + 4;
  out += std::string("**\0\0", 4);
  for (const size_t byte : {size & 0xFF, size >> 8, size_t{0}, size_t{0}}) {
    out += static_cast<char>(byte);
  }
  out += std::string("\7\0\0\0\0\0\0\0", 8);                // its number
  out += std::string("\0\x40\x9D\xA6\xCE\x4B\xDC\x01", 8);  // a FILETIME of 2025
  return out + text + out.substr(4096 + 512 + 4, 4);
}

// What refers to other objects is told from the first of several with one id, and which one that
// is may depend on how far the export had to be read.
bool joins(std::string_view text) {
  return text.find("<entity-engine-xml") != std::string_view::npos ||
         text.find("<hibernate-generic") != std::string_view::npos ||
         text.find("<unload") != std::string_view::npos ||
         text.find("<xml>") != std::string_view::npos;
}

void check_problem(const std::string& problem) {
  check(is_utf8(problem), "problems are valid UTF-8");
  check(!holds_control(problem), "problems hold no control characters");
  check(!holds_proven_key(problem), "problems hold no key");
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const std::string_view path = kPaths[input.byte() % std::size(kPaths)];
  const uint64_t step = 1 + input.byte();
  std::string text = make_text(input);
  if (path.ends_with(".evtx")) text = event_log(text);
  const assay::MemoryReader bytes(text, 0, false, true);
  assay::Export in;
  in.path = path;
  in.head = std::string_view(text).substr(0, assay::kExportHead);
  in.bytes = &bytes;
  std::vector<uint64_t> offsets;
  for (uint64_t at = text.size() % step; at < text.size(); at += step) offsets.push_back(at);
  for (const assay::RecordFormat& format : assay::text_formats()) {
    const bool recognised = format.recognises(in);
    // What is not recognised may be damaged in any way, and must not be trusted either.
    const assay::FoundRecords found = format.find(in, offsets);
    check(found.records.size() == offsets.size(), "there is a record for each place");
    check_problem(found.problem);
    if (!recognised || offsets.empty() || joins(text)) continue;
    const size_t some = offsets.size() / 2;
    const auto alone = format.find(in, std::span(offsets).subspan(some, 1));
    check(alone.records[0] == found.records[some], "a record depends on no other place");
  }
  return 0;
}
