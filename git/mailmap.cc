// The form is gitmailmap(5): whom it is, then whom it was taken for.
//
//   Dana Real <dana@example.org>                          her address, another name
//   <kim@example.org> <kim@old.example>                   another address
//   Lee <lee@example.org> Typo <lee@typo.example>         of that address only who is called Typo
//
// A later line changes what it says anew, and keeps the rest. Which lines count, and what of them,
// is git's own practice: tests/git/mailmap_test.cc compares with `git check-mailmap`.
#include "git/mailmap.h"

#include <fmt/format.h>

#include <algorithm>

#include "git/tree.h"

namespace assay {
namespace {

constexpr std::string_view kFile = ".mailmap";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

struct Written {
  std::string_view name, email;
};

// Takes "NAME <EMAIL>" off the front of a line. Empty if there is none.
std::optional<Written> take_person(std::string_view& line) {
  const size_t left = line.find('<');
  const size_t right = left == std::string_view::npos ? left : line.find('>', left);
  if (right == std::string_view::npos) return std::nullopt;
  const Written person{trimmed(line.substr(0, left)), line.substr(left + 1, right - left - 1)};
  line.remove_prefix(right + 1);
  return person;
}

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

Mailmap::Mailmap(std::string_view text) {
  if (text.size() > kMostBytes) return;
  text = text.substr(0, text.find('\0'));  // where git stops
  while (!text.empty()) {
    const size_t end = text.find('\n');
    read_line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

void Mailmap::read_line(std::string_view line) {
  if (line.starts_with('#')) return;
  const auto real = take_person(line);
  if (!real || real->email.empty()) return;
  const auto written = take_person(line);
  Entry& entry = entries_[lower(written ? written->email : real->email)];
  if (written && !written->name.empty()) {
    entry.named[lower(written->name)] = {std::string(real->name), std::string(real->email)};
    return;
  }
  if (!real->name.empty()) entry.all.name = real->name;
  if (written) entry.all.email = real->email;
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
  return Mailmap(text->view());
}

Mailmap::Person Mailmap::resolve(std::string_view name, std::string_view email) const {
  Person person{std::string(name), std::string(email)};
  const auto entry = entries_.find(lower(email));
  if (entry == entries_.end()) return person;
  const auto& [all, named] = entry->second;
  const auto by_name = named.find(lower(name));
  const Person& real = by_name == named.end() ? all : by_name->second;
  if (!real.name.empty()) person.name = real.name;
  if (!real.email.empty()) person.email = real.email;
  return person;
}

}  // namespace assay
