// The inventory as a sorted vector of entries, with a second order by the name of the host. Lines
// are read and written by inventory_entry; what must not stand in them is found by inventory_keys.
#include "response/inventory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

#include "response/inventory_entry.h"
#include "response/inventory_keys.h"
#include "response/text_file.h"
#include "rules/keys/base64.h"
#include "rules/keys/c3id.h"
#include "rules/keys/identify.h"
#include "rules/rule_set.h"
#include "scanner/sources/file_reader.h"

namespace assay {

namespace {

constexpr size_t kSaltBytes = 32, kIdBytes = 15;

constexpr std::string_view kKeyRemedy =
    "Take it out, rotate it if others could read it, and give it to `assay inventory import`, "
    "which "
    "keeps no more than its fingerprint.";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool equal_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// What the name of an app's host begins with: `orders`, or `orders-staging` of a slot.
std::string site_name(std::string_view app, std::string_view slot) {
  std::string name(app);
  if (!slot.empty() && !equal_any_case(slot, "production")) name.append("-").append(slot);
  std::transform(name.begin(), name.end(), name.begin(), lower);
  return name;
}

size_t line_of(std::string_view text, size_t at) {
  return 1 +
         static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

[[noreturn]] void fail(std::string_view name, size_t line, std::string_view what) {
  throw Error(
      fmt::format("{}:{}: {}. docs/inventory.md shows what may stand there.", name, line, what));
}

// Throws for an entry that must not be added.
void check(InventoryEntry& entry) {
  if (const std::string wrong = wrong_with(entry); !wrong.empty()) {
    throw Error(fmt::format("The entry cannot stand in the inventory: {}.", wrong));
  }
  if (find_key(entry_line(entry))) {
    throw Error(fmt::format("The entry cannot stand in the inventory: {} holds a key. {}",
                            field_with_key(entry), kKeyRemedy));
  }
}

bool before(const InventoryEntry& entry, std::string_view id) { return entry.id < id; }

// The text with its percent escapes undone.
std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::sscanf(std::string(text.substr(i + 1, 2)).c_str(), "%2x", &code) == 1) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

[[noreturn]] void fail_file(const std::string& path, std::string_view doing) {
  throw Error(
      fmt::format("The inventory {} cannot be {}: {}. Check the path, or name another file "
                  "with --inventory.",
                  path, doing, std::strerror(errno)));
}

}  // namespace

Inventory Inventory::create() {
  Inventory inventory;
  inventory.salt_.resize(kSaltBytes);
  if (getrandom(inventory.salt_.data(), kSaltBytes, 0) != static_cast<ssize_t>(kSaltBytes)) {
    throw Error("The system gives no random numbers for the inventory's salt. Try again.");
  }
  return inventory;
}

Inventory Inventory::parse(std::string_view text, std::string_view name) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.size() > kMostBytes) fail(name, 1, "it is larger than 64 MiB");
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  if (const auto key = find_key(text)) {
    throw Error(
        fmt::format("{}:{}: this line holds a key. {}", name, line_of(text, *key), kKeyRemedy));
  }
  Inventory inventory;
  size_t number = 0;
  for (std::string_view left = text; number == 0 || !left.empty();) {
    const std::string_view line = take_line(left);
    ++number;
    if (is_conflict_marker(line)) {
      fail(name, number,
           "git left a conflict here: keep the lines of both sides and remove the marks");
    }
    std::string wrong;
    if (number == 1 || is_header(line)) {
      InventoryHeader header;
      wrong = read_header(line, header);
      if (wrong.empty() && number > 1 && header.salt != inventory.salt_) {
        wrong =
            "this is a second salt: two inventories cannot be joined as text, use "
            "`assay inventory merge`";
      }
      inventory.salt_ = header.salt;
      inventory.more_.merge(header.more);
    } else if (!line.empty()) {
      if (inventory.entries_.size() == kMostEntries) fail(name, number, "it has too many entries");
      wrong = read_entry(line, inventory.entries_.emplace_back());
    }
    if (!wrong.empty()) fail(name, number, wrong);
  }
  inventory.settle();
  return inventory;
}

Inventory Inventory::read(const std::string& path) {
  const Descriptor file = open_path(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file && errno == ENOENT) {
    throw Error(
        fmt::format("There is no inventory {}. Make one with `assay inventory init`, or "
                    "name another file with --inventory.",
                    path));
  }
  if (!file) fail_file(path, "opened");
  struct stat found;
  if (fstat(file.get(), &found) != 0) fail_file(path, "read");
  if (!S_ISREG(found.st_mode)) {
    throw Error(fmt::format("The inventory {} is no regular file. Name a file.", path));
  }
  std::string text;
  for (std::string piece(1 << 16, '\0');;) {
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_file(path, "read");
    if (got == 0) break;
    text.append(piece, 0, static_cast<size_t>(got));
    if (text.size() > kMostBytes) break;  // parse says so
  }
  return parse(text, path);
}

std::string Inventory::text() const {
  std::string out = header_line(salt_, more_) + "\n";
  for (const InventoryEntry& entry : entries_) out.append(entry_line(entry)).append("\n");
  return out;
}

void Inventory::write(const std::string& path) const {
  std::string target = path;  // of a link, where it leads
  if (const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                             std::free);
      real != nullptr) {
    target = real.get();
  }
  struct stat found;
  if (stat(target.c_str(), &found) == 0 && !S_ISREG(found.st_mode)) {
    throw Error(fmt::format("The inventory {} is no regular file. Name a file.", path));
  }
  const std::string out = text();
  if (out.size() > kMostBytes) {
    throw Error(
        fmt::format("The inventory {} would be larger than 64 MiB. Split it by app.", path));
  }
  const std::string temporary = fmt::format("{}.{}.tmp", target, getpid());
  Descriptor file(
      open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) fail_file(path, "written");
  bool written = true;
  for (std::string_view left = out; written && !left.empty();) {
    const ssize_t put = ::write(file.get(), left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    written = put > 0;
    if (written) left.remove_prefix(static_cast<size_t>(put));
  }
  if (!written || fsync(file.get()) != 0 || rename(temporary.c_str(), target.c_str()) != 0) {
    const int reason = errno;
    unlink(temporary.c_str());
    errno = reason;
    fail_file(path, "written");
  }
}

bool Inventory::put(InventoryEntry entry) {
  std::vector<InventoryEntry> one;
  one.push_back(std::move(entry));
  return put(std::move(one)) > 0;
}

size_t Inventory::put(std::vector<InventoryEntry> entries) {
  for (InventoryEntry& entry : entries) check(entry);
  if (entries.size() > kMostEntries - entries_.size()) {
    throw Error("The inventory would have more than 1,000,000 entries. Split it by app.");
  }
  // In the order given: what comes later wins.
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return a.id < b.id; });
  const size_t old = entries_.size();
  size_t changed = 0;
  for (InventoryEntry& entry : entries) {
    const auto end = entries_.begin() + static_cast<long>(old);
    const auto at = std::lower_bound(entries_.begin(), end, entry.id, before);
    if (at != end && at->id == entry.id) {
      changed += update(*at, entry);
    } else if (entries_.size() > old && entries_.back().id == entry.id) {
      changed += update(entries_.back(), entry);
    } else {
      entries_.push_back(std::move(entry));
      ++changed;
    }
  }
  settle();
  return changed;
}

Inventory::Merged Inventory::merge(const Inventory& other) {
  Merged merged;
  std::vector<InventoryEntry> both = entries_;
  const bool same = salt_ == other.salt_;
  for (const InventoryEntry& entry : other.entries_) {
    if (!same && entry.id.starts_with("hmac:")) {
      ++merged.unmatched;
      continue;
    }
    const InventoryEntry* own = find(entry.id);
    if (own == nullptr) {
      ++merged.added;
    } else {
      const InventoryEntry pair[] = {*own, entry};
      merged.changed += join(pair) != *own;
    }
    both.push_back(entry);
  }
  if (both.size() - merged.changed > kMostEntries) {
    throw Error("The inventory would have more than 1,000,000 entries. Split it by app.");
  }
  Inventory result;
  result.salt_ = salt_;
  result.more_ = more_;
  for (const auto& [name, json] : other.more_) {
    auto [at, added] = result.more_.emplace(name, json);
    if (!added) at->second = std::min(at->second, json);
  }
  result.entries_ = std::move(both);
  result.settle();
  *this = std::move(result);
  return merged;
}

bool Inventory::remove(std::string_view id) {
  const size_t count = std::erase_if(entries_, [&](const auto& entry) { return entry.id == id; });
  if (count > 0) settle();
  return count > 0;
}

void Inventory::settle() {
  const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
  if (!std::is_sorted(entries_.begin(), entries_.end(), by_id)) {
    std::sort(entries_.begin(), entries_.end(), by_id);
  }
  size_t kept = 0;
  for (size_t at = 0, end = 0; at < entries_.size(); at = end, ++kept) {
    while (end < entries_.size() && entries_[end].id == entries_[at].id) ++end;
    if (end - at > 1 || !entries_[at].contested.empty()) {
      InventoryEntry joined = join(std::span(entries_).subspan(at, end - at));
      if (const std::string wrong = wrong_with(joined); !wrong.empty()) {
        throw Error(fmt::format("The entries of {} cannot be joined: {}.", joined.id, wrong));
      }
      entries_[kept] = std::move(joined);
    } else if (kept != at) {
      entries_[kept] = std::move(entries_[at]);
    }
  }
  entries_.resize(kept);
  by_site_.clear();
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    const InventoryEntry& entry = entries_[i];
    if (!entry.app.empty()) by_site_.emplace_back(site_name(entry.app, entry.slot), i);
  }
  std::sort(by_site_.begin(), by_site_.end());
}

std::string Inventory::chosen_id(std::string_view value) const {
  const auto digest = hmac_sha256(salt_, value);
  return "hmac:" + encode_base64({digest.data(), kIdBytes}, Base64Alphabet::standard);
}

std::string Inventory::id_of(std::string_view value) const {
  const auto info = identify(value);
  if (!info) return chosen_id(value);
  return info->confidence == Confidence::verified ? info->fingerprint()
                                                  : chosen_id(info->canonical.reveal());
}

const InventoryEntry* Inventory::find(std::string_view id) const {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), id, before);
  return at != entries_.end() && at->id == id ? &*at : nullptr;
}

const InventoryEntry* Inventory::find(const Finding& finding) const {
  if (const InventoryEntry* entry = find(finding.fingerprint)) return entry;
  if (finding.damage != nullptr) {
    for (const std::string& fingerprint : finding.damage->fingerprints) {
      if (const InventoryEntry* entry = find(fingerprint)) return entry;
    }
  }
  if (finding.confidence == Confidence::verified || finding.secret.empty()) return nullptr;
  const Secret plain(unescaped(finding.secret.reveal()));
  std::string_view bare = plain.reveal();
  while (bare.ends_with('=')) bare.remove_suffix(1);
  const Secret one(std::string(bare) + "="), two(std::string(bare) + "==");
  for (const std::string_view spelling :
       {finding.secret.reveal(), plain.reveal(), bare, one.reveal(), two.reveal()}) {
    if (const InventoryEntry* entry = find(id_of(spelling))) return entry;
  }
  return nullptr;
}

std::vector<const InventoryEntry*> Inventory::of_place(const KeyContext& context) const {
  std::vector<const InventoryEntry*> found;
  if (context.app.empty()) return found;
  const std::string site = site_name(context.app, context.slot);
  auto at = std::lower_bound(by_site_.begin(), by_site_.end(), std::pair(site, uint32_t{0}));
  for (; at != by_site_.end() && at->first == site; ++at) found.push_back(&entries_[at->second]);
  const auto nearness = [&](const InventoryEntry* entry) {
    return 2 * equal_any_case(entry->function, context.function) +
           equal_any_case(entry->key_name, context.key_name);
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const auto* a, const auto* b) { return nearness(a) > nearness(b); });
  return found;
}

bool open_to_others(const std::string& path) {
  struct stat found;
  return stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

}  // namespace assay
