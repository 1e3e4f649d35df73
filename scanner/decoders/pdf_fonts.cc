// From a name in a content stream to what a code means:
//
//   /F1 12 Tf <0003> Tj     in the content stream 7
//   5 0 obj << /Type /Page /Contents 7 0 R /Resources << /Font << /F1 9 0 R >> >> >>
//   9 0 obj << /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 11 0 R >>
//   11 0 obj … stream … 1 beginbfrange <0003> <000C> <0030> endbfrange …     →  <0003> is "0"
//
// Where pages do not lead to a font, one of that name from any page is taken: most writers use a
// name for one font only, and a wrong one gives text that no key comes out of.
#include "scanner/decoders/pdf_fonts.h"

#include <algorithm>

#include "scanner/decoders/pdf_filters.h"

namespace assay {
namespace {

using Kind = PdfToken::Kind;

constexpr size_t kMostKept = size_t{16} << 20;    // bytes of objects
constexpr size_t kMostObject = size_t{64} << 10;  // a longer one is not kept
constexpr size_t kMostStreams = 500'000;
constexpr size_t kMostMap = size_t{2} << 20;  // bytes of a CMap
constexpr size_t kMostRanges = 70'000;        // of a CMap
constexpr size_t kMostCodes = 300'000;        // of all that are held
constexpr size_t kMostText = 16;              // bytes of UTF-16 that a code stands for
constexpr int kMostParents = 16;
// Bytes looked at on the way to fonts, beside 16 for each of the file.
constexpr uint64_t kFreeBytes = uint64_t{256} << 20;

void append_utf8(char32_t code, std::string& out) {
  const auto add = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      add(0xE0 | code >> 12);
    } else {
      add(0xF0 | code >> 18);
      add(0x80 | (code >> 12 & 0x3F));
    }
    add(0x80 | (code >> 6 & 0x3F));
  }
  add(0x80 | (code & 0x3F));
}

uint32_t number(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// `text` is UTF-16BE, to whose last unit `more` is added.
void append_utf16(std::string_view text, uint32_t more, std::string& out) {
  char32_t high = 0;
  for (size_t i = 0; i + 2 <= text.size(); i += 2) {
    char32_t unit = number(text.substr(i, 2));
    if (i + 4 > text.size()) unit = (unit + more) & 0xFFFF;
    if (unit >= 0xD800 && unit < 0xDC00) {
      high = unit;
    } else if (unit >= 0xDC00 && unit < 0xE000) {
      if (high != 0) append_utf8(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00), out);
      high = 0;
    } else {
      append_utf8(unit, out);
    }
  }
}

std::string hex_string(const PdfToken& token) {
  std::string bytes;
  if (token.kind == Kind::hex) append_pdf_string(token, bytes);
  return bytes;
}

bool leads_to_fonts(const PdfDictionary& dictionary) {
  for (const std::string_view name : {"Contents", "Resources", "Font", "ToUnicode"}) {
    if (!dictionary.find(name).empty()) return true;
  }
  const std::string_view type = dictionary.find("Type");
  return type == "/Font" || type == "/Pages" || dictionary.find("Subtype") == "/Type0";
}

}  // namespace

void PdfCodes::read(std::string_view cmap) {
  PdfTokens tokens(cmap);
  for (PdfToken token = tokens.next(); token.kind != Kind::end; token = tokens.next()) {
    if (token.raw == "beginbfchar") read_ranges(tokens, true);
    if (token.raw == "beginbfrange") read_ranges(tokens, false);
  }
}

// Up to `endbfchar`: <code> <text>; up to `endbfrange`: <first> <last> <text>, or [<text> <text>].
void PdfCodes::read_ranges(PdfTokens& tokens, bool single) {
  while (ranges_.size() < kMostRanges) {
    const std::string first = hex_string(tokens.next());
    if (first.empty() || first.size() > 2) return;
    const std::string last = single ? first : hex_string(tokens.next());
    PdfToken token = tokens.next();
    if (token.raw != "[") {
      add(first, last, hex_string(token));
      continue;
    }
    std::string code = first;
    for (token = tokens.next(); token.kind == Kind::hex; token = tokens.next()) {
      if (ranges_.size() < kMostRanges) add(code, code, hex_string(token));
      if (++code.back() == 0 && code.size() == 2) ++code.front();
    }
  }
}

void PdfCodes::add(const std::string& first, const std::string& last, std::string text) {
  if (last.size() != first.size() || text.empty()) return;
  if (text.size() == 1) text.insert(0, 1, '\0');
  text.resize(std::min(text.size(), kMostText));
  const auto width = static_cast<uint32_t>(first.size());
  ranges_[width << 16 | number(first)] = {width << 16 | number(last), std::move(text)};
}

bool PdfCodes::append(uint32_t code, size_t width, std::string& out) const {
  code |= static_cast<uint32_t>(width) << 16;
  auto range = ranges_.upper_bound(code);
  if (range == ranges_.begin()) return false;
  --range;
  if (code > range->second.last) return false;
  append_utf16(range->second.text, code - range->first, out);
  return true;
}

void PdfFont::append(std::string_view bytes, std::string& out) const {
  if (!known) return;
  if (!mapped) {
    out += bytes;
    return;
  }
  const size_t width = wide ? 2 : 1;
  for (size_t i = 0; i + width <= bytes.size(); i += width) {
    const std::string_view code = bytes.substr(i, width);
    if (!codes.append(number(code), width, out) && !wide) out += code;
  }
}

bool PdfFonts::spend(uint64_t bytes) {
  spent_ += bytes;
  over_limit_ |= spent_ > kFreeBytes + 16 * bytes_.size();
  return !over_limit_;
}

void PdfFonts::add(uint32_t number, std::string_view text, const PdfDictionary& dictionary) {
  const std::string_view contents = dictionary.find("Contents");
  bool only_references = !dictionary.entries().empty();
  for (const auto& [name, value] : dictionary.entries()) {
    if (!pdf_reference(value)) only_references = false;
    if (!only_references) break;
  }
  const bool array = dictionary.entries().empty() && text.find('[') < 4;
  const bool matters = leads_to_fonts(dictionary);
  if (!array && !only_references && !matters) return;
  if (text.size() >= kMostObject || kept_ + text.size() + 128 > kMostKept) {
    over_limit_ |= matters;
    return;
  }
  const std::string_view list = array ? text : contents;
  if (!list.empty()) {
    auto& leads = array ? arrays_ : owners_;
    PdfTokens tokens(list);
    for (PdfToken token = tokens.next(); token.kind != Kind::end; token = tokens.next()) {
      if (array && token.raw == "]") break;
      if (token.kind != Kind::number) continue;
      if (tokens.next().kind != Kind::number || tokens.next().raw != "R") break;
      if (!leads.emplace(static_cast<uint32_t>(std::clamp(pdf_number(token.raw), 0.0, 4e9)), number)
               .second)
        continue;
      kept_ += 64;
    }
  }
  if (array) return;
  kept_ += text.size() + 128;
  objects_[number] = text;
  if (only_references) add_fonts(text);
  add_fonts(dictionary.find("Font"));
  PdfDictionary resources;
  if (resources.read(dictionary.find("Resources"))) add_fonts(resources.find("Font"));
}

void PdfFonts::add_fonts(std::string_view fonts) {
  PdfDictionary dictionary;
  if (!dictionary.read(fonts)) return;
  for (const auto& [name, value] : dictionary.entries()) {
    const auto font = pdf_reference(value);
    if (!font || name.size() > 64 || kept_ + 128 > kMostKept) continue;
    kept_ += 128;
    by_name_[name] = *font;
  }
}

void PdfFonts::add_stream(const PdfObject& object) {
  const std::string_view type = object.dictionary.find("Type");
  if ((!type.empty() && type != "/CMap") || !object.dictionary.find("Subtype").empty()) return;
  if (streams_.size() >= kMostStreams) {
    over_limit_ = true;
    return;
  }
  streams_[object.number] = object.at;
}

std::string_view PdfFonts::object(uint32_t number) const {
  const auto found = objects_.find(number);
  return found == objects_.end() ? std::string_view() : found->second;
}

// The value, or what it refers to.
std::string_view PdfFonts::follow(std::string_view value) const {
  const auto reference = pdf_reference(value);
  return reference ? object(*reference) : value;
}

void PdfFonts::choose(const PdfObject& content) {
  content_ = content.number;
  resources_ = content.dictionary.find("Resources");
  resolved_ = false;
  if (codes_ < kMostCodes) return;
  loaded_.clear();
  codes_ = 0;
}

// Sets chosen_, the fonts by name, once one is asked for.
void PdfFonts::resolve() {
  resolved_ = true;
  chosen_ = {};
  std::string_view resources = follow(resources_);
  auto owner = owners_.find(content_);
  if (owner == owners_.end() && arrays_.contains(content_)) {
    owner = owners_.find(arrays_.at(content_));
  }
  if (resources.empty() && owner != owners_.end()) {
    uint32_t page = owner->second;
    for (int i = 0; i < kMostParents && resources.empty(); ++i) {
      PdfDictionary dictionary;
      const std::string_view text = object(page);
      if (!spend(text.size()) || !dictionary.read(text)) break;
      // The dictionary ends with this round: what it says is held by resources_.
      resources_ = follow(dictionary.find("Resources"));
      resources = resources_;
      const auto parent = pdf_reference(dictionary.find("Parent"));
      if (!parent) break;
      page = *parent;
    }
  }
  PdfDictionary dictionary;
  if (!spend(resources.size()) || !dictionary.read(resources)) return;
  const std::string_view fonts = follow(dictionary.find("Font"));
  if (spend(fonts.size())) chosen_.read(fonts);
}

const PdfFont* PdfFonts::find(std::string_view name) {
  if (!resolved_) resolve();
  std::string value(chosen_.find(name));
  if (value.empty()) {
    const auto found = by_name_.find(std::string(name));
    if (found == by_name_.end()) return nullptr;
    value = std::to_string(found->second) + " 0 R";
  }
  const auto known = loaded_.find(value);
  if (known != loaded_.end()) return known->second.get();
  const std::string_view text = follow(value);
  if (text.empty() || !spend(text.size())) return nullptr;
  std::unique_ptr<PdfFont> font = load(text);
  codes_ += font->codes.count() + 8;
  return (loaded_[value] = std::move(font)).get();
}

std::unique_ptr<PdfFont> PdfFonts::load(std::string_view text) {
  auto font = std::make_unique<PdfFont>();
  PdfDictionary dictionary;
  if (!dictionary.read(text)) return font;
  font->wide = dictionary.find("Subtype") == "/Type0";
  const auto map = pdf_reference(dictionary.find("ToUnicode"));
  const auto stands = map ? streams_.find(*map) : streams_.end();
  if (stands != streams_.end()) {
    PdfObject object;
    PdfWalk(bytes_).read(stands->second, object);
    const PdfDecoding decoding = decode_pdf_stream(bytes_, object);
    std::string cmap;
    if (object.stream && decoding.out != nullptr) {
      cmap.resize(kMostMap);
      size_t size = 0;
      while (size < kMostMap) {
        const size_t got = decoding.out->pull({cmap.data() + size, kMostMap - size});
        if (got == 0) break;
        size += got;
      }
      cmap.resize(size);
    }
    if (spend(cmap.size() + (size_t{64} << 10))) font->codes.read(cmap);
  }
  font->mapped = font->codes.count() > 0;
  font->known =
      font->mapped || !font->wide || !dictionary.find("Encoding").starts_with("/Identity");
  return font;
}

}  // namespace assay
