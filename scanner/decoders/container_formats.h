// The formats of containers: a row each in container.cc.
#pragma once

#include <memory>
#include <string_view>

#include "scanner/decoders/container.h"
#include "scanner/view_reader.h"

namespace assay {

// See open_container. `open` is called only where `recognises` held.
struct ContainerFormat {
  bool (*recognises)(std::string_view head, std::string_view name);
  std::unique_ptr<Container> (*open)(Reader& outer, std::string_view head, std::string_view name,
                                     ContainerBudget& budget);
};

extern const ContainerFormat kArchives;    // archive.cc: zip, tar, 7z, cpio, ar, rpm, iso, cab …
extern const ContainerFormat kCompressed;  // compressed.cc: gzip, zlib, zstd, xz, bzip2, lz4 …
extern const ContainerFormat kPdf;         // pdf.cc
extern const ContainerFormat kSqlite;      // sqlite.cc: values that spill over pages
extern const ContainerFormat kMail;        // mail_parts.cc: attachments of eml and mbox

// A Reader that gives `head` first and then what `rest` gives.
class HeadReader : public Reader {
 public:
  HeadReader(std::string_view head, Reader& rest) : head_(head), rest_(rest) {}
  Result read(std::span<char> out, int wait_ms) override;
  std::optional<Diagnostic> failure() override { return rest_.failure(); }

 private:
  std::string_view head_;
  Reader& rest_;
};

}  // namespace assay
