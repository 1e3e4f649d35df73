// A database of any bytes, in pieces of any length: it is read to an end, and cells give no more
// bytes than the pages they lead to have. Byte 0: the page size and how it is read; then the bytes
// of pages behind a header that is right, in which FF n is a page of n.
#include "tests/fuzz/fuzz.h"
#include "tests/scanner/decoders/opened.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::Input input(data, size);
  const uint8_t choice = input.byte();
  const size_t page = size_t{512} << (choice % 3);
  std::string bytes("SQLite format 3\0", 16);
  bytes += static_cast<char>(page >> 8);
  bytes += '\0';
  bytes.resize(100);
  while (!input.empty() && bytes.size() < 16 * page) {
    const uint8_t byte = input.byte();
    if (byte == 0xFF) {
      // Up to the next page.
      bytes.resize((bytes.size() / page + 1) * page, static_cast<char>(input.byte()));
    } else {
      bytes += static_cast<char>(byte);
    }
  }
  if ((choice & 0x80) != 0) bytes.resize(bytes.size() / page * page);
  const size_t piece = 1 + (choice >> 2 & 15) * 61u;
  const Opened whole = open_file(kSqlite, bytes, piece);
  const Opened forward = open_forward(kSqlite, bytes, piece);
  if (bytes.size() < 100) return 0;
  fuzz::check(whole.told == forward.told, "what is told does not depend on how it is read");
  fuzz::check(whole.members.size() == forward.members.size(), "nor what is found");
  for (size_t i = 0; i < whole.members.size(); ++i) {
    fuzz::check(whole.members[i].bytes == forward.members[i].bytes, "nor its bytes");
  }
  // What stands in the cell, and each page once for those in use and once for leftovers.
  const uint64_t pages = bytes.size() / page + 1;
  fuzz::check(whole.bytes <= (2 * pages + whole.members.size()) * page, "no page is read for ever");
  return 0;
}
