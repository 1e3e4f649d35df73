// Names that want to be more than names, at every place of a finding that a report can fill.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/incident.h"
#include "tests/reports/sample_findings.h"

namespace assay {

inline const std::vector<std::string>& hostile_names() {
  static const std::vector<std::string> names = {
      "<script>document.body.style.background='#00ff00'</script>",
      "<style>body{background:#ff00ff}</style>",
      "</style></title></script><img src=x onerror=alert(1)>",
      "\" onmouseover=\"alert(1)\" x=\"",
      "' onfocus='alert(1)' autofocus '",
      "javascript:alert(1)",
      "data:text/html,<b>x</b>",
      "[click](https://evil.example)",
      "![x](https://evil.example/p.png)",
      "<https://evil.example>",
      "https://evil.example www.evil.example a@evil.example @octocat #1",
      "`` ` ``` code",
      "a|b\\|c\\\\|d",
      "# heading",
      "- [x] done",
      "\n\n# heading\n- [x] done\n|a|b|\n",
      "\xe2\x80\xae"
      "txt.exe \xe2\x80\x8b \xe2\x80\xa8 \x1b[31m",
      "&lt;b&gt; &#60;",
      "1. one",
      "\\",
      "`",
      "trailing\\",
      "<!-- --> ]]> <![CDATA[",
      std::string(10'000, 'w'),
  };
  return names;
}

// A report whose every text is `name`.
inline FindingsFile hostile_file(const std::string& name) {
  FindingsFile file;
  file.name = file.tool = file.rules = name;
  ToldFinding told;
  told.rule_id = name;
  Finding& finding = told.finding;
  file.texts.push_back(name);
  finding.kind = file.texts.back();
  finding.redacted = name;
  finding.fingerprint = name;
  auto provenance = std::make_shared<Provenance>();
  provenance->path = name;
  finding.provenance = provenance;
  finding.encoding = {file.texts.back()};
  for (const auto field : {&KeyContext::host, &KeyContext::app, &KeyContext::slot,
                           &KeyContext::function, &KeyContext::key_name, &KeyContext::carrier,
                           &KeyContext::store, &KeyContext::resource_group}) {
    finding.context.*field = name;
  }
  finding.record = std::make_shared<Record>(Record{name, name, name, name, name, name, name});
  GitFacts git;
  git.object = git.blob = git.commit = git.path = git.author = git.committer = name;
  git.time = git.subject = git.introduced_by = git.removed_by = name;
  git.branches = git.tags = git.refs = {name};
  git.branch_count = git.tag_count = git.ref_count = 1;
  finding.git = std::make_shared<GitFacts>(git);
  finding.damage = std::make_shared<Damage>(Damage{name, true, 5, 0.5, 2, {name}});
  told.owner = Owner{name, name, name, name, name};
  told.brought_by = BroughtBy{name, name, name};
  told.owner_doubt = name;
  file.findings.push_back(told);
  told.finding.rule = sample_rules().find("AZF1002");  // another key, with a rule's own words
  told.finding.fingerprint += "2";
  file.findings.push_back(std::move(told));
  file.diagnostics.push_back({name, name, name, false});
  file.summary = ScanSummary{.findings = 2, .diagnostics = 1};
  file.summary->evidence = {{name, 5, name}};
  file.summary->arguments = {name, name};
  return file;
}

using Writer = void (*)(const IncidentRecord&, std::string&, const More&);
inline std::string write_record(Writer writer, const std::vector<FindingsFile>& reports,
                                std::string title = "Incident") {
  const Incident incident = merge_findings(reports, {});
  std::string out;
  writer({incident, reports, std::move(title)}, out, [] {});
  return out;
}
inline std::string write_hostile(Writer writer, const std::string& name) {
  std::vector<FindingsFile> reports;
  reports.push_back(hostile_file(name));
  return write_record(writer, reports, name);
}

}  // namespace assay
