// What is not known is left out, and what comes from the input is made valid UTF-8: nlohmann's
// writer would else replace or refuse it as it likes.
#include "reports/json_facts.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "reports/format.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

// The code point of a character of valid UTF-8.
char32_t code_point(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  char32_t code = character.size() == 1 ? lead : lead & (0x7fu >> character.size());
  for (const char c : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 63u);
  return code;
}

void add_unit(char32_t unit, std::string& out) {
  fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(unit));
}

void add_escaped(std::string_view character, std::string& out) {
  const char32_t code = code_point(character);
  if (code < 0x10000) return add_unit(code, out);
  add_unit(0xd800 + ((code - 0x10000) >> 10), out);
  add_unit(0xdc00 + ((code - 0x10000) & 0x3ff), out);
}

}  // namespace

void add_known(const char* name, const std::string& value, nlohmann::ordered_json& object) {
  if (!value.empty()) object[name] = valid_utf8(value);
}

nlohmann::ordered_json names_of(const std::vector<std::string>& names) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const std::string& name : names) out.push_back(valid_utf8(name));
  return out;
}

Json json_of(const KeyContext& context) {
  Json out;
  add_known("host", context.host, out);
  add_known("app", context.app, out);
  add_known("slot", context.slot, out);
  add_known("function", context.function, out);
  add_known("key_name", context.key_name, out);
  add_known("carrier", context.carrier, out);
  add_known("store", context.store, out);
  add_known("resource_group", context.resource_group, out);
  return out;
}

Json location_json(const Finding& finding) {
  Json out;
  out["path"] = finding.provenance ? valid_utf8(finding.provenance->path) : std::string();
  out["line"] = finding.location.line;
  out["column"] = finding.location.column;
  out["byte_offset"] = finding.location.byte_offset;
  out["byte_length"] = finding.location.byte_length;
  return out;
}

Json json_of(const Record& record) {
  Json out;
  add_known("system", record.system, out);
  add_known("container", record.container, out);
  add_known("id", record.id, out);
  add_known("author", record.author, out);
  add_known("time", record.time, out);
  add_known("link", record.link, out);
  add_known("operation", record.operation, out);
  return out;
}

Json json_of(const GitFacts& git) {
  Json out;
  add_known("object", git.object, out);
  add_known("blob", git.blob, out);
  add_known("commit", git.commit, out);
  add_known("path", git.path, out);
  add_known("author", git.author, out);
  add_known("committer", git.committer, out);
  add_known("time", git.time, out);
  add_known("subject", git.subject, out);
  add_known("introduced_by", git.introduced_by, out);
  add_known("removed_by", git.removed_by, out);
  out["present_at_head"] = git.present_at_head;
  if (git.staged) out["staged"] = true;
  out["occurrences"] = git.occurrences;
  if (!git.refs_known) return out;
  out["branches"] = names_of(git.branches);
  out["tags"] = names_of(git.tags);
  if (!git.refs.empty()) out["refs"] = names_of(git.refs);
  out["branch_count"] = git.branch_count;
  out["tag_count"] = git.tag_count;
  if (git.ref_count > 0) out["ref_count"] = git.ref_count;
  return out;
}

Json json_of(const Damage& damage) {
  Json out;
  out["what"] = damage.what;
  out["masked"] = damage.masked;
  out["tried"] = damage.tried;
  out["by_chance"] = damage.by_chance;
  out["candidates"] = damage.candidates;
  out["fingerprints"] = damage.fingerprints;
  return out;
}

// JSON lets characters pass that printable() does not, and some readers end a line at U+2028. They
// stand only inside strings, where \uNNNN means the same.
void add_json_line(const Json& json, std::string& out) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const std::string_view character = std::string_view(text).substr(at, length);
    // "##vso[" is what a build agent would run: six bytes tell.
    const bool suspect = lead >= 0x7f || lead == '#';
    if (suspect &&
        printable(std::string_view(text).substr(at, lead == '#' ? 6 : length)).starts_with('\\')) {
      add_escaped(character, out);
    } else {
      out += character;
    }
    at += length;
  }
  out += '\n';
}

}  // namespace assay
