// expat reads the document in blocks and tells where in the original bytes each tag stands, also in
// UTF-16. Outside of records only the names of open elements are held.
//
// What bounds it: expat keeps a tag, comment or instruction until it is whole, so blocks grow while
// none ends (or the same bytes would be looked at again with each block), up to kMostRecord. A
// record's tree is counted against kMostRecord as well.
#include "scanner/records/xml_text.h"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "scanner/records/export_text.h"

namespace assay {
namespace {

constexpr size_t kBlock = size_t{64} << 10;

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<XML_ParserStruct, FreeParser>;

class Reading {
 public:
  Reading(const Export& in, const XmlPass& pass)
      : in_(in), pass_(pass), parser_(XML_ParserCreate(nullptr)) {}

  std::string run();

 private:
  static Reading& self(void* data) { return *static_cast<Reading*>(data); }
  static void start(void* data, const char* name, const char** attributes) noexcept {
    self(data).on_start(name, attributes);
  }
  static void end(void* data, const char*) noexcept { self(data).on_end(); }
  static void text(void* data, const char* text, int length) noexcept {
    self(data).on_text(std::string_view(text, static_cast<size_t>(length)));
  }
  static void entity(void* data, const char*, int, const char*, int, const char*, const char*,
                     const char*, const char*) noexcept {
    self(data).stop("declares entities of its own, which are not expanded");
  }
  static int encoding(void*, const char* name, XML_Encoding* info) noexcept;

  void on_start(const char* name, const char** attributes);
  void on_end();
  void on_text(std::string_view text);
  XmlNode make_node(const char* name, const char** attributes);
  void count(size_t bytes);
  void stop(std::string reason);
  uint64_t here() const;
  std::string parse_all();
  std::string describe_error(uint64_t fed) const;

  const Export& in_;
  const XmlPass& pass_;
  Parser parser_;
  std::vector<std::string> path_;
  std::optional<XmlNode> record_;
  std::vector<XmlNode*> open_;  // of the record's tree; only the last grows, so they stay in place
  size_t record_depth_ = 0;     // of path_ where the record began
  size_t held_ = 0;             // about what the record's tree takes
  std::string stopped_;         // why, as a half sentence
  bool done_ = false;           // a record said stop
};

int Reading::encoding(void*, const char* name, XML_Encoding* info) noexcept {
  const std::string_view wanted(name);
  const auto is = [&](std::string_view known) {
    return wanted.size() == known.size() && starts_with_nocase(wanted, known);
  };
  if (!is("windows-1252") && !is("cp1252")) return XML_STATUS_ERROR;
  for (int byte = 0; byte < 256; ++byte) {
    info->map[byte] = static_cast<int>(windows_1252(static_cast<unsigned char>(byte)));
  }
  info->data = nullptr;
  info->convert = nullptr;
  info->release = nullptr;
  return XML_STATUS_OK;
}

uint64_t Reading::here() const {
  return static_cast<uint64_t>(std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_.get())));
}

void Reading::stop(std::string reason) {
  if (stopped_.empty() && !done_) stopped_ = fmt::format("the XML {} at byte {}", reason, here());
  XML_StopParser(parser_.get(), XML_FALSE);
}

void Reading::count(size_t bytes) {
  held_ += bytes;
  if (held_ > kMostRecord) stop(fmt::format("has a record of over {} bytes", kMostRecord));
}

XmlNode Reading::make_node(const char* name, const char** attributes) {
  XmlNode node;
  node.name = name;
  node.begin = node.end = here();
  for (; attributes[0] != nullptr; attributes += 2) {
    const std::string_view value(attributes[1]);
    node.attributes.emplace_back(attributes[0], value.substr(0, kMostXmlText));
    count(node.attributes.back().first.size() + node.attributes.back().second.size() + 64);
  }
  count(node.name.size() + sizeof(XmlNode));
  return node;
}

void Reading::on_start(const char* name, const char** attributes) {
  if (done_ || !stopped_.empty()) return;
  path_.emplace_back(name);
  if (path_.size() > kMostXmlDepth) {
    return stop(fmt::format("is nested deeper than {} elements", kMostXmlDepth));
  }
  if (!record_) {
    held_ = 0;
    if (pass_.is_record(path_)) {
      record_depth_ = path_.size();
      record_ = make_node(name, attributes);
      open_ = {&*record_};
    }
    return;
  }
  if (path_.size() - record_depth_ >= kMostXmlTree) return;
  open_.back()->children.push_back(make_node(name, attributes));
  open_.push_back(&open_.back()->children.back());
}

void Reading::on_end() {
  if (done_ || !stopped_.empty()) return;
  const bool in_tree = record_ && path_.size() - record_depth_ < kMostXmlTree;
  const size_t depth = path_.size();
  path_.pop_back();
  if (!in_tree) return;
  const int length = XML_GetCurrentByteCount(parser_.get());
  open_.back()->end = here() + static_cast<uint64_t>(std::max(0, length));
  open_.pop_back();
  if (depth != record_depth_) return;
  if (!pass_.record(*record_, true)) {
    done_ = true;
    XML_StopParser(parser_.get(), XML_FALSE);
  }
  record_.reset();
}

void Reading::on_text(std::string_view text) {
  if (!record_ || done_ || !stopped_.empty()) return;
  if (path_.size() - record_depth_ >= kMostXmlTree) return;
  std::string& into = open_.back()->text;
  const size_t more = std::min(text.size(), kMostXmlText - std::min(kMostXmlText, into.size()));
  if (more == 0) return;
  into.append(text.substr(0, more));
  count(more);
}

std::string Reading::describe_error(uint64_t fed) const {
  const XML_Error code = XML_GetErrorCode(parser_.get());
  if (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ||
      code == XML_ERROR_UNCLOSED_CDATA_SECTION || code == XML_ERROR_PARTIAL_CHAR) {
    return fmt::format("the XML is cut off at byte {}", fed);
  }
  return fmt::format("the XML is malformed at byte {} (line {}): {}", here(),
                     XML_GetCurrentLineNumber(parser_.get()), XML_ErrorString(code));
}

std::string Reading::parse_all() {
  const uint64_t size = in_.bytes->size().value_or(0);
  for (uint64_t fed = 0;;) {
    const uint64_t waiting = fed - std::min(fed, here());  // bytes of what is not whole yet
    if (waiting > kMostRecord) {
      return fmt::format("the XML has one tag or comment of over {} bytes at byte {}", kMostRecord,
                         here());
    }
    const size_t most = kMostRecord + kBlock - static_cast<size_t>(waiting);
    const size_t length = std::min(std::max(kBlock, static_cast<size_t>(waiting)), most);
    const std::string block = stretch(in_, fed, length);
    const bool last = fed + block.size() >= size || block.empty();
    fed += block.size();
    const XML_Status status =
        XML_Parse(parser_.get(), block.data(), static_cast<int>(block.size()), last ? 1 : 0);
    if (done_) return {};
    if (!stopped_.empty()) return stopped_;
    if (status != XML_STATUS_OK) return describe_error(fed);
    if (last) return {};
  }
}

std::string Reading::run() {
  if (parser_ == nullptr || in_.bytes == nullptr) return "the XML cannot be read";
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(parser_.get(), start, end);
  XML_SetCharacterDataHandler(parser_.get(), text);
  XML_SetEntityDeclHandler(parser_.get(), entity);
  XML_SetUnknownEncodingHandler(parser_.get(), encoding, nullptr);
  std::string problem = parse_all();
  if (!record_ || done_) return problem;
  for (XmlNode* node : open_) node->end = here();
  pass_.record(*record_, false);
  return problem;
}

// The character that `&name;` at the start of `text` stands for, and its length.
std::optional<std::pair<char32_t, size_t>> html_entity(std::string_view text) {
  const size_t semicolon = text.substr(0, 12).find(';');
  if (semicolon == std::string_view::npos || semicolon < 2) return std::nullopt;
  const std::string_view name = text.substr(1, semicolon - 1);
  constexpr std::pair<std::string_view, char32_t> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}};
  for (const auto& [known, code] : kNamed) {
    if (name == known) return std::pair(code, semicolon + 1);
  }
  if (name[0] != '#') return std::nullopt;
  const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  char32_t code = 0;
  for (const char c : name.substr(hex ? 2 : 1)) {
    const int digit = c >= '0' && c <= '9'          ? c - '0'
                      : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                    : -1;
    if (digit < 0) return std::nullopt;
    code = std::min<char32_t>(code * (hex ? 16 : 10) + static_cast<char32_t>(digit), 0x110000);
  }
  return std::pair(code, semicolon + 1);
}

}  // namespace

std::string_view XmlNode::attribute(std::string_view wanted) const {
  for (const auto& [key, value] : attributes) {
    if (key == wanted) return value;
  }
  return {};
}

const XmlNode* XmlNode::child(std::string_view wanted) const {
  for (const XmlNode& node : children) {
    if (node.name == wanted) return &node;
  }
  return nullptr;
}

std::string_view XmlNode::child_text(std::string_view wanted) const {
  const XmlNode* node = child(wanted);
  return node == nullptr ? std::string_view() : without_spaces(node->text);
}

const XmlNode* XmlNode::child_at(uint64_t offset) const {
  auto behind = std::upper_bound(children.begin(), children.end(), offset,
                                 [](uint64_t at, const XmlNode& node) { return at < node.begin; });
  return behind != children.begin() && (--behind)->holds(offset) ? &*behind : nullptr;
}

bool XmlHolders::take(const XmlNode& record, size_t number) {
  const size_t first = next_;
  for (; !done() && offsets_[next_] < record.end; ++next_) {
    if (record.holds(offsets_[next_])) holders_[next_] = number;
  }
  return next_ > first;
}

std::string read_xml(const Export& in, const XmlPass& pass) { return Reading(in, pass).run(); }

std::string xml_opening(std::string_view head, size_t most) {
  std::string text;
  if (head.starts_with("\xFF\xFE") || head.starts_with(std::string_view("<\0", 2))) {
    text = from_utf16(head.substr(0, most * 2), false);
  } else if (head.starts_with("\xFE\xFF") || head.starts_with(std::string_view("\0<", 2))) {
    text = from_utf16(head.substr(0, most * 2), true);
  } else {
    text = head.substr(0, most);
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos || text[begin] != '<') return {};
  return text.substr(begin);
}

std::string plain_text(std::string_view html, size_t most) {
  std::string out;
  for (size_t at = 0; at < html.size() && out.size() < most;) {
    if (html[at] == '<') {
      const size_t close = html.find('>', at);
      if (close == std::string_view::npos) break;
      at = close + 1;
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (const auto entity = html[at] == '&' ? html_entity(html.substr(at)) : std::nullopt) {
      append_utf8(out, entity->first);
      at += entity->second;
    } else {
      const char c = html[at++];
      out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
  }
  return out;
}

}  // namespace assay
