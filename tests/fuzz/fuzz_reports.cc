// A finding whose names are the input's, through every format.
#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "scanner/snippet.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

constexpr std::string_view kNameCharacters = "abcXYZ019._-";

// What KeyContext promises of its values.
std::string name_from(std::string_view bytes) {
  std::string name;
  for (const char c : bytes) {
    name += kNameCharacters[static_cast<unsigned char>(c) % kNameCharacters.size()];
  }
  return name;
}

Finding make_finding(Input& input) {
  Finding finding;
  const auto all = rules().rules();
  finding.rule = &all[input.byte() % all.size()];
  finding.kind = finding.rule->kind;
  finding.confidence = finding.rule->confidence;
  SeededRandom random(input.byte());
  finding.secret = Secret(fill_placeholders("{key:function}", random));
  finding.redacted = finding.secret.redacted();
  if (finding.confidence != Confidence::context) finding.fingerprint = "0123456789abcdefghij";
  KeyContext& context = finding.context;
  context.scope = static_cast<Scope>(input.byte() % 5);
  for (std::string* field : {&context.host, &context.app, &context.slot, &context.function,
                             &context.key_name, &context.carrier, &context.store}) {
    *field = name_from(input.take(input.byte() % 12));
  }
  finding.location = {input.below(65536), 56, 1 + input.below(65536), 1 + input.below(65536),
                      1 + input.below(65536)};
  if (input.byte() % 2 == 0) finding.encoding = {"percent", "json-escape"};
  finding.snippet.before = snippet_text(input.take(input.byte() % 32));
  finding.snippet.masked = std::string(56, '*');
  finding.snippet.after = snippet_text(input.take(input.byte() % 32));
  auto provenance = std::make_shared<Provenance>();
  if (input.byte() % 4 == 0) provenance->kind = Provenance::Kind::stream;
  provenance->path = std::string(input.rest());
  finding.provenance = provenance;
  return finding;
}

std::string write_report(const Format& format, const Finding& finding, bool live) {
  const auto report = format.make(rules(), {false, live, false});
  std::string out;
  report->begin(out);
  report->finding(finding, out);
  report->finding(finding, out);
  report->diagnostic({Diagnostic::Kind::unreadable, finding.provenance->path, "it is a test", ""},
                     out);
  report->finish({.blobs = 1, .bytes = 2, .findings = 2, .diagnostics = 1}, out);
  return out;
}

void check_jsonl(std::string_view out) {
  size_t lines = 0;
  for (; !out.empty(); ++lines) {
    const size_t end = out.find('\n');
    check(end != std::string_view::npos, "a line ends");
    check(nlohmann::json::accept(out.substr(0, end)), "a line is JSON");
    out.remove_prefix(end + 1);
  }
  check(lines == 4, "one line each");
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const bool live = input.byte() % 2 == 1;
  const assay::Finding finding = make_finding(input);
  assay::Finding tame = finding;
  auto provenance = std::make_shared<assay::Provenance>(*finding.provenance);
  provenance->path = "a.txt";
  tame.provenance = provenance;
  for (const assay::Format& format : assay::formats()) {
    const std::string out = write_report(format, finding, live);
    check(is_utf8(out) && !holds_control(out, "\n"), "a report acts on no terminal");
    check(out.find(finding.secret.reveal()) == std::string::npos, "a report holds no key");
    if (format.name == "jsonl") check_jsonl(out);
    if (format.name == "sarif") check(nlohmann::json::accept(out), "SARIF is JSON");
    const std::string other = write_report(format, tame, live);
    check(std::count(out.begin(), out.end(), '\n') == std::count(other.begin(), other.end(), '\n'),
          "a path makes no lines");
  }
  return 0;
}
