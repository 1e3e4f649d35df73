// The layout is gitformat-index(5):
//
//   "DIRC"  version  count                       4 bytes each, most significant first
//   entry…   40 bytes of stat (the mode at 24), 20 of id, 2 of flags [2 more], path
//            version 2 and 3: the path, then 1 to 8 NULs up to a multiple of 8
//            version 4: how many bytes to drop of the path before, then what follows, and a NUL
//   extension…  4 letters, 4 bytes of length; upper case: may be skipped
//   SHA-1 of all before, or zeros
//
// and of the extension TREE, depth first:
//
//   "src\0" "12 3\n" id                          12 entries, 3 folders in it; "-1 3\n" has no id
#include "git/index_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "git/small_file.h"
#include "rules/keys/c3id.h"
#include "rules/rule_set.h"

namespace assay {

namespace {

constexpr size_t kHeader = 12;
constexpr size_t kFixed = 62;  // of an entry, up to its path
constexpr size_t kMode = 24, kOid = 40, kFlags = 60;
constexpr uint32_t kExtended = 0x4000, kNameMask = 0xFFF;
constexpr uint32_t kSkipWorktree = 0x4000, kIntentToAdd = 0x2000;
// git makes no path longer; it bounds the walk over the folders.
constexpr size_t kMostDepth = 4096;

uint32_t number(std::string_view bytes, size_t at, size_t length) {
  uint32_t value = 0;
  for (size_t i = 0; i < length; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

bool checksum_holds(std::string_view bytes) {
  const std::string_view stored = bytes.substr(bytes.size() - Oid::kSize);
  if (Oid::from_bytes(stored.data()).is_zero()) return true;
  const auto digest = sha1(bytes.substr(0, bytes.size() - Oid::kSize));
  return stored == std::string_view(digest.data(), digest.size());
}

}  // namespace

struct IndexFile::Parser {
  IndexFile& index;
  const std::string& name;
  std::string_view left;  // without the checksum at the end

  [[noreturn]] void refuse(const std::string& what, const char* remedy) const {
    throw Error(fmt::format("{}: {}. {}", name, what, remedy));
  }
  [[noreturn]] void damaged(const std::string& what) const {
    refuse("the index is damaged: " + what,
           "Make it anew with `git read-tree HEAD`, and stage the change again.");
  }

  void header(std::string_view bytes) {
    if (bytes.size() < kHeader + Oid::kSize || !bytes.starts_with("DIRC")) {
      damaged("it does not begin as an index does");
    }
    index.version_ = number(bytes, 4, 4);
    if (index.version_ < 2 || index.version_ > 4) {
      refuse(fmt::format("index version {} is not known", index.version_),
             "Write it anew with `git update-index --index-version 4`.");
    }
    if (!checksum_holds(bytes)) damaged("its checksum does not hold");
    left = bytes.substr(0, bytes.size() - Oid::kSize);
  }

  void entries() {
    const uint32_t count = number(left, 8, 4);
    left.remove_prefix(kHeader);
    if (count > left.size() / kFixed) damaged("it ends within its entries");
    index.entries_.reserve(count);
    for (uint32_t i = 0; i < count; ++i) {
      if (left.size() <= kFixed) damaged("it ends within its entries");
      IndexEntry entry;
      entry.mode = number(left, kMode, 4);
      entry.oid = Oid::from_bytes(left.data() + kOid);
      const uint32_t flags = number(left, kFlags, 2);
      entry.stage = static_cast<uint8_t>(flags >> 12 & 3);
      size_t fixed = kFixed;
      if (flags & kExtended) {
        if (index.version_ < 3) damaged("an entry has flags that version 2 does not know");
        fixed += 2;
        if (left.size() <= fixed) damaged("it ends within its entries");
        const uint32_t more = number(left, kFixed, 2);
        entry.skip_worktree = (more & kSkipWorktree) != 0;
        entry.intent_to_add = (more & kIntentToAdd) != 0;
      }
      entry.path = index.version_ == 4 ? shortened_path(fixed) : padded_path(fixed, flags);
      add(entry);
    }
  }

  std::string_view padded_path(size_t fixed, uint32_t flags) {
    const size_t size = left.find('\0', fixed);
    if (size == std::string_view::npos) damaged("it ends within a path");
    const std::string_view path = left.substr(fixed, size - fixed);
    if (std::min<size_t>(path.size(), kNameMask) != (flags & kNameMask)) {
      damaged("a path has not the length that its entry says");
    }
    const size_t padded = (size + 8) & ~size_t{7};
    if (padded > left.size()) damaged("it ends within its entries");
    left.remove_prefix(padded);
    return path;
  }

  std::string_view shortened_path(size_t fixed) {
    left.remove_prefix(fixed);
    uint64_t drop = 0;
    for (bool first = true, more = true; more; first = false) {
      if (left.empty() || drop >> 48 != 0) damaged("it ends within a path");
      const auto byte = static_cast<unsigned char>(left.front());
      left.remove_prefix(1);
      drop = ((drop + (first ? 0 : 1)) << 7) | (byte & 0x7Fu);
      more = (byte & 0x80) != 0;
    }
    const std::string_view before =
        index.entries_.empty() ? std::string_view() : index.entries_.back().path;
    const size_t size = left.find('\0');
    if (size == std::string_view::npos || drop > before.size()) damaged("it ends within a path");
    const size_t kept = before.size() - static_cast<size_t>(drop);
    std::vector<char>& names = room(kept + size);
    const size_t at = names.size();
    names.resize(at + kept + size);
    if (kept > 0) std::memcpy(names.data() + at, before.data(), kept);
    std::memcpy(names.data() + at + kept, left.data(), size);
    left.remove_prefix(size + 1);
    return {names.data() + at, kept + size};
  }

  // A block of names that takes `size` more without moving.
  std::vector<char>& room(size_t size) {
    constexpr size_t kBlock = size_t{256} << 10;
    names_size += size;
    if (names_size > kMostNames) refuse("the paths of the index are too long to be held", "");
    auto& blocks = index.names_;
    if (blocks.empty() || blocks.back().capacity() - blocks.back().size() < size) {
      blocks.emplace_back().reserve(std::max(size, kBlock));
    }
    return blocks.back();
  }
  size_t names_size = 0;

  void add(const IndexEntry& entry) {
    if (entry.path.empty()) damaged("a path is empty");
    if (entry.is_folder() != entry.path.ends_with('/')) damaged("a folder has a file's name");
    if (!index.entries_.empty()) {
      const IndexEntry& before = index.entries_.back();
      const int order = before.path.compare(entry.path);
      if (order > 0 || (order == 0 && before.stage >= entry.stage)) {
        damaged("its entries are not in order");
      }
    }
    index.entries_.push_back(entry);
  }

  void extensions() {
    while (!left.empty()) {
      if (left.size() < 8) damaged("it ends within an extension");
      const std::string_view kind = left.substr(0, 4);
      const size_t length = number(left, 4, 4);
      if (length > left.size() - 8) damaged("it ends within an extension");
      std::string_view body = left.substr(8, length);
      left.remove_prefix(8 + length);
      if (kind == "TREE") {
        trees(body);
      } else if (kind == "link") {
        refuse("the index is split in two files, which assay does not read",
               "Join them with `git update-index --no-split-index`.");
      } else if ((kind[0] < 'A' || kind[0] > 'Z') && kind != "sdir") {
        refuse("the index has a part that this assay does not know",
               "Use a newer assay, or write the index anew with an older git.");
      }
    }
  }

  // A cache that does not read well is dropped: it only saves work. Children come behind each other
  // in the file with all theirs between; here those of one folder stand together.
  void trees(std::string_view body) {
    struct Open {
      CachedTree tree;
      size_t missing;                    // children not read yet
      std::vector<CachedTree> children;  // read, with their own placed
    };
    std::vector<Open> path;
    std::vector<CachedTree> placed(1);
    const auto drop = [&] { index.trees_.clear(); };
    drop();
    for (;;) {
      Open next;
      if (!cached_tree(body, next.tree, next.missing)) return drop();
      path.push_back(std::move(next));
      if (path.size() > kMostDepth) return drop();
      while (path.back().missing == 0) {
        Open done = std::move(path.back());
        path.pop_back();
        std::sort(done.children.begin(), done.children.end(),
                  [](const auto& a, const auto& b) { return a.name < b.name; });
        done.tree.first_child = static_cast<uint32_t>(placed.size());
        done.tree.child_count = static_cast<uint32_t>(done.children.size());
        placed.insert(placed.end(), done.children.begin(), done.children.end());
        if (path.empty()) {
          if (!body.empty()) return drop();
          placed.front() = done.tree;
          index.trees_ = std::move(placed);
          return;
        }
        path.back().children.push_back(done.tree);
        --path.back().missing;
      }
    }
  }

  // The folder at the front of `body`, but for its children.
  static bool cached_tree(std::string_view& body, CachedTree& tree, size_t& children) {
    const size_t name_end = body.find('\0');
    if (name_end == std::string_view::npos) return false;
    tree.name = body.substr(0, name_end);
    body.remove_prefix(name_end + 1);
    const char* const end = body.data() + body.size();
    const auto entries = std::from_chars(body.data(), end, tree.entries);
    if (entries.ec != std::errc() || entries.ptr == end || *entries.ptr != ' ') return false;
    const auto count = std::from_chars(entries.ptr + 1, end, children);
    if (count.ec != std::errc() || count.ptr == end || *count.ptr != '\n') return false;
    body.remove_prefix(static_cast<size_t>(count.ptr + 1 - body.data()));
    if (tree.entries < 0) return true;
    if (body.size() < Oid::kSize) return false;
    tree.oid = Oid::from_bytes(body.data());
    body.remove_prefix(Oid::kSize);
    return true;
  }
};

IndexFile IndexFile::read(const std::string& path) {
  SmallFile file = read_small_file(path, kMostBytes);
  if (file.status == SmallFile::Status::missing) return {};
  if (!file) {
    throw Error(
        fmt::format("{}: the index {}. Check it with `git status`.", path, to_string(file.status)));
  }
  return parse(std::move(file.text), path);
}

IndexFile IndexFile::parse(std::string bytes, const std::string& name) {
  IndexFile index;
  index.bytes_ = std::make_unique<const std::string>(std::move(bytes));
  Parser parser{index, name, {}};
  parser.header(*index.bytes_);
  parser.entries();
  parser.extensions();
  return index;
}

const CachedTree* IndexFile::child(const CachedTree& tree, std::string_view name) const {
  const auto begin = trees_.begin() + tree.first_child;
  const auto end = begin + tree.child_count;
  const auto found = std::lower_bound(begin, end, name,
                                      [](const auto& a, std::string_view b) { return a.name < b; });
  return found != end && found->name == name ? &*found : nullptr;
}

}  // namespace assay
