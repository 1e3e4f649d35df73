// Stretches, lines and character sets. Lines are found by reading outward from the offset in blocks
// that double, so that a short line in a large file costs one small read.
#include "scanner/records/export_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace assay {
namespace {

constexpr size_t kFirstBlock = 4096;
constexpr size_t kMostBlock = size_t{1} << 20;
constexpr size_t kReadBlock = size_t{256} << 10;

uint64_t size_of(const Export& in) {
  return in.bytes != nullptr ? in.bytes->size().value_or(0) : 0;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

std::string stretch(const Export& in, uint64_t begin, size_t length) {
  const uint64_t size = size_of(in);
  if (begin >= size) return {};
  std::string out(static_cast<size_t>(std::min<uint64_t>(length, size - begin)), '\0');
  size_t have = 0;
  while (have < out.size()) {
    const std::optional<size_t> got =
        in.bytes->read_at(begin + have, std::span<char>(out).subspan(have));
    if (!got || *got == 0) break;
    have += *got;
  }
  out.resize(have);
  return out;
}

const Line* LineFinder::at(uint64_t offset) {
  if (known_ && offset >= line_.begin && offset <= line_.end()) return &line_;
  if (offset >= too_long_from_ && offset < too_long_to_) return nullptr;
  known_ = false;
  if (find_begin(offset) && find_end(offset)) {
    known_ = true;
    return &line_;
  }
  if (problem_.empty()) {
    problem_ = fmt::format("the line around byte {} is longer than {} bytes", offset, kMostRecord);
  }
  return nullptr;
}

// Reads backwards. Meets it the stretch that is known to hold no line break, the line is the same
// one and still too long.
bool LineFinder::find_begin(uint64_t offset) {
  const uint64_t least = offset - std::min<uint64_t>(offset, kMostRecord);
  const uint64_t stop = std::max(least, std::min(too_long_to_, offset));
  line_.text.clear();
  std::string block;
  uint64_t from = offset;
  for (size_t length = kFirstBlock; from > stop; length = std::min(length * 2, kMostBlock)) {
    const uint64_t begin = from - std::min<uint64_t>(length, from - stop);
    block = stretch(in_, begin, static_cast<size_t>(from - begin));
    if (const size_t cut = block.rfind('\n'); cut != std::string::npos) {
      line_.begin = begin + cut + 1;
      return true;
    }
    from = begin;
  }
  if (stop == 0) {
    line_.begin = 0;
    return true;
  }
  if (stop == least) too_long_from_ = stop;
  too_long_to_ = std::max(too_long_to_, offset + 1);
  return false;
}

bool LineFinder::find_end(uint64_t offset) {
  // What stands before the offset is read once more, now in order.
  line_.text = stretch(in_, line_.begin, static_cast<size_t>(offset - line_.begin));
  const uint64_t size = size_of(in_);
  for (size_t length = kFirstBlock; line_.end() < size; length = std::min(length * 2, kMostBlock)) {
    const std::string block = stretch(in_, line_.end(), length);
    if (block.empty()) return true;  // reading failed, which the scan tells
    const size_t cut = block.find('\n');
    line_.text.append(block, 0, cut);
    if (cut != std::string::npos) return true;
    if (line_.text.size() > kMostRecord) {
      too_long_from_ = line_.begin;
      too_long_to_ = line_.end();
      line_.text.clear();
      return false;
    }
  }
  return true;
}

bool LineReader::fill() {
  if (at_ > 0) {
    buffer_.erase(0, at_);
    base_ += at_;
    at_ = 0;
  }
  const std::string more = stretch(in_, base_ + buffer_.size(), kReadBlock);
  buffer_ += more;
  return !more.empty();
}

bool LineReader::next(std::string_view& line, uint64_t& begin, uint64_t& length, size_t most) {
  if (at_ == buffer_.size() && !fill()) return false;
  begin = at();
  size_t seen = 0;  // of this line, in the buffer, known to hold no line break
  for (;;) {
    const size_t cut = buffer_.find('\n', at_ + seen);
    if (cut != std::string::npos) {
      length = cut + 1 - at_;
      line = std::string_view(buffer_).substr(at_, std::min(cut - at_, most));
      at_ = cut + 1;
      return true;
    }
    seen = buffer_.size() - at_;
    if (seen > std::max(most, kReadBlock)) break;
    if (!fill()) {
      length = seen;
      line = std::string_view(buffer_).substr(at_, most);
      at_ = buffer_.size();
      return true;
    }
  }
  // A long line: its rest is passed over without being held, and then `line` must not be cut off
  // by what comes into the buffer.
  const size_t kept = std::min(seen, most);
  length = seen;
  uint64_t next = at() + seen;
  for (;;) {
    const std::string block = stretch(in_, next, kReadBlock);
    const size_t cut = block.find('\n');
    const size_t more = cut == std::string::npos ? block.size() : cut + 1;
    length += more;
    next += more;
    if (cut != std::string::npos || block.empty()) break;
  }
  buffer_.erase(0, at_);
  buffer_.resize(kept);
  line = buffer_;
  at_ = kept;
  base_ = next - kept;  // so that the next byte read is the one behind the line
  return true;
}

std::string_view file_name(std::string_view path) {
  const size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view file_stem(std::string_view path) {
  const std::string_view name = file_name(path);
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

bool has_suffix(std::string_view path, std::string_view suffix) {
  return path.size() >= suffix.size() &&
         starts_with_nocase(path.substr(path.size() - suffix.size()), suffix);
}

std::string_view without_spaces(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool starts_with_nocase(std::string_view text, std::string_view lower_text) {
  return text.size() >= lower_text.size() &&
         std::equal(lower_text.begin(), lower_text.end(), text.begin(),
                    [](char a, char b) { return a == lower(b); });
}

std::optional<uint64_t> decimal(std::string_view text) {
  if (text.empty() || text.size() > 19) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

bool is_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t length = lead < 0x80   ? 1
                          : lead < 0xC2 ? 0
                          : lead < 0xE0 ? 2
                          : lead < 0xF0 ? 3
                          : lead < 0xF5 ? 4
                                        : 0;
    if (length == 0 || text.size() - at < length) return false;
    char32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<unsigned char>(text[at + i]);
      if ((byte & 0xC0) != 0x80) return false;
      code = code << 6 | (byte & 0x3Fu);
    }
    if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000)) return false;
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    at += length;
  }
  return true;
}

void append_utf8(std::string& out, char32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12), tail(6), tail(0);
  }
}

char32_t windows_1252(unsigned char byte) {
  constexpr char16_t kUpper[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  return byte >= 0x80 && byte < 0xA0 ? kUpper[byte - 0x80] : byte;
}

std::string from_windows_1252(std::string_view text) {
  std::string out;
  for (const char c : text) append_utf8(out, windows_1252(static_cast<unsigned char>(c)));
  return out;
}

std::string utf8_or_1252(std::string_view text) {
  return is_utf8(text) ? std::string(text) : from_windows_1252(text);
}

std::string from_utf16(std::string_view text, bool big_endian) {
  std::string out;
  const auto unit = [&](size_t at) {
    const auto one = static_cast<unsigned char>(text[at]);
    const auto two = static_cast<unsigned char>(text[at + 1]);
    return static_cast<char32_t>(big_endian ? one << 8 | two : two << 8 | one);
  };
  for (size_t at = 0; at + 1 < text.size(); at += 2) {
    char32_t code = unit(at);
    if (code >= 0xD800 && code < 0xDC00 && at + 3 < text.size()) {
      if (const char32_t low = unit(at + 2); low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        at += 2;
      }
    }
    append_utf8(out, code);
  }
  return out;
}

}  // namespace assay
