// An incident as one file of HTML that needs nothing else: no script, style, font or picture from
// elsewhere, and a policy that refuses them. Its own style and script are named there by hash.
//
//   headline, problems, a line a key, filter, a section a key (facts, places, timeline, people,
//   rotation, change record), evidence
//
// Everything of the input is printable() first, so that it cannot turn the direction of the text,
// and then escaped; it stands in texts only, never in an attribute but for `href` of an address
// that may_be_link.
#include <fmt/format.h>

#include <algorithm>

#include "reports/format.h"
#include "reports/incident.h"
#include "reports/incident_page.h"
#include "reports/incident_words.h"
#include "rules/keys/base64.h"
#include "rules/keys/c3id.h"

namespace assay {

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A sentence of ours, whose words in backticks are code.
std::string with_code(std::string_view text) {
  std::string out;
  bool in_code = false;
  for (const char c : text) {
    if (c == '`') {
      in_code = !in_code;
      out += in_code ? "<code>" : "</code>";
    } else {
      out += escaped({&c, 1});
    }
  }
  return out;
}

// A text of the input, apart from our own words in look and in direction.
std::string quoted(std::string_view text) {
  if (text.empty()) return "";
  return "<code><bdi>" + escaped(text) + "</bdi></code>";
}

std::string policy_hash(std::string_view text) {
  const auto digest = sha256(text);
  return "'sha256-" + encode_base64({digest.data(), digest.size()}, Base64Alphabet::standard) + "'";
}

class Page {
 public:
  Page(const IncidentRecord& record, std::string& out, const More& more)
      : record_(record), out_(out), more_(more) {}

  void write() {
    add_head();
    add_top();
    const auto& keys = record_.incident.keys;
    for (size_t i = 0; i < std::min(keys.size(), kShownKeys); ++i) {
      add_key(keys[i], i + 1);
      more_();
    }
    if (keys.size() > kShownKeys) {
      out_ += fmt::format("<p>{} more keys are not shown: the JSON form has them all.</p>\n",
                          grouped(keys.size() - kShownKeys));
    }
    add_evidence();
    out_ += fmt::format("</main>\n<script>{}</script>\n</body>\n</html>\n", kPageScript);
  }

 private:
  void add_head() {
    out_ += "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    out_ += fmt::format(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; "
        "script-src {}; base-uri 'none'; form-action 'none'\">\n",
        policy_hash(kPageStyle), policy_hash(kPageScript));
    out_ +=
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n";
    out_ += "<title>" + escaped(printable(record_.title)) + "</title>\n";
    out_ += fmt::format("<style>{}</style>\n</head>\n<body>\n<main>\n", kPageStyle);
  }

  void add_top() {
    out_ += "<h1>" + escaped(printable(record_.title)) + "</h1>\n";
    out_ += "<p class=\"headline\">" + escaped(headline(record_.incident)) + "</p>\n";
    if (!record_.incident.problems.empty()) {
      out_ +=
          "<section class=\"problems\">\n<h2>This record is not complete</h2>\n"
          "<p>More keys may have leaked, to more places:</p>\n<ul>\n";
      for (const std::string& problem : record_.incident.problems) {
        out_ += "<li>" + escaped(printable(problem)) + "</li>\n";
      }
      out_ += "</ul>\n</section>\n";
    }
    add_glance();
    out_ +=
        "<div class=\"tools\" id=\"tools\" role=\"search\" hidden>\n<label for=\"filter\">Show "
        "only "
        "places with</label>\n<input id=\"filter\" type=\"search\" autocomplete=\"off\">\n"
        "<output id=\"told\" for=\"filter\"></output>\n</div>\n";
  }

  // One key needs none: its section is the next thing on the page.
  void add_glance() {
    const auto& keys = record_.incident.keys;
    if (keys.size() < 2) return;
    out_ +=
        "<div class=\"scroll\"><table class=\"glance\">\n<caption>The worst first</caption>\n"
        "<thead><tr><th scope=\"col\">Key</th><th scope=\"col\">Of</th>"
        "<th scope=\"col\" class=\"number\">Places</th><th scope=\"col\">Owner</th>"
        "<th scope=\"col\">Do now</th></tr></thead>\n<tbody>\n";
    for (size_t i = 0; i < std::min(keys.size(), kShownKeys); ++i) {
      const Glance glance = glance_of(keys[i]);
      out_ += fmt::format(
          "<tr><td>{}. {} {}</td><td>{}</td><td class=\"number\">{}</td><td>{}</td><td>{}</td>"
          "</tr>\n",
          i + 1, escaped(title_of(keys[i])), quoted(printable(keys[i].redacted)), quoted(glance.of),
          grouped(keys[i].places.size()), quoted(glance.owner), escaped(glance.now));
      more_();
    }
    out_ += "</tbody>\n</table></div>\n";
  }

  void add_rows(std::string_view caption, const std::vector<Row>& rows) {
    out_ += fmt::format("<table class=\"facts\">\n<caption>{}</caption>\n<tbody>\n", caption);
    for (const Row& row : rows) {
      out_ += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", row.name,
                          row.quoted ? quoted(row.value) : escaped(row.value));
    }
    out_ += "</tbody>\n</table>\n";
  }

  void add_key(const IncidentKey& key, size_t number) {
    out_ += fmt::format("<section id=\"key-{}\">\n<h2>{}. {} {}</h2>\n", number, number,
                        escaped(title_of(key)), quoted(printable(key.redacted)));
    add_rows("What leaked", facts_of(key));
    if (key.rule != nullptr && !key.rule->impact.empty()) {
      out_ += "<h3>What it may do</h3>\n<p>" + escaped(printable(key.rule->impact)) + "</p>\n";
    }
    add_places(key);
    add_lines("Timeline", timeline_of(key), "");
    add_people(key);
    add_rotation(plan_rotation(key), number);
    add_change(key.change);
    out_ += "</section>\n";
  }

  void add_places(const IncidentKey& key) {
    out_ += fmt::format(
        "<h3>Where it stands</h3>\n<div class=\"scroll\"><table class=\"places\">\n"
        "<caption>{}</caption>\n<thead><tr>",
        counted(key.places.size(), "place"));
    for (const std::string_view name : {"Path", "How", "Record or history", "Owner", "Reports"}) {
      out_ += fmt::format("<th scope=\"col\">{}</th>", name);
      if (name != "Path") continue;
      for (const std::string_view number : {"Line", "Column", "Offset"}) {
        out_ += fmt::format("<th scope=\"col\" class=\"number\">{}</th>", number);
      }
    }
    out_ += "</tr></thead>\n<tbody>\n";
    for (size_t i = 0; i < std::min(key.places.size(), kShownPlaces); ++i) {
      add_place(key.places[i]);
      more_();
    }
    out_ += "</tbody>\n</table></div>\n";
    if (key.places.size() > kShownPlaces) {
      out_ += fmt::format("<p>{} more places are not shown: the JSON form has them all.</p>\n",
                          grouped(key.places.size() - kShownPlaces));
    }
  }

  void add_place(const IncidentPlace& place) {
    const Finding& finding = place.told->finding;
    const auto cell = [this](const std::string& text) {
      out_ += "<td><span class=\"long\">" + text + "</span></td>";
    };
    const auto number = [this](uint64_t value) {
      out_ += fmt::format("<td class=\"number\">{}</td>", value);
    };
    out_ += "<tr>";
    cell(quoted(printable(finding.provenance->path)));
    number(finding.location.line);
    number(finding.location.column);
    number(finding.location.byte_offset);
    cell(quoted(manner_of(place)));
    cell(quoted(origin_of(place)) + link_of(finding));
    cell(quoted(printable(place.owner)));
    std::string reports;
    for (const size_t report : place.reports) {
      reports += fmt::format("{}{}", reports.empty() ? "" : ", ", report + 1);
    }
    out_ += "<td>" + reports + "</td></tr>\n";
  }

  // The address is what is shown, so that nobody follows one that he did not read.
  static std::string link_of(const Finding& finding) {
    if (!finding.record || finding.record->link.empty()) return "";
    const std::string& link = finding.record->link;
    if (!may_be_link(link)) return " " + quoted(printable(link));
    const std::string text = escaped(link);
    return fmt::format(" <a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", text, text);
  }

  void add_lines(std::string_view title, const std::vector<std::string>& lines,
                 std::string_view none) {
    if (lines.empty() && none.empty()) return;
    out_ += fmt::format("<h3>{}</h3>\n", title);
    if (lines.empty()) {
      out_ += fmt::format("<p>{}</p>\n", none);
      return;
    }
    out_ += "<ul>\n";
    for (size_t i = 0; i < std::min(lines.size(), 3 * kShownLines); ++i) {
      out_ += "<li>" + quoted(lines[i]) + "</li>\n";
    }
    if (lines.size() > 3 * kShownLines) {
      out_ += fmt::format("<li>{} more; the JSON form lists them</li>\n",
                          grouped(lines.size() - 3 * kShownLines));
    }
    out_ += "</ul>\n";
  }

  void add_people(const IncidentKey& key) {
    std::vector<std::string> lines = owner_lines(key);
    add_lines("Owner", lines,
              "Not known. Make the record again with <code>--inventory</code> or "
              "<code>--owners</code>, if they can tell.");
    lines.clear();
    for (const BroughtByAt& at : key.brought_by) lines.push_back(brought_by_line(at));
    add_lines("Who brought it: people to ask, not owners", lines, "");
  }

  void add_rotation(const RotationPlan& plan, size_t number) {
    out_ += "<h3>Rotation</h3>\n";
    if (!plan.summary.empty()) out_ += "<p>" + escaped(printable(plan.summary)) + "</p>\n";
    out_ += "<ul class=\"tasks\">\n";
    size_t step = 0;
    for (const Task& task : tasks_of(plan)) {
      ++step;
      out_ += fmt::format(
          "<li><input type=\"checkbox\" id=\"key-{}-step-{}\" autocomplete=\"off\"> "
          "<label for=\"key-{}-step-{}\">{}</label>",
          number, step, number, step, escaped(task.text));
      for (const std::string& command : task.commands) {
        out_ += "<pre><code>" + escaped(command) + "</code></pre>";
      }
      for (const auto& [name, query] : task.queries) {
        out_ += "<p>" + escaped(name) + ":</p><pre><code>" + escaped(query) + "</code></pre>";
      }
      out_ += "</li>\n";
    }
    out_ += "</ul>\n";
  }

  void add_change(const ChangeRecord& change) {
    out_ += "<table class=\"facts\">\n<caption>Change record</caption>\n<tbody>\n";
    for (const auto& [name, value] : fields_of(change)) {
      out_ += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", name,
                          value.empty() ? "<span class=\"blank\">&nbsp;</span>" : quoted(value));
    }
    out_ += "</tbody>\n</table>\n";
  }

  void add_evidence() {
    out_ += "<section id=\"evidence\">\n<h2>Evidence</h2>\n";
    for (size_t i = 0; i < record_.reports.size(); ++i) {
      const FindingsFile& report = record_.reports[i];
      add_rows(fmt::format("Report {}", i + 1), facts_of(report));
      add_hashes(report);
      std::vector<std::string> lines;
      for (const ToldDiagnostic& told : report.diagnostics) {
        lines.push_back((told.accepted ? "accepted: " : "") + printable(told.message));
      }
      add_lines("Not scanned, or not to the end", lines,
                report.summary ? "Nothing was skipped." : "");
      more_();
    }
    out_ += "</section>\n";
  }

  void add_hashes(const FindingsFile& report) {
    if (!report.summary || report.summary->evidence.empty()) {
      out_ += "<p>" + with_code(why_no_hashes(report)) + "</p>\n";
      return;
    }
    out_ +=
        "<div class=\"scroll\"><table>\n<caption>Files that hold findings</caption>\n<thead><tr>"
        "<th scope=\"col\">File</th><th scope=\"col\" class=\"number\">Bytes</th>"
        "<th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n";
    for (const Evidence& file : report.summary->evidence) {
      out_ += fmt::format("<tr><td>{}</td><td class=\"number\">{}</td><td>{}</td></tr>\n",
                          quoted(printable(file.path)), file.bytes, quoted(printable(file.sha256)));
      more_();
    }
    out_ += "</tbody>\n</table></div>\n";
  }

  const IncidentRecord& record_;
  std::string& out_;
  const More& more_;
};

}  // namespace

void write_incident_html(const IncidentRecord& record, std::string& out, const More& more) {
  Page(record, out, more).write();
}

}  // namespace assay
