// An index of any bytes beside a pack that is right: refused with a reason, or used within its
// ends.
#include "git/pack.h"
#include "tests/fuzz/fuzz.h"
#include "tests/git/git_repo.h"
#include "tests/git/made_pack.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  static const ScratchFolder folder;
  static const std::string name = folder.path() + "/pack-made";
  // An index of three objects has some 1,150 bytes, of which 1,024 are counts: an input is what
  // stands in their place (two bytes: where), in a right index or alone.
  MadePack made;
  made.add(ObjectType::blob, "some text");
  made.add(ObjectType::blob, "more text");
  made.add(ObjectType::tree, "");
  fuzz::Input input(data, size);
  const uint8_t choice = input.byte();
  std::string index = made.index(choice % 2 + 1, (choice & 2) != 0);
  if ((choice & 4) != 0) index.resize(input.below(index.size() + 1));
  if ((choice & 8) != 0) index += input.take(input.byte());
  while (!input.empty()) {
    const size_t at = input.below(index.size() + 1);
    const std::string_view bytes = input.take(1 + input.byte() % 8u);
    index.replace(std::min(at, index.size()), bytes.size(), bytes);
  }
  write_file(name + ".idx", index);
  write_file(name + ".pack", made.pack());
  std::string reason;
  const auto pack = Pack::open(name, reason);
  fuzz::check((pack == nullptr) == !reason.empty(), "what is refused has a reason");
  if (pack == nullptr) return 0;
  fuzz::check(pack->count() == made.rows.size(), "it has as many objects as the pack says");
  Inflater inflater;
  for (uint32_t i = 0; i < pack->count(); ++i) {
    const auto found = pack->find(pack->oid(i));
    fuzz::check(!found || pack->oid(*found) == pack->oid(i), "what is found is what was asked for");
    pack->crc(i);
    PackEntry entry;
    if (!pack->read_entry(pack->offset(i), entry, reason)) {
      fuzz::check(!reason.empty(), "damage has a reason");
      continue;
    }
    fuzz::check(entry.data <= pack->size(), "an object lies in the pack");
    pack->inflate(entry, inflater);
  }
  pack->fault();
  return 0;
}
