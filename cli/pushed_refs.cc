// A line is cut at its blanks, from the side on which nothing but ids and names of refs stands: a
// local ref of pre-push is what the user typed (`HEAD@{1 day ago}`), the rest holds no blanks.
#include "cli/pushed_refs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "rules/rule_set.h"

namespace assay {

namespace {

constexpr size_t kDigits = 40;

bool is_id(std::string_view text) {
  return text.size() == kDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

bool is_ref(std::string_view text) {
  return !text.empty() && text.find_first_of(std::string_view("\0 \t\r", 4)) == text.npos;
}

// What stands behind the last blank, and takes it off.
std::string_view last_word(std::string_view& line) {
  const size_t blank = line.rfind(' ');
  const std::string_view word = line.substr(blank == line.npos ? 0 : blank + 1);
  line = line.substr(0, blank == line.npos ? 0 : blank);
  return word;
}

}  // namespace

std::vector<PushedRef> parse_pushed_refs(std::string_view text, PushLines lines) {
  std::vector<PushedRef> refs;
  size_t number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const auto blanks = std::count(line.begin(), line.end(), ' ');
    std::array<std::string_view, 3> words;  // from the right
    for (std::string_view& word : words) word = last_word(line);
    const bool receive = lines == PushLines::pre_receive;
    const std::string_view old_id = receive ? words[2] : words[0];
    const std::string_view new_id = receive ? words[1] : words[2];
    const std::string_view name = receive ? words[0] : words[1];
    if (!is_id(old_id) || !is_id(new_id) || !is_ref(name) ||
        (receive ? blanks != 2 : line.empty())) {
      throw Error(fmt::format(
          "Line {} of standard input is not what git tells a {} hook: {}. Let git call the hook.",
          number, receive ? "pre-receive" : "pre-push",
          receive ? "two ids of 40 digits and a ref" : "a ref, an id of 40 digits, a ref, an id"));
    }
    refs.push_back({std::string(old_id), std::string(new_id), std::string(name), !receive});
  }
  return refs;
}

}  // namespace assay
