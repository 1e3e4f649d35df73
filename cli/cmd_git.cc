// assay git [REPO]
#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <utility>

#include "cli/commands.h"
#include "cli/run_report.h"
#include "git/history.h"
#include "git/new_names.h"
#include "git/repository.h"
#include "git/staged.h"
#include "scanner/verify.h"

namespace assay {

namespace {

struct GitFlags {
  std::string repository = ".";
  bool staged = false;
  bool whole_files = false;
  std::string range;
  std::string since;
  bool all = false;
  HistoryOptions history;
  ReportFlags report;
};

RepositoryFacts facts_of(const Repository& repository, std::string category) {
  const auto head = repository.head();
  return {repository.remote_url(), head ? head->hex() : "", repository.head_branch(),
          std::move(category)};
}

// The staged change. Its summary counts the files that were looked at.
ScanSummary scan_staged(const Repository& repository, const GitFlags& flags, const RuleSet& rules,
                        const Prefilter& prefilter, const ScanOptions& options,
                        const ScanSink& sink, const std::atomic<bool>& stop, ScanStats& stats) {
  uint64_t diagnostics = 0;
  const auto say = [&](Diagnostic&& diagnostic) {
    diagnostic.path = redact_names(repository.shown(diagnostic.path));
    ++diagnostics;
    sink.diagnostic(std::move(diagnostic));
  };
  const ObjectStore store(repository.object_folders(say), say);
  auto source = std::make_unique<StagedChange>(repository, store);
  const StagedChange& change = *source;
  StagedChange::Known known(change, rules, prefilter, options.regex_rules);
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::move(source));
  uint64_t findings = 0, accepted = 0;
  const auto told = [&](Finding&& finding) {
    ++findings;
    sink.finding(std::move(finding));
  };
  const ScanSink blobs{[&](Finding&& finding) {
                         const bool is_new = known.is_new(finding, say);
                         if (!flags.whole_files && !is_new) return;
                         auto facts = std::make_shared<GitFacts>(*change.facts(finding));
                         facts->present_at_head = !is_new;  // it is out: to unstage is too late
                         finding.git = std::move(facts);
                         told(std::move(finding));
                       },
                       [&](Diagnostic&& diagnostic) {
                         if (flags.history.accept_missing && !diagnostic.accepted &&
                             diagnostic.kind == Diagnostic::Kind::skipped) {
                           diagnostic.accepted = true;
                           ++accepted;
                         }
                         sink.diagnostic(std::move(diagnostic));
                       },
                       sink.tick};
  ScanSummary summary = scan(sources, rules, prefilter, options, blobs, stop, &stats);

  auto names = std::make_unique<NewNames>(repository, store, change.names());
  if (!names->empty()) {
    sources.clear();
    sources.push_back(std::move(names));
    const ScanSink in_names{[&](Finding&& finding) {
                              place_in_path(finding.provenance->path, finding);
                              auto facts = std::make_shared<GitFacts>();
                              facts->object = "tree";
                              facts->path = finding.provenance->path;
                              facts->staged = true;
                              finding.git = std::move(facts);
                              told(std::move(finding));
                            },
                            sink.diagnostic, sink.tick};
    scan(sources, rules, prefilter, options, in_names, stop, nullptr);
  }
  summary.findings = findings;
  summary.diagnostics += diagnostics;
  summary.accepted += accepted;
  return summary;
}

// Services for CI give so many zeros as the commit before the first push of a branch.
Oid commit_named(const Repository& repository, const std::string& revision) {
  if (revision.size() >= 40 && revision.find_first_not_of('0') == std::string::npos) {
    throw Error(fmt::format(
        "{}: no commit, but what stands for none, as before the first push of a branch. Name what "
        "the branch came from, such as origin/main.",
        revision));
  }
  return repository.commit_of(revision);
}

// A..B, A.. (to HEAD), ..B (from HEAD).
std::pair<std::string, std::string> split_range(const std::string& range) {
  const size_t dots = range.find("..");
  if (dots == std::string::npos || range.substr(dots).starts_with("...")) {
    throw Error(
        fmt::format("'{}' is no range of commits. Write it as A..B: what B has and A has not.",
                    redact_names(range)));
  }
  const std::string from = range.substr(0, dots);
  const std::string to = range.substr(dots + 2);
  if (from.empty() && to.empty()) {
    throw Error("'..' is an empty range: a variable may not be set. Write it as A..B.");
  }
  return {from.empty() ? "HEAD" : from, to.empty() ? "HEAD" : to};
}

int git_command(GitFlags flags) {
  const Repository repository(flags.repository, true);
  ReportRun run;
  const bool ranged = !flags.range.empty() || !flags.since.empty();
  if (flags.staged && repository.is_bare() && access(repository.index_file().c_str(), F_OK) != 0) {
    throw Error(
        fmt::format("{}: a bare repository has no index, so nothing is ever staged. Scan "
                    "it without --staged.",
                    flags.repository));
  }
  run.root = [&] { return RepositoryRoot{repository.work_folder(), {}, false}; };
  if (!repository.is_bare()) run.inputs.push_back(flags.repository);
  run.repository = [&] {
    return facts_of(repository, flags.staged ? "assay/git-staged/"
                                : ranged     ? "assay/git/"
                                             : "assay/git-history/");
  };
  run.whole = !flags.staged && !ranged;
  if (flags.staged) {
    run.unit = "file";
    run.nothing = "no content is staged";
    run.scan = [&](const RuleSet& rules, const Prefilter& prefilter, const ScanOptions& options,
                   const ScanSink& sink, const std::atomic<bool>& stop, ScanStats& stats) {
      return scan_staged(repository, flags, rules, prefilter, options, sink, stop, stats);
    };
  } else if (ranged) {
    const auto [from, to] = flags.since.empty() ? split_range(flags.range)
                                                : std::pair(flags.since, std::string("HEAD"));
    run.unit = "object";
    run.nothing = "the range has no commits";
    run.scan = [&, exclude = commit_named(repository, from),
                include = commit_named(repository, to)](
                   const RuleSet& rules, const Prefilter& prefilter, const ScanOptions& options,
                   const ScanSink& sink, const std::atomic<bool>& stop, ScanStats& stats) {
      return scan_range(repository, {&include, 1}, {&exclude, 1}, flags.history, rules, prefilter,
                        options, sink, stop, stats);
    };
  } else {
    run.unit = "object";
    run.scan = [&](const RuleSet& rules, const Prefilter& prefilter, const ScanOptions& options,
                   const ScanSink& sink, const std::atomic<bool>& stop, ScanStats& stats) {
      return scan_history(repository, flags.history, rules, prefilter, options, sink, stop, stats);
    };
  }
  return run_report(flags.report, run);
}

constexpr std::string_view kBeforePush =
    "The push is stopped. If these commits were never pushed anywhere, take the key out of them\n"
    "(`git commit --amend`, `git rebase -i`) and push again. Else renew the key first.";
constexpr std::string_view kAtServer =
    "The push is not taken. Take the key out of its commits (`git commit --amend`, `git rebase "
    "-i`)\n"
    "and push again. If they were pushed anywhere else, renew the key first.";

// Whether the ref tells what the other side has already. On the side that pushes, the refs of
// another remote do not: what a private server has may be new to a public one.
bool is_there(const Ref& ref, bool outgoing, const std::string& remote) {
  return !outgoing || (!remote.empty() && ref.name.starts_with("refs/remotes/" + remote + "/"));
}

}  // namespace

int scan_pushed(const std::vector<PushedRef>& refs, const PushFlags& flags) {
  const Repository repository(".", true);
  std::vector<Oid> include, exclude;
  bool outgoing = false;
  for (const PushedRef& ref : refs) {
    if (const auto oid = Oid::from_hex(ref.new_id); oid && !oid->is_zero()) include.push_back(*oid);
    if (const auto oid = Oid::from_hex(ref.old_id); oid && !oid->is_zero()) exclude.push_back(*oid);
    outgoing = outgoing || ref.outgoing;
  }
  HistoryOptions history;
  history.accept_missing = flags.accept_missing;
  ReportRun run;
  run.unit = "object";
  run.whole = false;
  run.nothing = "the push brings no new commit";
  run.advice = outgoing ? kBeforePush : kAtServer;
  // At a server the config would be that of those who push.
  if (!repository.is_bare()) {
    run.inputs = {"."};
    run.root = [&] { return RepositoryRoot{repository.work_folder(), {}, false}; };
  }
  if (!outgoing) run.no_ref = "not taken yet";
  run.repository = [&] { return facts_of(repository, "assay/git/"); };
  run.scan = [&](const RuleSet& rules, const Prefilter& prefilter, const ScanOptions& options,
                 const ScanSink& sink, const std::atomic<bool>& stop, ScanStats& stats) {
    // Not scanned again: what was there before the push.
    for (const Ref& ref : repository.refs([](Diagnostic&&) {})) {
      if (is_there(ref, outgoing, flags.remote)) exclude.push_back(ref.target);
    }
    return scan_range(repository, include, exclude, history, rules, prefilter, options, sink, stop,
                      stats);
  };
  return run_report(flags.report, run);
}

void add_git_command(CLI::App& app, Command& chosen) {
  // An empty value is a variable that was not set, not the wish for everything.
  const auto not_empty = [](const std::string& text) {
    return text.empty() ? std::string("the revision is empty: a variable may not be set")
                        : std::string();
  };
  const auto flags = std::make_shared<GitFlags>();
  CLI::App* git =
      app.add_subcommand("git", "Scan a repository: its history, a range, what is staged");
  git->add_option("REPO", flags->repository,
                  "The repository, or a folder in it; none is the current folder");
  auto* staged = git->add_flag("--staged", flags->staged, "What is staged, against HEAD");
  git->add_flag("--whole-files", flags->whole_files,
                "With --staged: also keys that HEAD has at that path already")
      ->needs(staged);
  auto* range = git->add_option("--range", flags->range, "What the commits of A..B add")
                    ->type_name("A..B")
                    ->check(not_empty);
  auto* since = git->add_option("--since", flags->since, "The same as --range REV..HEAD")
                    ->type_name("REV")
                    ->check(not_empty);
  auto* all = git->add_flag("--all", flags->all, "Every object, reachable or not: the default");
  auto* reachable = git->add_flag("--reachable", flags->history.reachable, "Only what refs reach");
  git->add_flag("--accept-missing", flags->history.accept_missing,
                "What is elsewhere (shallow, partial, LFS) may be missing");
  for (auto* one : {staged, range, since, all, reachable}) {
    for (auto* other : {staged, range, since, all, reachable}) {
      if (one != other) one->excludes(other);
    }
  }
  add_report_flags(*git, flags->report);
  git->footer(
      "Examples:\n"
      "  assay git                                   all that this repository ever held\n"
      "  assay git --staged                          what the next commit would add\n"
      "  assay git --range origin/main..HEAD         what a branch adds\n"
      "  assay git repo.git --format sarif -o a.sarif");
  git->callback([&chosen, flags] { chosen = [flags] { return git_command(*flags); }; });
}

}  // namespace assay
