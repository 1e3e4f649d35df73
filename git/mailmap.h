// Who somebody is, as the repository's .mailmap says.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "git/object_store.h"
#include "git/oid.h"

struct git_mailmap;

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
  // Larger ones are not used: libgit2's time grows with the square of the lines.
  static constexpr size_t kMostBytes = size_t{256} << 10;

  Mailmap();                                // maps nobody
  explicit Mailmap(std::string_view text);  // over kMostBytes: maps nobody
  ~Mailmap();
  Mailmap(Mailmap&&) noexcept;
  Mailmap& operator=(Mailmap&&) noexcept;

  // Of the tree of `commit` (HEAD). Maps nobody where there is none; then, with `reason` set (half
  // a sentence), if there is one that cannot be used.
  static Mailmap of_commit(ObjectStore::Reader& reader, const Oid& commit, std::string& reason);

  // Whom the name and address of a commit stand for; themselves if the map does not know them.
  // Upper and lower case of addresses count, unlike in git.
  Person resolve(std::string_view name, std::string_view email) const;

 private:
  struct Free {
    void operator()(git_mailmap* map) const;
  };
  std::unique_ptr<git_mailmap, Free> map_;
};

}  // namespace assay
