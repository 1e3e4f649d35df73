// Random histories in real repositories, from a seed, and all that git says is in one.
#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.h"
#include "rules/keys/mint.h"
#include "tests/git/git_repo.h"
#include "tests/git/made_pack.h"
#include "tests/support/worlds.h"

namespace assay {

// A few changes of the kind that make a delta of many copies and inserts.
inline void edit(std::string& text, SeededRandom& random) {
  for (uint64_t left = 1 + random.below(4); left > 0; --left) {
    const size_t at = random.below(text.size() + 1);
    switch (random.below(4)) {
      case 0:
        text.insert(at, random_world(random, 1 + random.below(4)));
        break;
      case 1:
        text.erase(at, random.below(80));
        break;
      case 2:
        text.insert(at, text.substr(random.below(text.size() + 1), random.below(3000)));
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(random.below(256));
    }
  }
  if (text.size() > 40'000) text.resize(20'000);
}

// A history as git fast-import reads it: branches, merges (also criss-cross), clocks that go wrong
// by minutes, tags, tags of tags, keys in texts, names and messages, an LFS pointer. Commit N is
// refs/heads/cN.
inline std::string random_history(SeededRandom& random, size_t commits) {
  using Files = std::map<std::string, std::string>;
  std::vector<Files> files;
  std::vector<long long> times;
  std::string out;
  const auto data = [](std::string_view text) {
    return fmt::format("data {}\n{}\n", text.size(), text);
  };
  const auto kim = [](long long time) {
    return fmt::format("Kim <kim@example.org> {} +0000", time);
  };
  const auto message = [&] {
    return random.below(5) == 0 ? random_world(random, 6) : std::string("A change.\n");
  };
  for (size_t i = 0; i < commits; ++i) {
    const auto recent = [&] { return i - 1 - random.below(std::min<size_t>(i, 6)); };
    const size_t parent = i == 0 ? 0 : recent();
    const size_t other = i == 0 ? 0 : recent();
    Files now = i == 0 ? Files() : files[parent];
    times.push_back((i == 0 ? 1762070400 : times[parent]) + static_cast<int>(random.below(700)) -
                    100);
    std::string changes;
    for (uint64_t left = 1 + random.below(3); left > 0; --left) {
      std::string name =
          fmt::format("d{}/e{}/file{}", random.below(3), random.below(2), random.below(40));
      if (random.below(30) == 0) name += fill_placeholders("-{key:master}", random);
      std::string& text = now[name];
      if (text.empty()) text = random_world(random, 10 + random.below(80));
      edit(text, random);
      if (random.below(40) == 0)
        text = "version https://git-lfs.github.com/spec/v1\noid sha256:0\n";
      changes += "M 100644 inline " + name + "\n" + data(text);
    }
    out += fmt::format("commit refs/heads/c{}\nmark :{}\ncommitter {}\n{}", i, i + 1, kim(times[i]),
                       data(message()));
    if (i > 0) out += fmt::format("from :{}\n", parent + 1);
    if (other != parent && random.below(3) == 0) out += fmt::format("merge :{}\n", other + 1);
    out += changes + "\n";
    if (random.below(8) == 0) {
      out += fmt::format("tag t{}\nmark :{}\nfrom :{}\ntagger {}\n{}", i, 100'000 + i, i + 1,
                         kim(times[i]), data(message()));
      if (random.below(2) == 0) {
        out += fmt::format("tag tt{}\nfrom :{}\ntagger {}\n{}", i, 100'000 + i, kim(times[i]),
                           data("a tag of a tag"));
      }
    }
    files.push_back(std::move(now));
  }
  return out;
}

// Imports it: into a pack, or `loose`.
inline void import_random(const GitRepo& repo, uint64_t seed, size_t commits, bool loose = false) {
  SeededRandom random(seed);
  write_file(repo.outside() + "/history", random_history(random, commits));
  repo.run(fmt::format("-c fastimport.unpackLimit={} fast-import --quiet --force <../history",
                       loose ? 1'000'000 : 1));
}

struct GitObject {
  ObjectType type = ObjectType::none;
  std::string text;
  friend bool operator==(const GitObject&, const GitObject&) = default;
};

inline ObjectType type_named(std::string_view name) {
  for (const auto type : {ObjectType::commit, ObjectType::tree, ObjectType::blob}) {
    if (name == to_string(type)) return type;
  }
  return ObjectType::tag;
}

// Every object of the repository as git reads it, alternates included.
inline std::map<Oid, GitObject> all_objects(const GitRepo& repo) {
  const std::string all = repo.run("cat-file --batch-all-objects --batch --buffer") + "\n";
  std::map<Oid, GitObject> objects;
  for (size_t at = 0; at < all.size();) {  // "ID blob 4\ntext\n"
    const size_t end = all.find('\n', at);
    const size_t blank = all.find(' ', at + 41);
    const size_t size = std::stoul(all.substr(blank + 1, end - blank - 1));
    objects[*Oid::from_hex(all.substr(at, 40))] = {type_named(all.substr(at + 41, blank - at - 41)),
                                                   all.substr(end + 1, size)};
    at = end + 1 + size + 1;
  }
  return objects;
}

}  // namespace assay
