// What the bytes of a PDF's strings stand for: its fonts.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "scanner/decoders/pdf_tokens.h"

namespace assay {

// What a font says of its codes (/ToUnicode).
class PdfCodes {
 public:
  // Reads a CMap; what is malformed in it is left out.
  void read(std::string_view cmap);
  // The text of a code of `width` bytes, in UTF-8. False if it has none.
  bool append(uint32_t code, size_t width, std::string& out) const;
  size_t count() const { return ranges_.size(); }

 private:
  struct Range {
    uint32_t last;
    std::string text;  // of the first code, UTF-16BE; of others its last unit is higher
  };
  void add(const std::string& first, const std::string& last, std::string text);
  void read_ranges(PdfTokens& tokens, bool single);

  std::map<uint32_t, Range> ranges_;  // by width << 16 | first code
};

struct PdfFont {
  bool wide = false;  // codes of two bytes
  bool known = true;  // false: codes are numbers of glyphs, and nothing says what these are
  bool mapped = false;
  PdfCodes codes;
  // The text of a string in this font, where the font says it, else its bytes.
  void append(std::string_view bytes, std::string& out) const;
};

// Finds the font that a content stream calls by a name: its page's resources, theirs, the font.
// Keeps the few objects that matter, of which new versions replace old ones. One thread.
class PdfFonts {
 public:
  explicit PdfFonts(RandomAccess& bytes) : bytes_(bytes) {}

  // First all objects, also those in object streams.
  void add(uint32_t number, std::string_view text, const PdfDictionary& dictionary);
  void add_stream(const PdfObject& object);

  // Then for each content stream, of which the fonts are found until the next one.
  void choose(const PdfObject& content);
  const PdfFont* find(std::string_view name);

  // More objects, or larger ones, than are kept or looked at: some fonts were not found.
  bool over_limit() const { return over_limit_; }

 private:
  void add_fonts(std::string_view fonts);
  std::string_view object(uint32_t number) const;
  std::string_view follow(std::string_view value) const;
  void resolve();
  std::unique_ptr<PdfFont> load(std::string_view text);
  bool spend(uint64_t bytes);

  RandomAccess& bytes_;
  std::unordered_map<uint32_t, std::string> objects_;
  std::unordered_map<uint32_t, uint64_t> streams_;     // where they stand
  std::unordered_map<uint32_t, uint32_t> owners_;      // content stream, or array of them: page
  std::unordered_map<uint32_t, uint32_t> arrays_;      // content stream: array
  std::unordered_map<std::string, uint32_t> by_name_;  // fonts of any page
  size_t kept_ = 0;
  // Of the content stream chosen.
  uint32_t content_ = 0;
  std::string resources_;
  bool resolved_ = true;
  PdfDictionary chosen_;
  std::unordered_map<std::string, std::unique_ptr<PdfFont>> loaded_;  // by reference
  size_t codes_ = 0;
  uint64_t spent_ = 0;
  bool over_limit_ = false;
};

}  // namespace assay
