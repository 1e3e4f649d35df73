// A history is looked at three times, each time at less of it:
//
//   search    every object once, in pack order            which objects hold which keys
//   place     the trees of commits, only what differs     at which paths, since which commit
//   tell      one text for each key and path              line, column, context: the findings
#include "git/repository_scan.h"

#include "scanner/verify.h"

namespace assay {

std::string plural(size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

RepositoryScan::RepositoryScan(const Repository& repository, std::string prefix, HistoryRun& run)
    : repository_(repository),
      prefix_(std::move(prefix)),
      run_(run),
      store_(repository.object_folders(problems()), problems()) {}

void RepositoryScan::scan_all() {
  search_all();
  tell_missing();
  place(nullptr);
  tell();
}

void RepositoryScan::scan_range(std::span<const Oid> include, std::span<const Oid> exclude) {
  const std::vector<Oid> shallow = repository_.shallow();
  const Range range = list_range(store_, include, exclude, shallow);
  tell_range(range);
  search_range(range, shallow);
  place(&range);
  tell();
}

// Paths of packs are told from the repository's folder on: reports hold no path of this machine.
std::string RepositoryScan::shown(const std::string& path) const {
  if (!path.starts_with('/')) return prefix_ + path;
  const std::string& common = repository_.common_folder();
  if (path.starts_with(common + "/")) {
    const std::string inside = path.substr(common.size() + 1);
    return repository_.is_bare() || !prefix_.empty() ? prefix_ + inside : ".git/" + inside;
  }
  const size_t objects = path.rfind("/objects/");
  return prefix_ + (objects == std::string::npos ? path.substr(path.rfind('/') + 1)
                                                 : path.substr(objects + 1));
}

void RepositoryScan::say(Diagnostic&& diagnostic) {
  if (!diagnostic.path.empty()) diagnostic.path = redact_names(shown(diagnostic.path));
  diagnostic.reason = redact_names(diagnostic.reason);
  ++run_.summary.diagnostics;
  if (diagnostic.accepted) ++run_.summary.accepted;
  run_.sink.diagnostic(std::move(diagnostic));
}

SearchOptions RepositoryScan::search_options() {
  SearchOptions options;
  options.threads = run_.options.threads;
  options.incremental = run_.history.incremental;
  options.timed = run_.options.timed;
  if (run_.sink.tick) {
    options.tick = [this, objects = run_.summary.blobs, bytes = run_.summary.bytes](
                       uint64_t more_objects, uint64_t more_bytes) {
      run_.sink.tick({objects + more_objects, bytes + more_bytes});
    };
  }
  return options;
}

void RepositoryScan::take_stats(const SearchResult& result) {
  run_.summary.blobs += result.objects;
  run_.summary.bytes += result.bytes;
  run_.stats.match.add(result.match);
  run_.stats.read_ns += result.read_ns;
}

void RepositoryScan::search_all() {
  found_ =
      search_objects(store_, run_.rules, run_.prefilter, search_options(), problems(), run_.stop);
  take_stats(found_);
  found_.history.finish(repository_.shallow());
}

void RepositoryScan::tell_missing() {
  if (run_.stop) return;
  size_t cut = 0;
  for (const Oid& oid : repository_.shallow()) {
    if (found_.history.find(oid) != Commits::kNone) ++cut;
  }
  if (cut > 0) {
    say({Diagnostic::Kind::skipped, "",
         fmt::format("the clone is shallow: its history ends at {}", plural(cut, "commit")),
         "Run `git fetch --unshallow`, or accept it with --accept-missing.",
         run_.history.accept_missing});
  }
  std::set<Oid> missing(found_.missing.begin(), found_.missing.end());
  for (uint32_t rank = 0; rank < found_.history.size(); ++rank) {
    if (found_.history.missing_parents(rank) == 0) continue;
    for (const Oid& parent : found_.history.parent_ids(rank)) {
      if (found_.history.find(parent) == Commits::kNone) missing.insert(parent);
    }
  }
  if (missing.empty()) return;
  // What a whole clone lacks is lost: nobody can mean to accept that.
  const bool partial = repository_.is_partial();
  say({Diagnostic::Kind::skipped, "",
       fmt::format("{} that others name {} not in the repository: {}",
                   plural(missing.size(), "object"), missing.size() == 1 ? "is" : "are",
                   few(missing, [](const Oid& oid) { return oid.hex(); })),
       partial
           ? "The clone is partial: fetch what it lacks with `git fetch --refetch --no-filter`, "
             "or accept it with --accept-missing."
           : "Fetch the repository again, or see what `git fsck` says.",
       run_.history.accept_missing && partial});
}

// The second look. Its texts were counted by the first.
void RepositoryScan::tell() {
  if (placed_.empty() || run_.stop) return;
  std::vector<PlacedText> texts;
  for (auto& [place, text] : placed_) texts.push_back(std::move(text));
  auto source = std::make_unique<PlacedTexts>(store_, std::move(texts));
  PlacedTexts& placed = *source;
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::move(source));
  const ScanSink sink{
      [&](Finding&& finding) {
        if (!placed.take(finding)) return;
        ++run_.summary.findings;
        run_.sink.finding(std::move(finding));
      },
      [&](Diagnostic&& diagnostic) { say(std::move(diagnostic)); },
      nullptr,
  };
  const ScanSummary told =
      scan(sources, run_.rules, run_.prefilter, run_.options, sink, run_.stop, nullptr);
  if (!told.interrupted && told.diagnostics == 0 && placed.left() > 0) {
    say({Diagnostic::Kind::unreadable, "",
         fmt::format("{} not found again when {} told",
                     placed.left() == 1 ? "a key was" : "keys were",
                     placed.left() == 1 ? "it was" : "they were"),
         "This is a defect of assay: please report it."});
  }
}

}  // namespace assay
