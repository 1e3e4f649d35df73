// Each filter is a stage that pulls from the one before it:
//
//   /Filter [/ASCII85Decode /FlateDecode] /DecodeParms [null << /Predictor 12 /Columns 5 >>]
//   bytes of the file → Ascii85 → Flate → PngRows → what is scanned
#include "scanner/decoders/pdf_filters.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <functional>

namespace assay {
namespace {

constexpr size_t kBuffer = size_t{32} << 10;
constexpr size_t kMostFilters = 8;
constexpr size_t kMostRow = size_t{1} << 20;  // of a predictor: longer ones are taken as damage

class FileStage final : public PdfStage {
 public:
  FileStage(RandomAccess& bytes, uint64_t begin, uint64_t end)
      : bytes_(bytes), at_(begin), end_(end) {}
  size_t pull(std::span<char> out) override {
    const auto want = static_cast<size_t>(std::min<uint64_t>(out.size(), end_ - at_));
    const std::string_view got = bytes_.view(at_, want, want);
    std::copy(got.begin(), got.end(), out.begin());
    at_ += got.size();
    return got.size();
  }
  std::string_view fault() const override { return {}; }

 private:
  RandomAccess& bytes_;
  uint64_t at_, end_;
};

// A stage over another, with a buffer of its bytes.
class OverStage : public PdfStage {
 public:
  explicit OverStage(std::unique_ptr<PdfStage> before) : before_(std::move(before)) {}
  std::string_view fault() const override {
    return !before_->fault().empty() ? before_->fault() : fault_;
  }

 protected:
  // The next byte of the stage before, or -1.
  int get() {
    if (in_.empty() && !fill()) return -1;
    const auto c = static_cast<unsigned char>(in_.front());
    in_.remove_prefix(1);
    return c;
  }
  bool fill() {
    if (buffer_.empty()) buffer_.resize(kBuffer);
    in_ = std::string_view(buffer_).substr(0, before_->pull(buffer_));
    return !in_.empty();
  }
  // Ends the stage.
  size_t fail(std::string_view what) {
    fault_ = what;
    return 0;
  }

  std::unique_ptr<PdfStage> before_;
  std::string buffer_;
  std::string_view in_;
  std::string_view fault_;
};

class Flate final : public OverStage {
 public:
  explicit Flate(std::unique_ptr<PdfStage> before) : OverStage(std::move(before)) {
    ready_ = inflateInit(&z_) == Z_OK;
  }
  ~Flate() override { inflateEnd(&z_); }
  Flate(const Flate&) = delete;
  Flate& operator=(const Flate&) = delete;

  size_t pull(std::span<char> out) override {
    if (ended_ || !fault_.empty()) return 0;
    if (!ready_) return fail("there is not enough memory to inflate it");
    z_.next_out = reinterpret_cast<Bytef*>(out.data());
    z_.avail_out = static_cast<uInt>(std::min(out.size(), size_t{1} << 20));
    const uInt room = z_.avail_out;
    while (z_.avail_out == room) {
      if (in_.empty() && !fill()) return fail("it is cut short");
      z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in_.data()));
      z_.avail_in = static_cast<uInt>(in_.size());
      const int status = inflate(&z_, Z_NO_FLUSH);
      in_ = in_.substr(in_.size() - z_.avail_in);
      ended_ = status == Z_STREAM_END;
      if (ended_) break;
      if (status != Z_OK) {
        fail("its compressed bytes are damaged");
        break;
      }
    }
    return room - z_.avail_out;
  }

 private:
  z_stream z_{};
  bool ready_ = false;
  bool ended_ = false;
};

class AsciiHex final : public OverStage {
 public:
  using OverStage::OverStage;
  size_t pull(std::span<char> out) override {
    size_t made = 0;
    while (made < out.size() && !ended_) {
      const int high = digit(), low = high < 0 ? -1 : digit();
      if (high >= 0) out[made++] = static_cast<char>(high * 16 + std::max(low, 0));
      ended_ = low < 0;
    }
    return made;
  }

 private:
  int digit() {
    for (;;) {
      const int c = get();
      if (c < 0 || c == '>') return -1;
      if (c >= '0' && c <= '9') return c - '0';
      if (c >= 'a' && c <= 'f') return c - 'a' + 10;
      if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    }
  }
  bool ended_ = false;
};

// A stage that makes a few bytes at a time: up to `have_` stand in `some_`.
class SomeStage : public OverStage {
 public:
  using OverStage::OverStage;
  size_t pull(std::span<char> out) override {
    size_t made = 0;
    while (made < out.size()) {
      if (given_ == have_) {
        given_ = have_ = 0;
        if (!fault_.empty() || !make_some()) break;
      }
      const size_t count = std::min(out.size() - made, have_ - given_);
      std::memcpy(out.data() + made, some_.data() + given_, count);
      made += count;
      given_ += count;
    }
    return made;
  }

 protected:
  // Sets some_ and have_. False at the end.
  virtual bool make_some() = 0;
  std::string some_;
  size_t have_ = 0;

 private:
  size_t given_ = 0;
};

class Ascii85 final : public SomeStage {
 public:
  explicit Ascii85(std::unique_ptr<PdfStage> before) : SomeStage(std::move(before)) {
    some_.resize(4);
  }

 private:
  bool make_some() override {
    uint32_t value = 0;
    size_t digits = 0;
    while (digits < 5 && !ended_) {
      const int c = get();
      if (c < 0 || c == '~') {
        ended_ = true;
      } else if (c == 'z' && digits == 0) {
        break;
      } else if (c >= '!' && c <= 'u') {
        value = value * 85 + static_cast<uint32_t>(c - '!');
        ++digits;
      }
    }
    if (ended_ && digits < 2) return false;
    have_ = ended_ ? digits - 1 : 4;
    for (; digits > 0 && digits < 5; ++digits) value = value * 85 + 84;
    for (size_t i = 0; i < 4; ++i) some_[i] = static_cast<char>(value >> (24 - 8 * i));
    return true;
  }
  bool ended_ = false;
};

class RunLength final : public SomeStage {
 public:
  explicit RunLength(std::unique_ptr<PdfStage> before) : SomeStage(std::move(before)) {
    some_.resize(128);
  }

 private:
  bool make_some() override {
    const int length = get();
    if (length < 0 || length == 128) return false;
    if (length > 128) {
      const int c = get();
      if (c < 0) return fail("it is cut short") != 0;
      have_ = static_cast<size_t>(257 - length);
      std::memset(some_.data(), c, have_);
      return true;
    }
    for (have_ = 0; have_ <= static_cast<size_t>(length); ++have_) {
      const int c = get();
      if (c < 0) {
        fail("it is cut short");
        return have_ > 0;
      }
      some_[have_] = static_cast<char>(c);
    }
    return true;
  }
};

// Codes of 9 to 12 bits; each new one stands for the entry before it and one byte more.
class Lzw final : public SomeStage {
 public:
  Lzw(std::unique_ptr<PdfStage> before, bool early)
      : SomeStage(std::move(before)), early_(early ? 1 : 0), entries_(4096) {
    some_.resize(4096);
  }

 private:
  static constexpr unsigned kClear = 256, kEnd = 257;
  struct Entry {
    uint16_t before;
    uint16_t length;
    char last;
  };

  bool make_some() override {
    for (;;) {
      while (bits_ < width_) {
        const int c = get();
        if (c < 0) return false;
        held_ = held_ << 8 | static_cast<unsigned>(c);
        bits_ += 8;
      }
      bits_ -= width_;
      const unsigned code = held_ >> bits_ & ((1u << width_) - 1);
      if (code == kEnd) return false;
      if (code != kClear) return write(code);
      width_ = 9;
      next_ = 258;
      last_ = kClear;
    }
  }

  size_t length(unsigned code) const { return code < 256 ? 1 : entries_[code].length; }

  bool write(unsigned code) {
    const bool known = code < 256 || (code > kEnd && code < next_);
    if (!known && (code != next_ || last_ == kClear)) {
      return fail("its compressed bytes are damaged") != 0;
    }
    have_ = known ? length(code) : length(last_) + 1;
    if (have_ > some_.size()) return fail("its compressed bytes are damaged") != 0;
    size_t at = known ? have_ : have_ - 1;
    for (unsigned c = known ? code : last_; at > 0; c = entries_[c].before) {
      some_[--at] = c < 256 ? static_cast<char>(c) : entries_[c].last;
      if (c < 256) break;
    }
    if (!known) some_[have_ - 1] = some_[0];
    if (last_ != kClear && next_ < 4096) {
      entries_[next_++] = {static_cast<uint16_t>(last_), static_cast<uint16_t>(length(last_) + 1),
                           some_[0]};
    }
    last_ = code;
    width_ = next_ + early_ >= 2048   ? 12
             : next_ + early_ >= 1024 ? 11
             : next_ + early_ >= 512  ? 10
                                      : 9;
    return true;
  }

  const unsigned early_;
  std::vector<Entry> entries_;
  unsigned held_ = 0, bits_ = 0, width_ = 9;
  unsigned next_ = 258, last_ = kClear;
};

// Rows of pixels or table entries, each told by the one above (PNG) or the pixel before (TIFF).
class Rows final : public SomeStage {
 public:
  Rows(std::unique_ptr<PdfStage> before, bool png, size_t row, size_t pixel)
      : SomeStage(std::move(before)), png_(png), pixel_(pixel), above_(row, '\0') {
    some_.resize(row);
  }

 private:
  bool make_some() override {
    const int type = png_ ? get() : 1;
    if (type < 0) return false;
    for (have_ = 0; have_ < some_.size(); ++have_) {
      const int c = get();
      if (c < 0) break;
      const int left = have_ >= pixel_ ? at(some_, have_ - pixel_) : 0;
      const int up = at(above_, have_), corner = have_ >= pixel_ ? at(above_, have_ - pixel_) : 0;
      some_[have_] = static_cast<char>(c + predict(type, left, up, corner));
    }
    above_.replace(0, have_, some_, 0, have_);
    return have_ > 0;
  }

  static int at(const std::string& row, size_t i) { return static_cast<unsigned char>(row[i]); }
  static int predict(int type, int left, int up, int corner) {
    if (type == 1) return left;
    if (type == 2) return up;
    if (type == 3) return (left + up) / 2;
    if (type != 4) return 0;
    const int guess = left + up - corner;
    const int to_left = std::abs(guess - left), to_up = std::abs(guess - up);
    const int to_corner = std::abs(guess - corner);
    if (to_left <= to_up && to_left <= to_corner) return left;
    return to_up <= to_corner ? up : corner;
  }

  const bool png_;
  const size_t pixel_;
  std::string above_;
};

size_t parameter(const PdfDictionary& parameters, std::string_view name, size_t otherwise) {
  const std::string_view value = parameters.find(name);
  if (value.empty()) return otherwise;
  return static_cast<size_t>(std::clamp(pdf_number(value), 0.0, 1e7));
}

std::unique_ptr<PdfStage> undo_predictor(std::unique_ptr<PdfStage> stage,
                                         const PdfDictionary& parameters) {
  const size_t predictor = parameter(parameters, "Predictor", 1);
  const size_t bits = parameter(parameters, "BitsPerComponent", 8);
  const size_t colors = parameter(parameters, "Colors", 1);
  const size_t row =
      (parameter(parameters, "Columns", 1) * std::min<size_t>(colors * bits, 4096) + 7) / 8;
  const bool png = predictor >= 10;
  // Pixels of other sizes hold no text.
  if ((!png && (predictor != 2 || bits != 8)) || row == 0 || row > kMostRow) return stage;
  return std::make_unique<Rows>(std::move(stage), png, row,
                                std::clamp<size_t>(colors * bits / 8, 1, row));
}

// The elements of an array, or the one value.
std::vector<std::string> elements(std::string_view value) {
  std::vector<std::string> found;
  if (!value.starts_with('[')) {
    if (!value.empty()) found.emplace_back(value);
    return found;
  }
  PdfTokens tokens(value);
  tokens.next();
  while (found.size() <= kMostFilters) {
    const size_t begin = tokens.at();
    const PdfToken token = tokens.next();
    if (token.kind == PdfToken::Kind::end || token.raw == "]") break;
    if (token.raw == "<<") {
      tokens.seek(begin);
      PdfDictionary dictionary;
      if (!dictionary.read(tokens)) break;
      found.emplace_back(value.substr(begin, tokens.at() - begin));
    } else {
      found.emplace_back(token.raw);
    }
  }
  return found;
}

// Puts the filter's stage behind `decoding.out`, or says why not.
void add_filter(PdfDecoding& decoding, std::string_view name, const PdfDictionary& parameters) {
  std::unique_ptr<PdfStage>& out = decoding.out;
  if (name == "FlateDecode" || name == "Fl") {
    out = undo_predictor(std::make_unique<Flate>(std::move(out)), parameters);
  } else if (name == "LZWDecode" || name == "LZW") {
    const bool early = parameter(parameters, "EarlyChange", 1) != 0;
    out = undo_predictor(std::make_unique<Lzw>(std::move(out), early), parameters);
  } else if (name == "ASCIIHexDecode" || name == "AHx") {
    out = std::make_unique<AsciiHex>(std::move(out));
  } else if (name == "ASCII85Decode" || name == "A85") {
    out = std::make_unique<Ascii85>(std::move(out));
  } else if (name == "RunLengthDecode" || name == "RL") {
    out = std::make_unique<RunLength>(std::move(out));
  } else if (name == "DCTDecode" || name == "DCT" || name == "JPXDecode" ||
             name == "CCITTFaxDecode" || name == "CCF" || name == "JBIG2Decode") {
    decoding.kind = PdfDecoding::Kind::image;
  } else {
    decoding.kind = name == "Crypt" ? PdfDecoding::Kind::encrypted : PdfDecoding::Kind::unknown;
    decoding.filter = name;
  }
}

}  // namespace

PdfDecoding decode_pdf_stream(RandomAccess& bytes, const PdfObject& object) {
  PdfDecoding decoding;
  decoding.out = std::make_unique<FileStage>(bytes, object.begin, object.end);
  const PdfDictionary& stream = object.dictionary;
  const auto filters = elements(stream.find("Filter"));
  const auto parameters = elements(stream.find("DecodeParms"));
  for (size_t i = 0; i < filters.size(); ++i) {
    decoding.kind = PdfDecoding::Kind::decoded;
    PdfDictionary own;
    if (i < parameters.size()) own.read(parameters[i]);
    const bool named = filters[i].starts_with('/') && i < kMostFilters;
    add_filter(decoding, named ? pdf_name(filters[i]) : filters[i], own);
    if (decoding.kind != PdfDecoding::Kind::decoded) break;
  }
  return decoding;
}

}  // namespace assay
