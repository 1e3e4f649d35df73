// One forward pass over an XML export that hands out its records as small trees with byte offsets.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/records/record.h"

namespace assay {

// An element within a record. Texts and values are cut at kMostXmlText bytes; elements deeper than
// kMostXmlTree below the record are left out.
struct XmlNode {
  std::string name;  // as written, with its prefix
  std::string text;  // what stands directly inside, joined
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<XmlNode> children;
  uint64_t begin = 0, end = 0;  // bytes of the original, tags included

  bool holds(uint64_t offset) const { return offset >= begin && offset < end; }
  // Empty if there is none.
  std::string_view attribute(std::string_view name) const;
  const XmlNode* child(std::string_view name) const;
  std::string_view child_text(std::string_view name) const;  // trimmed
  // The child that holds `offset`; found by bisection.
  const XmlNode* child_at(uint64_t offset) const;
};
inline constexpr size_t kMostXmlText = 1024;
inline constexpr size_t kMostXmlTree = 24;
inline constexpr size_t kMostXmlDepth = 20'000;

struct XmlPass {
  // Whether the element whose tag was just read is a record. `path` has the names of all open
  // elements, outermost first, its own last. Not asked inside of a record.
  std::function<bool(std::span<const std::string> path)> is_record;
  // A record. `whole` is false if the document broke inside of it; `end` is where. Returns false to
  // end the pass.
  std::function<bool(XmlNode& record, bool whole)> record;
};

// Which record, by its number, holds each of the ascending `offsets`. Records are asked for in
// their order, and nested ones not at all.
class XmlHolders {
 public:
  explicit XmlHolders(std::span<const uint64_t> offsets)
      : offsets_(offsets), holders_(offsets.size(), kNone) {}

  // Gives `number` to the offsets in the record. Whether there were offsets before its end that no
  // record had been asked for.
  bool take(const XmlNode& record, size_t number);
  bool done() const { return next_ == offsets_.size(); }
  size_t operator[](size_t offset) const { return holders_[offset]; }
  static constexpr size_t kNone = ~size_t{0};

 private:
  std::span<const uint64_t> offsets_;
  std::vector<size_t> holders_;
  size_t next_ = 0;
};

// Reads until a record said stop, the end, or the first error. Returns half a sentence if the
// document was not read to where the pass wanted: it is malformed, or over a limit. UTF-8, UTF-16,
// Latin-1, ASCII and Windows-1252. Entities that the document declares are not expanded: a document
// that declares any is refused from there on.
std::string read_xml(const Export& in, const XmlPass& pass);

// The first bytes as UTF-8, whatever Unicode encoding the document has, for recognition; without a
// byte order mark. Empty if it does not begin as XML does.
std::string xml_opening(std::string_view head, size_t most = 4096);

// The text of HTML without tags, its entities undone, at most `most` bytes.
std::string plain_text(std::string_view html, size_t most = kMostXmlText);

}  // namespace assay
