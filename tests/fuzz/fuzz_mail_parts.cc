// A mail of any bytes behind two fields: it is read to an end, alike however its bytes come and
// whether its parts are read or passed over, and its parts are no longer than it is. In it FE is a
// boundary's line, FF n the begin of a container.
#include "tests/fuzz/fuzz.h"
#include "tests/scanner/decoders/opened.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::Input input(data, size);
  const uint8_t choice = input.byte();
  std::string bytes = (choice & 1) != 0 ? "From dana@example.org Sun Nov  2 08:00:00 2025\n" : "";
  bytes += "From: dana@example.org\nSubject: x\n";
  while (!input.empty()) {
    const uint8_t byte = input.byte();
    if (byte == 0xFE) {
      bytes += "\r\n--b";
    } else if (byte == 0xFF) {
      bytes += input.byte() % 2 == 0 ? "UEsDBBQAAAAIAA==" : "PK=03=04=00";
    } else {
      bytes += static_cast<char>(byte);
    }
  }
  const size_t piece = 1 + (choice >> 1) * 5u;
  const Opened whole = open_file(kMail, bytes, piece);
  fuzz::check(whole.recognised, "it is a mail");
  const Opened forward = open_forward(kMail, bytes, piece);
  const Opened passed = open_file(kMail, bytes, 0);
  fuzz::check(whole.told == forward.told && whole.told == passed.told,
              "what is told does not depend on how it is read");
  fuzz::check(whole.members.size() == forward.members.size() &&
                  whole.members.size() == passed.members.size(),
              "nor what is found");
  for (size_t i = 0; i < whole.members.size(); ++i) {
    fuzz::check(whole.members[i].bytes == forward.members[i].bytes, "nor its bytes");
  }
  fuzz::check(whole.bytes <= bytes.size(), "decoding makes nothing longer");
  return 0;
}
