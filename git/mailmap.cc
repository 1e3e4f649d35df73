// libgit2 parses the file; here its text is found in the tree and the limits are kept.
#include "git/mailmap.h"

#include <fmt/format.h>
#include <git2.h>

#include "git/tree.h"

namespace assay {
namespace {

constexpr std::string_view kFile = ".mailmap";

// The regular file at the root of a commit's tree. Empty with `reason` set if something on the way
// cannot be read, without if there is no such file.
std::optional<Oid> find_file(ObjectStore::Reader& reader, const Oid& commit, std::string& reason) {
  const auto object = reader.read(commit, ObjectType::commit, reason);
  if (!object) return std::nullopt;
  const auto parsed = parse_commit(object->view());
  if (!parsed) {
    reason = "the commit is damaged";
    return std::nullopt;
  }
  const auto tree = reader.read(parsed->tree, ObjectType::tree, reason);
  if (!tree) return std::nullopt;
  std::string_view rest = tree->view();
  while (const auto entry = next_entry(rest)) {
    if (entry->name == kFile && (entry->mode & 0170000) == 0100000) return entry->oid;
  }
  return std::nullopt;
}

}  // namespace

void Mailmap::Free::operator()(git_mailmap* map) const {
  git_mailmap_free(map);
  git_libgit2_shutdown();
}

Mailmap::Mailmap() = default;
Mailmap::~Mailmap() = default;
Mailmap::Mailmap(Mailmap&&) noexcept = default;
Mailmap& Mailmap::operator=(Mailmap&&) noexcept = default;

Mailmap::Mailmap(std::string_view text) {
  if (text.empty() || text.size() > kMostBytes) return;
  git_libgit2_init();  // counted; undone in Free
  git_mailmap* map = nullptr;
  if (git_mailmap_from_buffer(&map, text.data(), text.size()) == 0) {
    map_.reset(map);
  } else {
    git_libgit2_shutdown();
  }
}

Mailmap Mailmap::of_commit(ObjectStore::Reader& reader, const Oid& commit, std::string& reason) {
  reason.clear();
  const auto oid = find_file(reader, commit, reason);
  if (!oid) return Mailmap();
  const auto text = reader.read(*oid, ObjectType::blob, reason);
  if (!text) return Mailmap();
  reason.clear();
  if (text->view().size() > kMostBytes) {
    reason = fmt::format("it is larger than {} bytes", kMostBytes);
    return Mailmap();
  }
  Mailmap map(text->view());
  if (!map.map_ && !text->view().empty()) reason = "libgit2 cannot read it";
  return map;
}

Mailmap::Person Mailmap::resolve(std::string_view name, std::string_view email) const {
  Person person{std::string(name), std::string(email)};
  // Names go to libgit2 as C strings: one with a NUL would be taken for another.
  const bool cut =
      person.name.find('\0') != std::string::npos || person.email.find('\0') != std::string::npos;
  if (!map_ || cut) return person;
  const char* real_name = nullptr;
  const char* real_email = nullptr;
  if (git_mailmap_resolve(&real_name, &real_email, map_.get(), person.name.c_str(),
                          person.email.c_str()) != 0) {
    return person;
  }
  return {real_name, real_email};
}

}  // namespace assay
