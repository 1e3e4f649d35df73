// A pack with its index, whatever the bytes of the entries: it is opened and walked to an end, each
// object visited at most once and never with another text than the one that is read by its id; what
// was not visited is told. Byte 0: how the entries are cut. Then, for each, a byte of length and
// the bytes, in which FF n is the id of entry n and FE n the n-th of some deflated texts.
#include <map>

#include "git/pack_walk.h"
#include "tests/fuzz/fuzz.h"
#include "tests/git/git_repo.h"
#include "tests/git/made_pack.h"
#include "tests/git/plain_delta.h"

namespace {

using namespace assay;

const std::vector<std::string>& payloads() {
  static const std::vector<std::string> made = {
      deflated("some text"),
      deflated(""),
      deflated(delta_header(9, 4) + copy_op(0, 4)),
      deflated(delta_header(9, 11) + copy_op(0, 9) + insert_op("ed")),
      deflated(delta_header(4, 9) + copy_op(0, 4) + insert_op(" text")),
      deflated(delta_header(9, 9) + copy_op(4, 4)),
      deflated(std::string(5000, 'x')),
  };
  return made;
}

class Seeing final : public ObjectVisitor {
 public:
  void visit(const Oid& oid, ObjectType type, std::string_view text, const Carried*,
             std::span<const CopiedRange>, Carried& own) override {
    fuzz::check(type != ObjectType::none, "an object has a type");
    own.known = true;
    fuzz::check(seen.emplace(oid, std::string(text)).second, "each object is visited once");
  }
  void visit_large(const Oid&, ObjectType, Reader&) override {}
  std::map<Oid, std::string> seen;
};

MadePack make(fuzz::Input& input) {
  MadePack pack;
  while (!input.empty() && pack.rows.size() < 64) {
    std::string bytes;
    for (size_t left = input.byte(); left > 0 && !input.empty(); --left) {
      const uint8_t byte = input.byte();
      if (byte == 0xFF) {
        bytes += raw(made_up_oid(input.byte()));
      } else if (byte == 0xFE) {
        bytes += payloads()[input.byte() % payloads().size()];
      } else {
        bytes += static_cast<char>(byte);
      }
    }
    pack.add_entry(made_up_oid(pack.rows.size()), bytes);
  }
  return pack;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const ScratchFolder folder;
  fuzz::Input input(data, size);
  const uint8_t choice = input.byte();
  const MadePack made = make(input);
  made.write(folder.path() + "/pack/pack-made");
  size_t told = 0;
  const ObjectStore store({folder.path()}, [](Diagnostic&&) { std::abort(); });
  Seeing seeing;
  ObjectVisitor* visitors[] = {&seeing};
  WalkOptions options;
  options.held = (choice & 1) != 0 ? 0 : 1 << 20;
  const std::atomic<bool> stop{false};
  walk_pack(
      store, *store.packs().at(0), visitors, [](const Oid&) { return true; }, options,
      [&](Diagnostic&& problem) {
        fuzz::check(!problem.reason.empty(), "damage has a reason");
        ++told;
      },
      stop);
  fuzz::check(seeing.seen.size() == made.rows.size() || told > 0, "what was not seen is told");
  ObjectStore::Reader reader(store, (choice & 2) != 0 ? 0 : 1 << 20);
  for (const MadePack::Row& row : made.rows) {
    std::string reason;
    const auto object = reader.read(row.oid, reason);
    fuzz::check(object.has_value() == reason.empty(), "what cannot be read has a reason");
    const auto seen = seeing.seen.find(row.oid);
    const bool was_seen = seen != seeing.seen.end();
    // A base that the index does not list is damage to the walk, but can be read.
    fuzz::check(object.has_value() == was_seen || (!was_seen && told > 0),
                "both read the same objects");
    if (object && was_seen) fuzz::check(object->view() == seen->second, "both read the same text");
  }
  return 0;
}
