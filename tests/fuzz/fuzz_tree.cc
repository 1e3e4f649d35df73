// Trees, commits and tags of any bytes, and the comparison of two trees that name each other.
//
// The input is cut into objects: one byte of length in 16 bytes, then so many bytes. In them, FF n
// stands for the id of object n, so that folders lead somewhere, also into themselves.
#include <map>
#include <set>

#include "git/tree.h"
#include "git/tree_diff.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

Oid id_of(uint8_t number) {
  Oid oid;
  oid.bytes.fill(number);
  oid.bytes[0] = 1;
  return oid;
}

std::vector<std::string> cut(Input& input) {
  std::vector<std::string> objects;
  while (!input.empty() && objects.size() < 8) {
    const std::string_view bytes = input.take(size_t{16} * (1u + input.byte() % 16));
    std::string text;
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] != '\xFF' || i + 1 == bytes.size()) {
        text += bytes[i];
        continue;
      }
      const Oid oid = id_of(static_cast<uint8_t>(bytes[++i]) % 8);
      text.append(reinterpret_cast<const char*>(oid.bytes.data()), Oid::kSize);
    }
    objects.push_back(std::move(text));
  }
  return objects;
}

bool lies_in(std::string_view part, std::string_view text) {
  return part.empty() ||
         (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

void check_texts(const std::string& text) {
  if (const auto commit = parse_commit(text)) {
    check(commit->parents.size() <= text.size() / 40, "a parent takes its bytes");
    for (const Signature& who : {commit->author, commit->committer}) {
      check(lies_in(who.name, text) && lies_in(who.email, text), "views lie in the text");
      check(who.time >= 0 && who.zone_minutes > -7000 && who.zone_minutes < 7000, "in range");
      check(utc_time(who.time).size() % 20 == 0, "a time has one form");
    }
    check(lies_in(commit->message, text), "and so does the message");
  }
  if (const auto target = parse_tag(text)) check(target->type != ObjectType::none, "a known type");
}

// The entries that are in one text and not in the other, each as often.
void check_compare(std::string_view before, std::string_view after) {
  using Row = std::tuple<std::string, uint32_t, Oid>;
  std::multiset<Row> left, right;
  const auto read = [](std::string_view text, std::multiset<Row>& rows) {
    while (const auto entry = next_entry(text)) {
      rows.emplace(entry->name, entry->mode, entry->oid);
    }
    return text.empty();
  };
  if (!read(before, left) || !read(after, right)) {
    compare_trees(before, after, [](const TreeEntry*, const TreeEntry*) { return true; });
    return;
  }
  // Take the differences away from the left and put them to it: the right must come out.
  const TreesCompared compared =
      compare_trees(before, after, [&](const TreeEntry* old, const TreeEntry* now) {
        if (old != nullptr) {
          const auto found = left.find({std::string(old->name), old->mode, old->oid});
          check(found != left.end(), "what was is in the tree");
          left.erase(found);
        }
        if (now != nullptr) left.emplace(now->name, now->mode, now->oid);
        return true;
      });
  check(!compared.stopped && !compared.before_damaged && !compared.after_damaged, "to the end");
  check(left == right, "the differences lead from one tree to the other");
}

void check_diff(const std::vector<std::string>& objects, uint8_t before, uint8_t after) {
  TreeDiff diff([&](const Oid& oid, std::string& reason) -> std::optional<Object> {
    for (uint8_t i = 0; i < objects.size(); ++i) {
      if (id_of(i) != oid) continue;
      Bytes bytes = Bytes::of_size(objects[i].size());
      objects[i].copy(bytes.data.get(), bytes.size);
      return Object{ObjectType::tree, std::make_shared<const Bytes>(std::move(bytes))};
    }
    reason = "it is missing";
    return std::nullopt;
  });
  // Trees that hold themselves twice have 2^512 paths.
  diff.set_limit(200'000);
  diff.run(
      id_of(before), id_of(after),
      [](std::string_view path, const TreeEntry* old, const TreeEntry* now) {
        check(!path.empty() && path.size() <= kMostPath, "a path has its limit");
        check(old != nullptr || now != nullptr, "there is one side at least");
        if (old != nullptr && now != nullptr) {
          check(old->is_tree() == now->is_tree() && old->name == now->name, "of one name");
        }
        return TreeDiff::Answer::enter;
      },
      [](const Oid&, const std::string& reason) { check(!reason.empty(), "a reason is given"); });
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const uint8_t before = input.byte() % 8;
  const uint8_t after = input.byte() % 8;
  const std::vector<std::string> objects = cut(input);
  for (const std::string& text : objects) check_texts(text);
  for (size_t i = 0; i + 1 < objects.size(); ++i) check_compare(objects[i], objects[i + 1]);
  check_diff(objects, before, after);
  check_diff(objects, 9, after);
  return 0;
}
