// The text of a PDF's content streams.
#pragma once

#include <string>
#include <string_view>

#include "scanner/decoders/pdf_fonts.h"

namespace assay {

struct PdfText {
  bool shows = false;       // it has operators that show text
  bool unreadable = false;  // some of it is in fonts that do not say what their codes are
  bool cut = false;         // it has more than kMost bytes
  std::string text;
  static constexpr size_t kMost = size_t{64} << 20;
};

// Whether it is worth looking for text in `bytes`.
bool may_show_text(std::string_view bytes);

// All strings of the content stream that `fonts` was told of, in the order in which they stand; on
// lines of their own where they are shown on such. Strings that are not shown, comments, and long
// words that are no operators come too, each as a line: nothing that may hold a key is left out.
PdfText read_pdf_text(std::string_view content, PdfFonts& fonts);

}  // namespace assay
