// A gap is a chain of parts, each found by its first bytes:
//
//   dddd  ESC[0m  ␠\⏎  >␠>␠  ESC[31m  dddd
//         ansi    break      ansi
//
// It counts where a piece ends before it and another begins behind it. Most bytes begin no part;
// those that may are looked at only behind a piece character. A chain that comes to nothing is
// remembered by its parts: many end in letters (`ESC[31m`), behind which the same parts would be
// tried again.
#include "scanner/decoders/gap.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "scanner/decoders/gap_parts.h"

namespace assay {

namespace {

constexpr size_t kMostParts = 64;
constexpr int kMostBreaks = 4;  // three empty lines
constexpr size_t kLongestTag = 256;
constexpr size_t kLongestRecord = 400;
constexpr size_t kLongestField = 64;

// Fields that hold text. Others (times, levels, ids) are not cut to pieces, and a gap from one of
// them to its like in the next record would hold the text.
constexpr std::string_view kTextFields[] = {
    "log",  "msg",  "message", "Message", "MESSAGE", "@message", "text", "textPayload", "body",
    "line", "data", "content", "output",  "chunk",   "event",    "raw",  "_raw",        "value"};

// As is_key_character has them, and `=`; asked for every byte.
constexpr auto kPieceCharacters = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 128; ++c) {
    table[static_cast<size_t>(c)] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                    (c >= 'A' && c <= 'Z') || c == '+' || c == '/' || c == '-' ||
                                    c == '_' || c == '%' || c == '=';
  }
  return table;
}();

// The bytes of `set` and all that are not ASCII.
constexpr std::array<bool, 256> table_of(std::string_view set) {
  std::array<bool, 256> table{};
  for (const char c : set) table[static_cast<unsigned char>(c)] = true;
  for (size_t c = 0x80; c < 256; ++c) table[c] = true;
  return table;
}
// What a gap may begin with, and what the end of a line may.
constexpr auto kGapBegins = table_of("\t\n\v\f\r\x1b \"&')<?[\\^`|");
constexpr auto kLineEnds = table_of("\t\n\v\f\r \\^`|");

// Which kind a gap of several is told as: the one that says most of where the text comes from.
int weight(Undone what) {
  constexpr Undone kOrder[] = {Undone::nothing,    Undone::invisible, Undone::ansi,
                               Undone::line_wrap,  Undone::html_tag,  Undone::concatenation,
                               Undone::log_prefix, Undone::log_record};
  return static_cast<int>(std::find(std::begin(kOrder), std::end(kOrder), what) - kOrder);
}

void raise(Undone& what, Undone to) {
  if (weight(to) > weight(what)) what = to;
}

bool stands_at(std::string_view text, size_t at, std::string_view what) {
  return text.substr(std::min(at, text.size()), what.size()) == what;
}

// What a line that goes on begins with: any of these, one.
size_t line_mark_end(std::string_view text, size_t at) {
  if (at == text.size()) return at;
  if (std::strchr("> \t|#*;", text[at]) != nullptr && text[at] != '\0') return at + 1;
  for (const std::string_view mark : {"\xE2\x94\x82", "\xE2\x94\x83", "\xE2\x95\x91"}) {  // │ ┃ ║
    if (stands_at(text, at, mark)) return at + mark.size();
  }
  // `/` and `-` are digits as well.
  for (const std::string_view mark : {"// ", "//\t", "-- ", "//! ", "/// "}) {
    if (stands_at(text, at, mark)) return at + mark.size();
  }
  return at;
}

// What a line that goes on ends in, before its break: `\`, a back tick, the border of a table, or
// an arrow that says so.
size_t end_mark_end(std::string_view text, size_t at) {
  if (at == text.size()) return at;
  if (text[at] == '\\' || text[at] == '`' || text[at] == '|' || text[at] == '^') return at + 1;
  if (static_cast<unsigned char>(text[at]) < 0x80) return at;
  for (const std::string_view mark :
       {"\xE2\x94\x82", "\xE2\x94\x83", "\xE2\x95\x91", "\xE2\x86\xA9", "\xE2\x86\xB5",
        "\xE2\x8F\x8E", "\xC2\xAC"}) {  // │ ┃ ║ ↩ ↵ ⏎ ¬
    if (stands_at(text, at, mark)) return at + mark.size();
  }
  return at;
}

}  // namespace

bool is_piece_character(char c) { return kPieceCharacters[static_cast<unsigned char>(c)]; }

size_t GapFinder::find(size_t at, Undone& what) {
  if (!kGapBegins[static_cast<unsigned char>(text_[at])]) return at;
  if (std::binary_search(failed_.begin(), failed_.end(), at)) return at;
  failed_.clear();
  Chain chain;
  chain.begin = at;
  size_t end = at;
  for (size_t parts = 0; parts < kMostParts && end - at < kLongestGap; ++parts) {
    const size_t next = part(end, chain);
    if (next == end) break;
    failed_.push_back(end);
    end = next;
  }
  const bool between_pieces = end < text_.size() && is_piece_character(text_[end]);
  const bool roomy = chain.breaks > 0 || chain.what == Undone::html_tag;
  if (chain.what == Undone::nothing || end - at > kLongestGap || !between_pieces ||
      (chain.blanks && !roomy)) {
    return at;
  }
  failed_.clear();
  what = chain.what;
  return end;
}

size_t GapFinder::part(size_t at, Chain& chain) {
  if (at == text_.size()) return at;
  size_t end = line_part(at, chain);
  if (end != at) return end;
  chain.in_indent = false;
  end = blanks_end(text_, at);
  if (end != at) {
    chain.blanks = true;
    return end;
  }
  if (is_piece_character(text_[at])) return at;
  end = ansi_end(text_, at);
  if (end != at) {
    raise(chain.what, Undone::ansi);
    return end;
  }
  end = invisible_end(text_, at);
  if (end != at) {
    raise(chain.what, Undone::invisible);
    return end;
  }
  if (text_[at] == '<') return tag_part(at, chain);
  if (text_[at] == '?') {
    end = encoded_words_end(text_, at);
    if (end != at) raise(chain.what, Undone::line_wrap);
    return end;
  }
  return quote_part(at, chain);
}

// A line break with the blanks and marks before it, or what stands between it and the next piece.
size_t GapFinder::line_part(size_t at, Chain& chain) {
  if (chain.line_begin) {
    chain.line_begin = false;
    const size_t cri = cri_prefix_end(text_, at);
    if (cri != at) {
      raise(chain.what, Undone::log_record);
      return cri;
    }
    if (prefix_choice_ != kNoPrefixes) {
      const size_t end = prefix_end(text_, line_begin(chain.begin), at, prefix_choice_);
      if (end != at) {
        raise(chain.what, Undone::log_prefix);
        return end;
      }
    }
  }
  if (chain.breaks < kMostBreaks && kLineEnds[static_cast<unsigned char>(text_[at])]) {
    const size_t mark = blanks_end(text_, at);
    const size_t blanks = blanks_end(text_, end_mark_end(text_, mark));
    const size_t end = break_end(text_, blanks);
    if (end != blanks) {
      raise(chain.what, Undone::line_wrap);
      ++chain.breaks;
      chain.line_begin = true;
      chain.in_indent = true;
      return end;
    }
  }
  size_t end = at;
  while (chain.in_indent && end - at < kLongestGap) {
    const size_t next = line_mark_end(text_, end);
    if (next == end) break;
    end = next;
  }
  return end;
}

size_t GapFinder::quote_part(size_t at, Chain& chain) {
  size_t end = text_[at] == '"' ? asciicast_end(text_, at) : at;
  if (end == at && text_[at] == '"') end = json_record(at);
  if (end != at) {
    raise(chain.what, Undone::log_record);
    return end;
  }
  end = literals_end(text_, at);
  if (end == at) end = pdf_strings_end(text_, at);
  if (end != at) raise(chain.what, Undone::concatenation);
  return end;
}

size_t GapFinder::tag_part(size_t at, Chain& chain) {
  const size_t name = at + 1 + (stands_at(text_, at + 1, "/") ? 1 : 0);
  if (name >= text_.size()) return at;
  const char c = text_[name];
  if (c != '!' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) return at;
  if (next_close_ < at) next_close_ = at;
  if (next_close_ < text_.size() && text_[next_close_] != '>') {
    next_close_ = std::min(text_.find('>', next_close_), text_.size());
  }
  if (next_close_ == text_.size() || next_close_ - at >= kLongestTag) return at;
  if (value_in_tag_.second == next_close_ && at <= value_in_tag_.first) return at;
  if (holds_value(text_.substr(at, next_close_ - at))) {
    value_in_tag_ = {at, next_close_};
    return at;
  }
  raise(chain.what, Undone::html_tag);
  return next_close_ + 1;
}

// `","stream":"stdout","time":"…"}⏎{"log":"` behind a piece that is the value of "log".
size_t GapFinder::json_record(size_t at) {
  const size_t sign = blanks_end(text_, at + 1);
  if (sign == text_.size() || (text_[sign] != ',' && text_[sign] != '}')) return at;
  find_field(at);
  // A piece of 16 KiB: its field stands further back than the text goes.
  std::string_view field = field_;
  if (stands_at(text_, at, "\",\"stream\":\"std")) field = "\"log\"";
  if (field.empty()) return at;
  const size_t limit = std::min(text_.size(), at + kLongestRecord);
  size_t found = 0;
  size_t quote = 0;
  const bool known = field.data() == field_.data();
  for (size_t from = known ? std::max(at + 1, no_field_before_) : at + 1;; from = found + 1) {
    found = text_.substr(0, limit).find(field, std::min(from, limit));
    if (found == std::string_view::npos) {
      if (known) no_field_before_ = std::max(from, limit - field.size());
      return at;
    }
    if (known) no_field_before_ = found;
    const size_t colon = blanks_end(text_, found + field.size());
    if (!stands_at(text_, colon, ":")) continue;  // it is a value
    quote = blanks_end(text_, colon + 1);
    if (stands_at(text_, quote, "\"")) break;
  }
  const std::string_view between = text_.substr(at, found - at);
  const size_t closed = between.find('}');
  if (closed == std::string_view::npos || between.find('{', closed) == std::string_view::npos) {
    return at;
  }
  if (holds_value(between)) return at;
  return quote + 1;
}

// Sets `field_` to the name, with its quotes, of the last string field that begins before `at`.
void GapFinder::find_field(size_t at) {
  for (; fields_seen_ < at; ++fields_seen_) {
    fields_seen_ = text_.substr(0, at).find(':', fields_seen_);
    if (fields_seen_ == std::string_view::npos) {
      fields_seen_ = at;
      return;
    }
    if (fields_seen_ < 3 || text_[fields_seen_ - 1] != '"') continue;
    const size_t value = blanks_end(text_, fields_seen_ + 1);
    if (value >= at || text_[value] != '"') continue;
    const size_t begin = text_.rfind('"', fields_seen_ - 2);
    if (begin == std::string_view::npos || fields_seen_ - begin > kLongestField) continue;
    const std::string_view field = text_.substr(begin, fields_seen_ - begin);
    if (field != field_) no_field_before_ = 0;
    const std::string_view name = field.substr(1, field.size() - 2);
    const bool of_text =
        std::find(std::begin(kTextFields), std::end(kTextFields), name) != std::end(kTextFields);
    field_ = of_text ? field : std::string_view();
  }
}

// The begin of the line that holds text[at].
size_t GapFinder::line_begin(size_t at) {
  if (at > lines_seen_) {
    const size_t found = text_.substr(lines_seen_, at - lines_seen_).rfind('\n');
    if (found != std::string_view::npos) line_begin_ = lines_seen_ + found + 1;
    lines_seen_ = at;
  }
  return line_begin_;
}

bool take_out_gaps(std::string_view text, int prefix_choice, Restored& out) {
  out.clear();
  GapFinder gaps(text, prefix_choice);
  bool any = false;
  Undone what = Undone::nothing;
  for (size_t at = 0; at < text.size(); ++at) {
    if (at > 0 && is_piece_character(text[at - 1])) {
      const size_t end = gaps.find(at, what);
      any |= end != at;
      if (end == at) what = Undone::nothing;
      at = end;
    }
    out.add(text[at], at, at + 1, what);
    what = Undone::nothing;
  }
  return any;
}

}  // namespace assay
