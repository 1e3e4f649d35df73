// The filters that a stream of a PDF was put through, undone.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/decoders/pdf_tokens.h"

namespace assay {

// Bytes in order, made from those of a stage before. One thread; holds a buffer.
class PdfStage {
 public:
  virtual ~PdfStage() = default;
  // Fills the front of `out`, which is not empty. 0: no more.
  virtual size_t pull(std::span<char> out) = 0;
  // What is wrong with the bytes, as half a sentence, once pull gave 0. Of this stage or one
  // before.
  virtual std::string_view fault() const = 0;
};

// What is to be done with a stream.
struct PdfDecoding {
  enum class Kind { plain, decoded, image, unknown, encrypted };
  Kind kind = Kind::plain;        // plain: no filter
  std::string filter;             // of unknown: its name
  std::unique_ptr<PdfStage> out;  // of plain and decoded
};

// Of the stream `object`, whose bytes are read from `bytes`, which both outlive the stages.
PdfDecoding decode_pdf_stream(RandomAccess& bytes, const PdfObject& object);

}  // namespace assay
