// Who somebody is, as the repository's .mailmap says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "git/object_store.h"
#include "git/oid.h"

namespace assay {

// `.mailmap` of a tree, as git uses it in a bare repository: the work tree's copy is not read, so
// that the same commits give the same report. Immutable; any thread.
class Mailmap {
 public:
  struct Person {
    std::string name;
    std::string email;
    friend bool operator==(const Person&, const Person&) = default;
  };
  // Larger ones are not used: what is made of one takes up to 50 times its size. Linux has 45 KB.
  static constexpr size_t kMostBytes = size_t{256} << 10;

  Mailmap() = default;                      // maps nobody
  explicit Mailmap(std::string_view text);  // over kMostBytes: maps nobody

  // Of the tree of `commit` (HEAD). Maps nobody where there is none; then, with `reason` set (half
  // a sentence), if there is one that cannot be used.
  static Mailmap of_commit(ObjectStore::Reader& reader, const Oid& commit, std::string& reason);

  // Whom the name and address of a commit stand for; themselves if the map does not know them.
  // Upper and lower case are the same, as in git.
  Person resolve(std::string_view name, std::string_view email) const;

 private:
  // Whom an address stands for. What is empty stays as it was written.
  struct Entry {
    Person all;                           // that are not in `named`
    std::map<std::string, Person> named;  // those that write themselves so, in lower case
  };
  void read_line(std::string_view line);

  std::map<std::string, Entry> entries_;  // by address, in lower case
};

}  // namespace assay
