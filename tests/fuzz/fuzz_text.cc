// Bytes of any kind made fit for terminals, JSON and uris; lines and their hashes.
#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "reports/sarif_text.h"
#include "scanner/line_hash.h"
#include "scanner/lines.h"
#include "scanner/snippet.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

void check_utf8(std::string_view bytes) {
  const std::string shown = printable(bytes);
  check(is_utf8(shown) && !holds_control(shown), "printable text is a line of UTF-8");
  const std::string valid = valid_utf8(bytes);
  check(is_utf8(valid), "valid_utf8 gives UTF-8");
  check(!is_utf8(bytes) || valid == bytes, "and changes nothing that is");
  const std::string snippet = snippet_text(bytes);
  check(is_utf8(snippet) && !holds_control(snippet, "\t"), "a snippet is a line of UTF-8");
  check(snippet.starts_with("\xEF\xBB\xBF") || snippet_text(snippet) == snippet,
        "and is clean at once, but for one byte order mark behind another");
}

void check_sarif(std::string_view bytes) {
  const std::string uri = sarif_uri(bytes);
  check(!uri.empty() && uri.front() != '/', "a uri is relative");
  check(std::all_of(uri.begin(), uri.end(), [](char c) { return c > ' ' && c < 0x7F; }),
        "a uri is ASCII without blanks");
  check(uri.find_first_of(":?#[]\\\"<>^`{|}") == std::string::npos, "a uri is only a path");
  check(("/" + uri + "/").find("/../") == std::string::npos, "a uri does not leave its base");

  const std::string argument = sarif_argument(bytes);
  check(is_utf8(argument) && !holds_control(argument), "an argument is a line of UTF-8");
  const std::string arguments[] = {argument};
  const std::string message = fill_message(bytes, arguments);
  check(is_utf8(message) || !is_utf8(bytes), "a message of UTF-8 is UTF-8");
  check(is_utf8(sarif_literal(bytes)), "our words are UTF-8");

  nlohmann::ordered_json json;
  json[std::string(valid_utf8(bytes))] = std::string(bytes);
  std::string out;
  append_json(json, out);
  check(std::all_of(out.begin(), out.end(), [](char c) { return c >= ' ' && c < 0x7F; }),
        "JSON is a line of ASCII");
  check(out.find("##") == std::string::npos, "JSON holds no agent's command");
  const auto back = nlohmann::ordered_json::parse(out, nullptr, false);
  check(back.is_object() && back.size() == 1, "JSON is JSON");
  check(!is_utf8(bytes) || back == json, "and says what was put in");
}

void check_lines(std::string_view text, size_t seam) {
  LineCounter whole;
  whole.advance(text);
  LineCounter first;
  LineCounter second;
  first.advance(text.substr(0, seam));
  second.advance(text.substr(seam));
  first.append(second);
  check(whole.line() == first.line() && whole.column() == first.column() &&
            whole.utf16_column() == first.utf16_column(),
        "lines add up wherever they are cut");

  std::vector<uint64_t> lines;
  for (uint64_t line = 1; line <= whole.line() + 1; ++line) lines.push_back(line);
  const auto hashes = line_hashes(text, lines);
  check(hashes.size() == lines.size(), "each line has its hash");
  check(hashes.back().empty(), "a line past the end has none");
  for (const std::string& hash : hashes) {
    check(hash.find_first_not_of("0123456789abcdef:") == std::string::npos, "a hash is hex:count");
  }
  // Asked for alone, a line's hash is the same.
  const size_t one = seam % lines.size();
  check(line_hashes(text, std::vector<uint64_t>{lines[one]})[0] == hashes[one],
        "a hash does not depend on which lines are asked for");
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const size_t seam = input.below(65536);
  const std::string_view bytes = input.rest();
  check_utf8(bytes);
  check_sarif(bytes);
  check_lines(bytes, seam % (bytes.size() + 1));
  return 0;
}
