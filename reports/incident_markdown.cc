// An incident as Markdown (GitHub's, with tables and task lists).
//
//   # Incident: leaked keys
//   **One key, 37 places, 4 owners.**
//   ## Azure Functions master key `ddd…AzFu…(56)`
//   | Place | … |      - [ ] Create the replacement.      | Subscription | |
//
// What comes from the input stands in code, where nothing is markup; there a backtick is written
// \x60, and `|`, which would end a cell, \x7c. Our own sentences are escaped character by
// character.
#include <fmt/format.h>

#include <algorithm>

#include "reports/format.h"
#include "reports/incident.h"
#include "reports/incident_words.h"

namespace assay {

namespace {

// A text of the input, which is printable already.
std::string code(std::string_view text) {
  if (text.empty()) return "";
  std::string out = "`";
  for (const char c : text) {
    if (c == '`') {
      out += "\\x60";
    } else if (c == '|') {
      out += "\\x7c";
    } else {
      out += c;
    }
  }
  return out + "`";
}

// A command as it can be copied: as it is, between more backticks than it holds in a row. For no
// table, where `|` ends a cell in code too.
std::string command_code(std::string_view text) {
  size_t most = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    most = std::max(most, run);
  }
  const std::string fence(most + 1, '`');
  const std::string_view space = text.starts_with('`') || text.ends_with('`') ? " " : "";
  return fmt::format("{}{}{}{}{}", fence, space, text, space, fence);
}

// Whether the character at `at` could mark something up: emphasis, a link, HTML, a heading, a list
// at the start, the end of a cell, an address that becomes a link by itself.
bool is_mark(std::string_view text, size_t at) {
  constexpr std::string_view kMarks = "\\`*_{}[]<>#|~$&!";
  const char c = text[at];
  if (kMarks.find(c) != std::string_view::npos) return true;
  if (at == 0) return c == '-' || c == '+' || c == '=';
  if (c == ':') return text.substr(at + 1).starts_with("//");
  if (c != '.' && c != ')') return false;
  const std::string_view before = text.substr(0, at);
  const bool numbered = before.find_first_not_of("0123456789") == std::string_view::npos;
  return numbered || before.ends_with("www") || before.ends_with("WWW");
}

// A sentence that is mostly ours. `@` stands in code, since some sites make mentions of it even
// where it is escaped.
std::string plain(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '@') {
      out += "`@`";
      continue;
    }
    if (is_mark(text, at)) out += '\\';
    out += text[at];
  }
  return out;
}

class Document {
 public:
  Document(const IncidentRecord& record, std::string& out, const More& more)
      : record_(record), out_(out), more_(more) {}

  void write() {
    out_ += "# " + plain(printable(record_.title)) + "\n\n";
    out_ += "**" + headline(record_.incident) + "**\n\n";
    add_problems();
    add_glance();
    const auto& keys = record_.incident.keys;
    for (size_t i = 0; i < std::min(keys.size(), kShownKeys); ++i) {
      add_key(keys[i], i + 1);
      more_();
    }
    if (keys.size() > kShownKeys) {
      out_ += fmt::format("{} more keys are not shown: the JSON form has them all.\n\n",
                          grouped(keys.size() - kShownKeys));
    }
    add_evidence();
  }

 private:
  void add_problems() {
    if (record_.incident.problems.empty()) return;
    out_ += "**This record is not complete. More keys may have leaked, to more places:**\n\n";
    for (const std::string& problem : record_.incident.problems) {
      out_ += "- " + plain(printable(problem)) + "\n";
    }
    out_ += '\n';
  }

  // One key needs none: its section is the next line.
  void add_glance() {
    const auto& keys = record_.incident.keys;
    if (keys.size() < 2) return;
    out_ += "| | Key | Of | Places | Owner | Do now |\n|---:|---|---|---:|---|---|\n";
    for (size_t i = 0; i < std::min(keys.size(), kShownKeys); ++i) {
      const Glance glance = glance_of(keys[i]);
      const std::string title = title_of(keys[i]);
      out_ += fmt::format("| {} | {} {} | {} | {} | {} | {} |\n", i + 1,
                          keys[i].rule != nullptr ? plain(title) : code(title),
                          code(printable(keys[i].redacted)), code(glance.of),
                          grouped(keys[i].places.size()), code(glance.owner), plain(glance.now));
      more_();
    }
    out_ += '\n';
  }

  void add_rows(const std::vector<Row>& rows) {
    out_ += "| Fact | Value |\n|---|---|\n";
    for (const Row& row : rows) {
      out_ +=
          fmt::format("| {} | {} |\n", row.name, row.quoted ? code(row.value) : plain(row.value));
    }
    out_ += '\n';
  }

  void add_key(const IncidentKey& key, size_t number) {
    out_ += fmt::format("## {}. {} {}\n\n", number, plain(title_of(key)),
                        code(printable(key.redacted)));
    out_ += "### What leaked\n\n";
    add_rows(facts_of(key));
    if (key.rule != nullptr && !key.rule->impact.empty()) {
      out_ += "### What it may do\n\n" + plain(printable(key.rule->impact)) + "\n\n";
    }
    add_places(key);
    add_list("Timeline", timeline_of(key));
    add_people(key);
    add_rotation(plan_rotation(key));
    add_change(key.change);
  }

  void add_places(const IncidentKey& key) {
    out_ += fmt::format("### Where it stands: {}\n\n", counted(key.places.size(), "place"));
    out_ +=
        "| Path | Line | Column | Offset | How | Record or history | Owner | Reports |\n"
        "|---|---:|---:|---:|---|---|---|---|\n";
    for (size_t i = 0; i < std::min(key.places.size(), kShownPlaces); ++i) {
      const IncidentPlace& place = key.places[i];
      const Finding& finding = place.told->finding;
      const Location& at = finding.location;
      out_ += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n",
                          code(printable(finding.provenance->path)), at.line, at.column,
                          at.byte_offset, code(manner_of(place)), origin_cell(place),
                          code(printable(place.owner)), numbers_of(place));
      more_();
    }
    out_ += '\n';
    if (key.places.size() > kShownPlaces) {
      out_ += fmt::format("{} more places are not shown: the JSON form has them all.\n\n",
                          grouped(key.places.size() - kShownPlaces));
    }
  }

  static std::string origin_cell(const IncidentPlace& place) {
    std::string cell = code(origin_of(place));
    const auto& record = place.told->finding.record;
    if (!record || record->link.empty()) return cell;
    return cell + " " +
           (may_be_link(record->link) ? "<" + record->link + ">" : code(printable(record->link)));
  }

  static std::string numbers_of(const IncidentPlace& place) {
    std::string out;
    for (const size_t report : place.reports) {
      out += fmt::format("{}{}", out.empty() ? "" : ", ", report + 1);
    }
    return out;
  }

  void add_list(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    out_ += fmt::format("### {}\n\n", title);
    for (const std::string& line : lines) out_ += "- " + code(line) + "\n";
    out_ += '\n';
  }

  void add_people(const IncidentKey& key) {
    out_ += "### Owner\n\n";
    if (key.owners.empty()) {
      out_ +=
          "Not known. Make the record again with `--inventory` or `--owners`, if they can tell.\n";
    }
    std::vector<std::string> lines = owner_lines(key);
    add_people_lines(lines);
    lines.clear();
    for (const BroughtByAt& at : key.brought_by) lines.push_back(brought_by_line(at));
    if (!lines.empty()) {
      out_ += "### Who brought it\n\nPeople to ask, not owners.\n\n";
      add_people_lines(lines);
    }
  }

  void add_people_lines(const std::vector<std::string>& lines) {
    for (size_t i = 0; i < std::min(lines.size(), kShownLines); ++i) {
      out_ += "- " + code(lines[i]) + "\n";
    }
    if (lines.size() > kShownLines) {
      out_ +=
          fmt::format("- {} more; the JSON form lists them\n", grouped(lines.size() - kShownLines));
    }
    out_ += '\n';
  }

  void add_rotation(const RotationPlan& plan) {
    out_ += "### Rotation\n\n";
    if (!plan.summary.empty()) out_ += plain(printable(plan.summary)) + "\n\n";
    for (const Task& task : tasks_of(plan)) {
      out_ += "- [ ] " + plain(task.text) + "\n";
      for (const std::string& command : task.commands) {
        out_ += "  - " + command_code(command) + "\n";
      }
      for (const auto& [name, query] : task.queries) {
        out_ += "  - " + plain(name) + ": " + command_code(query) + "\n";
      }
    }
    out_ += '\n';
  }

  void add_change(const ChangeRecord& change) {
    out_ += "### Change record\n\n| Field | Value |\n|---|---|\n";
    for (const auto& [name, value] : fields_of(change)) {
      out_ += fmt::format("| {} | {} |\n", name, code(value));
    }
    out_ += '\n';
  }

  void add_evidence() {
    out_ += "## Evidence\n\n";
    for (size_t i = 0; i < record_.reports.size(); ++i) {
      const FindingsFile& report = record_.reports[i];
      out_ += fmt::format("### Report {}\n\n", i + 1);
      add_rows(facts_of(report));
      add_hashes(report);
      add_skipped(report);
      more_();
    }
  }

  void add_hashes(const FindingsFile& report) {
    if (!report.summary || report.summary->evidence.empty()) {
      out_ += why_no_hashes(report);
      out_ += "\n\n";
      return;
    }
    out_ += "| File | Bytes | SHA-256 |\n|---|---:|---|\n";
    for (const Evidence& file : report.summary->evidence) {
      out_ += fmt::format("| {} | {} | {} |\n", code(printable(file.path)), file.bytes,
                          code(printable(file.sha256)));
      more_();
    }
    out_ += '\n';
  }

  void add_skipped(const FindingsFile& report) {
    if (report.diagnostics.empty()) {
      if (report.summary) out_ += "Nothing was skipped.\n\n";
      return;
    }
    out_ += "Not scanned, or not to the end:\n\n";
    for (size_t i = 0; i < std::min(report.diagnostics.size(), kShownLines); ++i) {
      const ToldDiagnostic& told = report.diagnostics[i];
      out_ +=
          fmt::format("- {}{}\n", told.accepted ? "accepted: " : "", code(printable(told.message)));
    }
    if (report.diagnostics.size() > kShownLines) {
      out_ += fmt::format("- {} more; the JSON form lists them\n",
                          grouped(report.diagnostics.size() - kShownLines));
    }
    out_ += '\n';
  }

  const IncidentRecord& record_;
  std::string& out_;
  const More& more_;
};

}  // namespace

void write_incident_markdown(const IncidentRecord& record, std::string& out, const More& more) {
  Document(record, out, more).write();
}

}  // namespace assay
