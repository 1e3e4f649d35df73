// The syntax of PDF: tokens, dictionaries, and where objects stand in a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/decoders/random_access.h"

namespace assay {

struct PdfToken {
  enum class Kind { end, number, name, string, hex, keyword, open, close, comment };
  Kind kind = Kind::end;
  std::string_view raw;  // as it stands: `/Length`, `(a\)b)`, `<0041>`, `<<`, `]`, `Tj`
};

// Takes a text apart, whatever it holds; linear. A string that is not closed goes on to the
// end.
class PdfTokens {
 public:
  explicit PdfTokens(std::string_view text) : text_(text) {}
  PdfToken next();
  size_t at() const { return at_; }
  void seek(size_t at) { at_ = at; }
  std::string_view text() const { return text_; }

 private:
  PdfToken token(PdfToken::Kind kind, size_t begin);
  size_t string_end(size_t begin) const;

  std::string_view text_;
  size_t at_ = 0;
};

bool is_pdf_blank(char c);
double pdf_number(std::string_view raw);
std::string pdf_name(std::string_view raw);                // `/A#42` is "AB"
void append_pdf_string(PdfToken token, std::string& out);  // what a string or hex string stands for

class PdfDictionary {
 public:
  // Reads the dictionary that `tokens` stands before. False if there is none or it is not closed.
  bool read(PdfTokens& tokens);
  bool read(std::string_view text) {
    PdfTokens tokens(text);
    return read(tokens);
  }
  // The value as it stands, `[/FlateDecode]`; empty if there is none.
  std::string_view find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

// `12 0 R` is 12.
std::optional<uint32_t> pdf_reference(std::string_view value);

struct PdfObject {
  uint32_t number = 0;
  uint64_t at = 0;   // behind `obj`
  std::string text;  // behind `obj`: its dictionary, else whatever stands there; up to 64 KiB
  PdfDictionary dictionary;
  bool stream = false;
  uint64_t begin = 0, end = 0;  // of the stream's bytes
};

// Finds objects in the order in which they stand, not by the table of them, which names neither
// hidden ones nor old versions.
class PdfWalk {
 public:
  explicit PdfWalk(RandomAccess& bytes) : bytes_(bytes) {}

  // False at the end.
  bool next(PdfObject& object);
  // Reads the object again of which next() said that it stands at `at`, and goes on behind it.
  void read(uint64_t at, PdfObject& object);
  // A trailer's dictionary was passed that says that the file is encrypted.
  bool encrypted() const { return encrypted_; }
  // Numbers of objects whose dictionary could not be read, and of streams without an end.
  std::vector<Diagnostic> take_diagnostics() { return std::exchange(told_, {}); }

 private:
  struct Search {
    std::string_view needle;
    uint64_t found = 0;  // at or behind this
    bool known = false;  // it stands there; else it may stand behind
  };
  uint64_t find(Search& search, uint64_t from);
  bool read_number(uint64_t obj_at, uint32_t& number);
  bool read_stream(uint64_t at, PdfObject& object);
  void read_trailer(uint64_t at);
  void tell(uint32_t number, std::string_view what);

  RandomAccess& bytes_;
  uint64_t at_ = 0;
  uint64_t again_ = 0;  // bytes that were looked at more than once
  Search obj_{"obj"}, trailer_{"trailer"}, endstream_{"endstream"}, endobj_{"endobj"};
  bool encrypted_ = false;
  uint64_t told_count_ = 0;
  std::vector<Diagnostic> told_;
};

}  // namespace assay
