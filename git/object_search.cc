// The visitor of the walk: prefilter, matcher, and what else must be known of each object: commits
// for the history, LFS pointers, and whether all that trees and tags name is there.
//
// Of a delta, only what it adds is searched, and a stretch around each seam as long as the
// prefilter looks; hits in between are those of the base, moved. Candidates are then judged on the
// whole text either way, so both ways find the same.
//
//   base    |----h-----------h----|
//   object  |----h--|new|----h----|     searched: …….|new|--]…
#include "git/object_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>

#include "git/lfs.h"
#include "git/tree.h"
#include "rules/keys/c3id.h"
#include "scanner/scan_crew.h"

namespace assay {

namespace {

constexpr size_t kPiece = size_t{128} << 10;  // both of the prefilter's passes find it in the cache
constexpr size_t kMarkEvery = 256;
constexpr size_t kDamaged = SIZE_MAX;

using Clock = std::chrono::steady_clock;

uint64_t since(Clock::time_point start) {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
}

// What is not carried on: a text of almost nothing but hits.
bool too_many(size_t hits, size_t size) { return hits > 1024 + size / 64; }

class Search final : public ObjectVisitor, private BlobSink {
 public:
  // Without `numbers`, what objects name is not asked for.
  Search(const ObjectNumbers* numbers, const RuleSet& rules, const Prefilter& prefilter,
         const SearchOptions& options, const std::atomic<bool>& stop)
      : numbers_(numbers),
        prefilter_(prefilter),
        options_(options),
        stop_(stop),
        matcher_(rules, prefilter, {false, options.timed, options.regex_rules}),
        scratch_(prefilter) {}

  void visit(const Oid& oid, ObjectType type, std::string_view text, const Carried* base,
             std::span<const CopiedRange> copied, Carried& own) override {
    const auto start = options_.timed ? Clock::now() : Clock::time_point();
    ++result.objects;
    result.bytes += text.size();
    if (base != nullptr && options_.incremental) {
      carry_hits(text, *base, copied, own.hits);
    } else {
      base = nullptr;
      find_hits(text, 0, text.size(), own.hits);
    }
    if (options_.timed) prefilter_ns_ += since(start);
    // The user's regexes are tried over each object whole: a match may go over a delta's seams.
    if (!own.hits.empty() || (options_.regex_rules != nullptr && type != ObjectType::tree)) {
      judge(oid, type, text, own.hits);
    }
    if (type == ObjectType::tree) {
      check_tree(oid, text, base, copied, own);
    } else {
      look_into(oid, type, text);
    }
    own.known = !too_many(own.hits.size(), text.size());
    if (!own.known) own.clear();
    if (tick && (++since_tick_ & 0x3ff) == 0) tick();
    if (options_.timed) visit_ns += since(start);
  }

  void visit_large(const Oid& oid, ObjectType type, Reader& reader) override {
    if (buffer_ == nullptr) buffer_ = std::make_unique<WindowBuffer>();
    static const auto kNowhere = std::make_shared<const Provenance>();
    large_.clear();
    BlobScanStats stats;
    scan_blob(reader, kNowhere, false, *buffer_, matcher_, *this, stats);
    if (matcher_.regex_cut()) result.cut.push_back(oid);
    ++result.objects;
    result.bytes += stats.bytes;
    if (type == ObjectType::tree) graph.cut();  // its entries are not looked at
    if (large_.empty()) return;
    // A key in a name of a tree as large as this has no name here; the tree stands for it.
    keys_of(type)[oid].insert(large_.begin(), large_.end());
  }

  // A commit, a tag: also of objects that were not walked.
  void look_into(const Oid& oid, ObjectType type, std::string_view text) {
    if (type == ObjectType::commit) {
      result.history.add(oid, text);
      if (const auto commit = parse_commit(text)) {
        need(commit->tree);
      } else {
        result.malformed.push_back(oid);
      }
    } else if (type == ObjectType::tag) {
      if (const auto target = parse_tag(text)) {
        need(target->oid);
      } else {
        result.malformed.push_back(oid);
      }
    } else if (type == ObjectType::blob && is_lfs_pointer(text)) {
      result.lfs_pointers.push_back(oid);
    }
  }

  void look_at_name(std::string_view name) {
    if (result.names.contains(std::string(name))) return;
    findings_.clear();
    matcher_.reset();
    matcher_.match({name, 0, 0, name.size(), true, name}, findings_);
    for (const Finding& finding : findings_) {
      result.names[std::string(name)].insert(digest_of(finding));
    }
  }

  void finish() {
    result.match = matcher_.stats();
    result.match.prefilter_ns += prefilter_ns_;
  }

  SearchResult result;
  uint64_t visit_ns = 0;
  std::function<void()> tick;
  std::set<Oid> missing;
  ObjectGraph graph;
  std::vector<uint32_t> named_trees;  // that have names with keys

 private:
  void find_hits(std::string_view text, size_t from, size_t to, std::vector<Hit>& hits) {
    for (size_t at = from; at < to;) {
      const size_t end = std::min(to, at + kPiece);
      prefilter_.find(text, at, end, scratch_, hits);
      at = end;
    }
  }

  void carry_hits(std::string_view text, const Carried& base, std::span<const CopiedRange> copied,
                  std::vector<Hit>& hits) {
    changed_.clear();
    size_t end = 0;
    for (const CopiedRange& range : copied) {
      if (range.at > 0 || range.from > 0) changed_.push_back({end, range.at});
      end = range.at + range.size;
      copy_hits(base, range, hits);
    }
    if (end < text.size() || copied.empty()) changed_.push_back({end, text.size()});
    for (size_t i = 0; i < changed_.size();) {
      Span all = changed_[i];
      // Searches that would meet are one.
      const size_t reach = Prefilter::kReach + prefilter_.longest();
      while (++i < changed_.size() && changed_[i].begin <= all.end + reach) {
        all.end = changed_[i].end;
      }
      prefilter_.find_changed(text, all.begin, all.end, scratch_, hits);
    }
    if (hits.size() < 2) return;
    std::sort(hits.begin(), hits.end());
    hits.erase(std::unique(hits.begin(), hits.end()), hits.end());
  }

  // The hits whose literals lie in a copied stretch.
  void copy_hits(const Carried& base, const CopiedRange& range, std::vector<Hit>& hits) const {
    // Both texts begin with it: nothing was searched before.
    const bool at_start = range.at == 0 && range.from == 0;
    if (base.hits.empty() || (!at_start && range.size < prefilter_.longest())) return;
    const size_t from = at_start ? 0 : range.from + prefilter_.longest() - 1;
    const size_t to = range.from + range.size;
    auto hit = std::partition_point(base.hits.begin(), base.hits.end(),
                                    [&](const Hit& known) { return known.end <= from; });
    for (; hit != base.hits.end() && hit->end <= to; ++hit) {
      hits.push_back({hit->end - range.from + range.at, hit->anchor, hit->gap});
    }
  }

  void judge(const Oid& oid, ObjectType type, std::string_view text, std::span<const Hit> hits) {
    findings_.clear();
    matcher_.reset();
    matcher_.match_hits({text, 0, 0, text.size(), true, ""}, hits, findings_);
    if (matcher_.regex_cut()) result.cut.push_back(oid);
    if (type == ObjectType::tree) return judge_names(oid, text);
    for (const Finding& finding : findings_) keys_of(type)[oid].insert(digest_of(finding));
  }

  // A name counts as a text of its own: what stands beside it in the tree belongs to other names.
  void judge_names(const Oid& oid, std::string_view tree) {
    std::string_view rest = tree;
    while (next_entry(rest)) continue;
    if (!rest.empty()) {  // no tree: a text like any other
      for (const Finding& finding : findings_) result.blobs[oid].insert(digest_of(finding));
    }
    std::set<std::string_view> names;
    for (const Finding& finding : findings_) {
      if (const auto name = name_at(tree, finding.location.byte_offset)) names.insert(*name);
    }
    for (const std::string_view name : names) look_at_name(name);
    if (numbers_ != nullptr) named_trees.push_back(numbers_->find(oid));
  }

  // The name of the tree's entry that the offset lies in.
  static std::optional<std::string_view> name_at(std::string_view tree, uint64_t offset) {
    std::string_view rest = tree;
    while (const auto entry = next_entry(rest)) {
      const auto begin = static_cast<uint64_t>(entry->name.data() - tree.data());
      if (offset < begin) break;
      if (offset < begin + entry->name.size()) return entry->name;
    }
    return std::nullopt;
  }

  std::map<Oid, std::set<KeyDigest>>& keys_of(ObjectType type) {
    return type == ObjectType::commit ? result.commits
           : type == ObjectType::tag  ? result.tags
                                      : result.blobs;
  }

  void check_tree(const Oid& oid, std::string_view text, const Carried* base,
                  std::span<const CopiedRange> copied, Carried& own) {
    if (numbers_ == nullptr) return;
    own.number = numbers_->find(oid);
    if (own.number == ObjectNumbers::kNone) graph.cut();  // a damaged index
    size_t at = 0;                                        // where an entry begins
    size_t changed = 0;                                   // what ends before this is the base's
    if (base != nullptr) {
      link(base->number, own.number);
      for (const CopiedRange& range : copied) {
        at = check_entries(text, at, changed, range.at, own);
        if (at == kDamaged) return result.malformed.push_back(oid);
        at = move_marks(*base, range, at, own.marks);
        changed = range.at + range.size;
      }
    }
    if (check_entries(text, at, changed, text.size(), own) == kDamaged) {
      result.malformed.push_back(oid);
    }
  }

  // Takes the base's marks over into the copied range, from `at` on. Returns the last.
  static size_t move_marks(const Carried& base, const CopiedRange& range, size_t at,
                           std::vector<size_t>& marks) {
    const size_t from = std::max(at, range.at) - range.at + range.from;
    auto mark = std::lower_bound(base.marks.begin(), base.marks.end(), from);
    for (; mark != base.marks.end() && *mark < range.from + range.size; ++mark) {
      at = *mark - range.from + range.at;
      marks.push_back(at);
    }
    return at;
  }

  // Asks for what the entries name that begin from `at` on and before `end`, and end behind
  // `changed`. Returns where the next one begins, or kDamaged.
  size_t check_entries(std::string_view text, size_t at, size_t changed, size_t end, Carried& own) {
    std::string_view rest = text.substr(at);
    while (at < end) {
      if (own.marks.empty() || at >= own.marks.back() + kMarkEvery) own.marks.push_back(at);
      const auto entry = next_entry(rest);
      if (!entry) return kDamaged;
      at = text.size() - rest.size();
      if (at <= changed || entry->is_submodule()) continue;
      link(need(entry->oid), own.number);
    }
    return at;
  }

  void link(uint32_t part, uint32_t whole) {
    if (part != ObjectNumbers::kNone && whole != ObjectNumbers::kNone) graph.add(part, whole);
  }

  uint32_t need(const Oid& oid) {
    if (numbers_ == nullptr) return ObjectNumbers::kNone;
    const uint32_t number = numbers_->find(oid);
    if (number == ObjectNumbers::kNone) missing.insert(oid);
    return number;
  }

  void findings(std::vector<Finding>&& findings) override {
    for (const Finding& finding : findings) large_.insert(digest_of(finding));
  }
  void diagnostic(Diagnostic&&) override {}  // the walk asks the reader
  bool stopped() const override { return stop_.load(std::memory_order_relaxed); }

  const ObjectNumbers* numbers_;
  const Prefilter& prefilter_;
  const SearchOptions& options_;
  const std::atomic<bool>& stop_;
  Matcher matcher_;
  Prefilter::Scratch scratch_;
  std::vector<Finding> findings_;
  std::vector<Span> changed_;  // by a delta
  std::unique_ptr<WindowBuffer> buffer_;
  std::set<KeyDigest> large_;
  uint32_t since_tick_ = 0;
  uint64_t prefilter_ns_ = 0;
};

}  // namespace

KeyDigest digest_of(const Finding& finding) {
  std::string text = finding.rule->id;
  text += '\n';
  text += finding.secret.reveal();
  const auto digest = sha256(text);
  explicit_bzero(text.data(), text.size());
  return digest;
}

namespace {

// Adds up what the workers found; the order of the workers leaves no trace.
SearchResult add_up(std::vector<std::unique_ptr<Search>>& searches) {
  SearchResult all;
  std::set<Oid> missing;
  for (const auto& search : searches) {
    search->finish();
    SearchResult& part = search->result;
    all.blobs.merge(part.blobs);
    all.commits.merge(part.commits);
    all.tags.merge(part.tags);
    for (auto& [name, keys] : part.names) all.names[name].merge(keys);
    all.malformed.insert(all.malformed.end(), part.malformed.begin(), part.malformed.end());
    all.cut.insert(all.cut.end(), part.cut.begin(), part.cut.end());
    all.lfs_pointers.insert(all.lfs_pointers.end(), part.lfs_pointers.begin(),
                            part.lfs_pointers.end());
    all.history.append(std::move(part.history));
    all.objects += part.objects;
    all.bytes += part.bytes;
    all.match.add(part.match);
    missing.merge(search->missing);
  }
  std::sort(all.lfs_pointers.begin(), all.lfs_pointers.end());
  std::sort(all.malformed.begin(), all.malformed.end());
  std::sort(all.cut.begin(), all.cut.end());
  all.cut.erase(std::unique(all.cut.begin(), all.cut.end()), all.cut.end());  // in several packs
  all.missing.assign(missing.begin(), missing.end());
  return all;
}

Diagnostic cannot_read(const Oid& oid, const std::string& reason) {
  return {Diagnostic::Kind::unreadable, "",
          fmt::format("object {} cannot be read: {}", oid.hex(), reason),
          "Fetch the repository again, or see what `git fsck` says."};
}

// Reads each of `objects` and shows it to a worker's search. Damage is told in their order.
void search_each(const ObjectStore& store, std::span<const Oid> objects,
                 std::vector<std::unique_ptr<Search>>& searches,
                 const ObjectStore::Problems& problems, const std::atomic<bool>& stop) {
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::vector<std::pair<size_t, std::string>>> damaged(searches.size());
  const auto work = [&](unsigned worker) {
    ObjectStore::Reader reader(store);
    Carried own;
    constexpr size_t kAtOnce = 32;
    for (size_t begin; (begin = next.fetch_add(kAtOnce)) < objects.size();) {
      for (size_t i = begin; i < std::min(begin + kAtOnce, objects.size()); ++i) {
        if (stop || failed) return;
        std::string reason;
        if (const auto object = reader.read(objects[i], reason)) {
          own.clear();
          searches[worker]->visit(objects[i], object->type, object->view(), nullptr, {}, own);
          continue;
        }
        ObjectType type = ObjectType::none;
        const auto large = reader.stream(objects[i], type);
        if (large != nullptr) searches[worker]->visit_large(objects[i], type, *large);
        if (large == nullptr || large->failure()) damaged[worker].emplace_back(i, reason);
      }
    }
  };
  run_crew(static_cast<unsigned>(searches.size()), work, [&] { failed = true; });
  std::vector<std::pair<size_t, std::string>> all;
  for (auto& part : damaged) all.insert(all.end(), part.begin(), part.end());
  std::sort(all.begin(), all.end());
  for (size_t i = 0; i < std::min(all.size(), kMostTold); ++i) {
    problems(cannot_read(objects[all[i].first], all[i].second));
  }
  if (all.size() > kMostTold) {
    problems({Diagnostic::Kind::unreadable, "",
              fmt::format("{} more objects cannot be read", all.size() - kMostTold),
              "See what `git fsck` says."});
  }
}

std::vector<std::unique_ptr<Search>> make_searches(const ObjectNumbers* numbers,
                                                   const RuleSet& rules, const Prefilter& prefilter,
                                                   const SearchOptions& options,
                                                   const std::atomic<bool>& stop) {
  std::vector<std::unique_ptr<Search>> searches;
  for (unsigned i = 0; i < crew_size(options.threads); ++i) {
    searches.push_back(std::make_unique<Search>(numbers, rules, prefilter, options, stop));
  }
  if (options.tick) {
    // The first worker runs on the caller's thread, and does about its share of the work.
    Search& own = *searches.front();
    own.tick = [&own, &options, count = searches.size()] {
      options.tick(own.result.objects * count, own.result.bytes * count);
    };
  }
  return searches;
}

// Which trees lead to what was found.
void find_holders(const ObjectNumbers& numbers, std::vector<std::unique_ptr<Search>>& searches,
                  SearchResult& result) {
  if (result.blobs.empty() && result.names.empty() && result.lfs_pointers.empty()) return;
  ObjectGraph graph;
  std::vector<uint32_t> from;
  for (const auto& search : searches) {
    graph.append(std::move(search->graph));
    from.insert(from.end(), search->named_trees.begin(), search->named_trees.end());
  }
  for (const auto& [oid, keys] : result.blobs) from.push_back(numbers.find(oid));
  for (const Oid& oid : result.lfs_pointers) from.push_back(numbers.find(oid));
  // A damaged index does not find all that it lists.
  if (std::find(from.begin(), from.end(), ObjectNumbers::kNone) != from.end()) return;
  result.holders = graph.reach(from, numbers.count());
}

}  // namespace

SearchResult search_objects(const ObjectStore& store, const RuleSet& rules,
                            const Prefilter& prefilter, const SearchOptions& options,
                            const ObjectStore::Problems& problems, const std::atomic<bool>& stop) {
  const auto numbers = std::make_shared<const ObjectNumbers>(store, store.loose(problems));
  auto searches = make_searches(numbers.get(), rules, prefilter, options, stop);
  std::vector<ObjectVisitor*> visitors;
  for (const auto& search : searches) visitors.push_back(search.get());
  const auto& packs = store.packs();
  const auto start = Clock::now();
  for (size_t i = 0; i < packs.size() && !stop; ++i) {
    const auto first_here = [&](const Oid& oid) {
      return std::none_of(packs.begin(), packs.begin() + static_cast<std::ptrdiff_t>(i),
                          [&](const auto& pack) { return pack->find(oid).has_value(); });
    };
    walk_pack(store, *packs[i], visitors, first_here, options.walk, problems, stop);
  }
  if (!stop) search_each(store, numbers->loose(), searches, problems, stop);
  const uint64_t all_ns = since(start) * searches.size();
  SearchResult result = add_up(searches);
  uint64_t visit_ns = 0;
  for (const auto& search : searches) visit_ns += search->visit_ns;
  if (options.timed) result.read_ns = all_ns - std::min(all_ns, visit_ns);
  if (!stop) find_holders(*numbers, searches, result);
  result.numbers = numbers;
  return result;
}

SearchResult search_some(const ObjectStore& store, std::span<const Oid> objects,
                         std::span<const std::string> names, const RuleSet& rules,
                         const Prefilter& prefilter, const SearchOptions& options,
                         const ObjectStore::Problems& problems, const std::atomic<bool>& stop) {
  auto searches = make_searches(nullptr, rules, prefilter, options, stop);
  for (const std::string& name : names) searches.front()->look_at_name(name);
  search_each(store, objects, searches, problems, stop);
  return add_up(searches);
}

}  // namespace assay
