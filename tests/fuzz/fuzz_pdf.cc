// A PDF of any bytes: it is read to an end, alike however its bytes come. In it FE n is the n-th of
// some deflated texts, so that mutations reach what stands behind the filters; FF n is a number.
#include <zlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/scanner/decoders/opened.h"

namespace {

std::string deflate_text(std::string_view text) {
  uLongf size = compressBound(text.size());
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size,
            reinterpret_cast<const Bytef*>(text.data()), text.size(), 6);
  out.resize(size);
  return out;
}

const std::vector<std::string>& payloads() {
  static const std::vector<std::string> made = {
      deflate_text("BT /F1 9 Tf 1 0 0 1 5 700 Tm [(AzFu) -300 <0003>] TJ 0 -14 Td (a\\)b) ' ET"),
      deflate_text("1 beginbfrange <0003> <0010> <0041> endbfrange 1 beginbfchar <41> <0061>"),
      deflate_text("9 0 5 30 <</Subtype/Type0/ToUnicode 11 0 R>><</Font<</F1 9 0 R>>>>"),
      deflate_text(std::string("\2abcd\1abcd\4abcd\3abcd\0abcd", 25)),
      deflate_text(std::string(20'000, 'x')),
      deflate_text(""),
      deflate_text("BI /W 1 ID (( EI /Span << /ActualText (x) >> BDC % remark\n(y"),
  };
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::Input input(data, size);
  const size_t piece = 1 + input.byte() * 7u;
  std::string bytes = "%PDF-1.7\n";
  while (!input.empty()) {
    const uint8_t byte = input.byte();
    if (byte == 0xFE) {
      bytes += payloads()[input.byte() % payloads().size()];
    } else if (byte == 0xFF) {
      bytes += std::to_string(input.byte());
    } else {
      bytes += static_cast<char>(byte);
    }
  }
  const Opened whole = open_file(kPdf, bytes, piece);
  const Opened forward = open_forward(kPdf, bytes, piece);
  fuzz::check(whole.told == forward.told, "what is told does not depend on how it is read");
  fuzz::check(whole.members.size() == forward.members.size(), "nor what is found");
  for (size_t i = 0; i < whole.members.size(); ++i) {
    fuzz::check(whole.members[i].bytes == forward.members[i].bytes, "nor its bytes");
    fuzz::check(whole.members[i].name.starts_with("object-"), "a member has its object's name");
  }
  return 0;
}
