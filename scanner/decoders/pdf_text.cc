// Runs what moves and shows text in a content stream, and forgets the rest:
//
//   BT /F1 12 Tf 72 700 Td [(?co) -20 (de=) -300 (ab)] TJ 0 -14 Td (cd) Tj ET   →  "?code= ab\ncd"
//
// Only the line counts, not the place on it: strings that follow each other on one line are joined,
// since many writers show each letter by itself.
#include "scanner/decoders/pdf_text.h"

#include <array>
#include <vector>

namespace assay {
namespace {

using Kind = PdfToken::Kind;

constexpr double kBlankAt = -200;       // thousandths of the font's size, in arrays of TJ
constexpr size_t kMostOperands = 4096;  // then they are handled as if a TJ stood there
constexpr size_t kMostSaved = 64;
constexpr size_t kLongWord = 16;

class TextRun {
 public:
  TextRun(std::string_view content, PdfFonts& fonts, PdfText& out)
      : content_(content), tokens_(content), fonts_(fonts), out_(out) {}

  void run() {
    for (PdfToken token = tokens_.next(); token.kind != Kind::end; token = tokens_.next()) {
      if (out_.text.size() > PdfText::kMost) {
        out_.cut = true;
        return;
      }
      if (token.kind == Kind::comment) {
        add_line(token.raw);
      } else if (token.kind == Kind::keyword) {
        apply(token.raw);
        operands_.clear();
      } else {
        if (operands_.size() == kMostOperands) {
          show(true);
          operands_.clear();
        }
        operands_.push_back(token);
      }
    }
    add_strings();
  }

 private:
  void apply(std::string_view name) {
    if (name == "Tj" || name == "TJ") return show(name == "TJ");
    if (name == "'" || name == "\"") {
      y_ -= 1;
      return show(false);
    }
    if (name == "Td" || name == "TD") {
      y_ += operand(1);
    } else if (name == "T*") {
      y_ -= 1;
    } else if (name == "Tm") {
      y_ = operand(5);
    } else if (name == "BT") {
      y_ = 0;
    } else if (name == "cm") {
      base_ += operand(5);
    } else if (name == "q") {
      if (saved_.size() < kMostSaved) saved_.push_back(base_);
    } else if (name == "Q") {
      if (!saved_.empty()) base_ = saved_.back(), saved_.pop_back();
    } else if (name == "Tf") {
      if (operands_.size() >= 2) font_ = fonts_.find(pdf_name(operands_[operands_.size() - 2].raw));
    } else if (name == "ID") {
      skip_image();
    } else {
      add_strings();
      if (name.size() >= kLongWord) add_line(name);
    }
  }

  double operand(size_t i) const { return i < operands_.size() ? pdf_number(operands_[i].raw) : 0; }

  void show(bool array) {
    out_.shows = true;
    if (!out_.text.empty() && (y_ != shown_y_ || base_ != shown_base_)) new_line();
    shown_y_ = y_;
    shown_base_ = base_;
    for (const PdfToken& token : operands_) {
      if (token.kind == Kind::string || token.kind == Kind::hex) {
        bytes_.clear();
        append_pdf_string(token, bytes_);
        if (font_ == nullptr) {
          out_.text += bytes_;
        } else {
          font_->append(bytes_, out_.text);
          out_.unreadable |= !font_->known;
        }
      } else if (array && token.kind == Kind::number && pdf_number(token.raw) < kBlankAt) {
        out_.text += ' ';
      }
    }
  }

  // Operands of what shows no text.
  void add_strings() {
    for (const PdfToken& token : operands_) {
      if (token.kind == Kind::string || token.kind == Kind::hex) {
        bytes_.clear();
        append_pdf_string(token, bytes_);
        add_line(bytes_);
      } else if (token.kind == Kind::name && token.raw.size() >= kLongWord) {
        add_line(pdf_name(token.raw));
      }
    }
  }

  void new_line() {
    if (!out_.text.empty() && out_.text.back() != '\n') out_.text += '\n';
  }
  void add_line(std::string_view text) {
    new_line();
    out_.text += text;
    out_.text += '\n';
  }

  // The bytes of an image within the content end with EI between blanks.
  void skip_image() {
    for (size_t at = tokens_.at(); at < no_image_end_;) {
      at = content_.find("EI", at);
      if (at == std::string_view::npos) {
        no_image_end_ = tokens_.at();
        return;
      }
      const bool before = is_pdf_blank(content_[at - 1]);
      at += 2;
      if (before && (at == content_.size() || is_pdf_blank(content_[at]))) {
        tokens_.seek(at);
        return;
      }
    }
  }

  const std::string_view content_;
  PdfTokens tokens_;
  PdfFonts& fonts_;
  PdfText& out_;
  std::vector<PdfToken> operands_;
  std::string bytes_;
  const PdfFont* font_ = nullptr;
  double y_ = 0, base_ = 0, shown_y_ = 0, shown_base_ = 0;
  std::vector<double> saved_;
  size_t no_image_end_ = std::string_view::npos;  // no EI stands behind this
};

}  // namespace

bool may_show_text(std::string_view bytes) {
  const size_t begin = bytes.find("BT");
  if (begin == std::string_view::npos) return false;
  const std::string_view rest = bytes.substr(begin);
  for (const std::string_view shows : {"Tj", "TJ", "'", "\""}) {
    if (rest.find(shows) != std::string_view::npos) return true;
  }
  return false;
}

PdfText read_pdf_text(std::string_view content, PdfFonts& fonts) {
  PdfText out;
  TextRun(content, fonts, out).run();
  return out;
}

}  // namespace assay
