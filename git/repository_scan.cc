// A history is looked at three times, each time at less of it:
//
//   search    every object once, in pack order            which objects hold which keys
//   place     the trees of commits, only what differs     at which paths, since which commit
//   tell      one text for each key and path              line, column, context: the findings
#include "git/repository_scan.h"

#include <filesystem>

#include "git/index_file.h"
#include "git/tree.h"
#include "git/trees_reached.h"
#include "scanner/verify.h"

namespace assay {

namespace {

std::vector<std::string> index_files(const Repository& repository) {
  std::set<std::string> files{repository.index_file(), repository.common_folder() + "/index"};
  std::error_code ignored;
  for (std::filesystem::directory_iterator it(repository.common_folder() + "/worktrees", ignored),
       end;
       !ignored && it != end; it.increment(ignored)) {
    files.insert(it->path().string() + "/index");
  }
  return {files.begin(), files.end()};
}

// Where the blobs of the index, and of those of other worktrees, stand.
std::map<Oid, std::vector<std::string>> staged_paths(const Repository& repository,
                                                     const Problems& problems) {
  std::map<Oid, std::vector<std::string>> paths;
  for (const std::string& file : index_files(repository)) {
    try {
      const IndexFile index = IndexFile::read(file);
      for (const IndexEntry& entry : index.entries()) {
        if (!entry.is_folder() && !entry.is_submodule() && !entry.intent_to_add) {
          paths[entry.oid].emplace_back(entry.path);
        }
      }
    } catch (const Error& error) {
      problems({Diagnostic::Kind::unreadable, file, error.what(), ""});
    }
  }
  return paths;
}

}  // namespace

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
  read_refs();
  tell_missing();
  tell_malformed();
  tell_regex_cut();
  place(nullptr);
  tell();
}

void RepositoryScan::scan_range(std::span<const Oid> include, std::span<const Oid> exclude) {
  const std::vector<Oid> shallow = repository_.shallow();
  const Range range = list_range(store_, include, exclude, shallow);
  tell_range(range);
  refs_ = repository_.refs(problems());
  head_ = repository_.head();
  search_range(range, shallow);
  tell_regex_cut();
  place(&range);
  tell();
}

void RepositoryScan::say(Diagnostic&& diagnostic) {
  if (!diagnostic.path.empty())
    diagnostic.path = redact_names(prefix_ + repository_.shown(diagnostic.path));
  // Messages of the readers name the file that they read.
  const std::string& folder = repository_.common_folder();
  for (size_t at; (at = diagnostic.reason.find(folder)) != std::string::npos;) {
    diagnostic.reason.replace(at, folder.size(), prefix_ + ".git");
  }
  diagnostic.reason = redact_names(diagnostic.reason);
  ++run_.summary.diagnostics;
  if (diagnostic.accepted) ++run_.summary.accepted;
  run_.sink.diagnostic(std::move(diagnostic));
}

SearchOptions RepositoryScan::search_options() {
  SearchOptions options;
  options.regex_rules = run_.options.regex_rules;
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

void RepositoryScan::read_refs() {
  refs_ = repository_.refs(problems());
  head_ = repository_.head();
  staged_ = staged_paths(repository_, problems());
  if (run_.history.reachable) reach_from_refs();
}

// Tags of tags, and what tags and refs name that is no commit.
void RepositoryScan::reach_from_refs() {
  ObjectStore::Reader reader(store_);
  std::vector<Oid> left;
  for (const Ref& ref : refs_) left.push_back(ref.target);
  TreesReached trees(store_);
  std::set<Oid> seen;
  while (!left.empty() && !run_.stop) {
    const Oid oid = left.back();
    left.pop_back();
    if (!seen.insert(oid).second || found_.history.find(oid) != Commits::kNone) continue;
    std::string reason;
    const auto object = reader.read(oid, reason);
    if (!object || object->type == ObjectType::commit) continue;
    if (object->type == ObjectType::tree) {
      trees.add(oid);
      continue;
    }
    trees.objects.insert(oid);
    if (object->type != ObjectType::tag) continue;
    if (const auto target = parse_tag(object->view())) left.push_back(target->oid);
  }
  tell_cut(trees);
  reached_ = std::move(trees.objects);
  reached_names_ = std::move(trees.names);
}

void RepositoryScan::tell_cut(const TreesReached& trees) {
  if (!trees.cut && trees.missing.empty()) return;
  say({trees.cut ? Diagnostic::Kind::limit : Diagnostic::Kind::unreadable, "",
       trees.cut
           ? "the trees that refs name are too many to be listed"
           : fmt::format("{} that refs name cannot be read", plural(trees.missing.size(), "tree")),
       "Scan all objects, without --reachable."});
}

void RepositoryScan::tell_malformed() {
  if (found_.malformed.empty()) return;
  say({Diagnostic::Kind::unreadable, "",
       fmt::format(
           "{} {} not what {} to be: {}", plural(found_.malformed.size(), "object"),
           found_.malformed.size() == 1 ? "is" : "are",
           found_.malformed.size() == 1 ? "its type says it has" : "their types say they have",
           few(found_.malformed, [](const Oid& oid) { return oid.hex(); })),
       "They were searched as they stand. See what `git fsck` says."});
}

// By ids: what has no finding is not placed, so it has no path here.
void RepositoryScan::tell_regex_cut() {
  if (found_.cut.empty()) return;
  say({Diagnostic::Kind::limit, "",
       fmt::format("one of your own rules matches more often than is told, 65,536 times, in {}: {}",
                   plural(found_.cut.size(), "object"),
                   few(found_.cut, [](const Oid& oid) { return oid.hex(); })),
       "Make its regex more exact, or turn the rule off."});
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
  const auto need = [&](const Oid& oid) {
    if (found_.numbers->find(oid) == ObjectNumbers::kNone) missing.insert(oid);
  };
  for (const Ref& ref : refs_) need(ref.target);
  for (const auto& [oid, paths] : staged_) need(oid);
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
  // A rule of the user may ask for a path, which the search of objects does not know.
  const bool by_path = run_.options.regex_rules != nullptr;
  if (!told.interrupted && told.diagnostics == 0 && placed.left() > 0 && !by_path) {
    say({Diagnostic::Kind::unreadable, "",
         fmt::format("{} not found again when {} told",
                     placed.left() == 1 ? "a key was" : "keys were",
                     placed.left() == 1 ? "it was" : "they were"),
         "This is a defect of assay: please report it."});
  }
}

}  // namespace assay
