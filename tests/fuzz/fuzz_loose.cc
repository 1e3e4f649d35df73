// A loose object: whatever its file holds, it is refused with a reason or its text fits its id. The
// input is the file; once more it is deflated first, and the id is the one it should have.
#include "git/loose.h"
#include "tests/fuzz/fuzz.h"
#include "tests/git/git_repo.h"
#include "tests/git/made_pack.h"

namespace {

using namespace assay;

void read(const std::string& folder, const Oid& oid, std::string_view file) {
  const std::string path = loose_path(folder, oid);
  write_file(path, file);
  std::string reason;
  auto object = LooseObject::open(folder, oid, reason);
  fuzz::check((object == nullptr) == !reason.empty(), "what is refused has a reason");
  if (object != nullptr) {
    Inflater inflater;
    const auto text = object->read(inflater, reason);
    fuzz::check(text.has_value() == reason.empty(), "what is refused has a reason");
    fuzz::check(!text || oid_of(object->type(), text->view()) == oid ||
                    text->view().size() == object->size(),
                "a text is as long as declared");
    const uint64_t size = object->size();
    const auto reader = LooseObject::stream(std::move(object), {});
    std::string streamed, buffer(4096, '\0');
    Reader::Result result;
    while ((result = reader->read(buffer, -1)).status == Reader::Status::data) {
      streamed.append(buffer, 0, result.bytes);
      fuzz::check(streamed.size() <= size, "no more comes than was declared");
    }
    const bool whole = result.status == Reader::Status::end;
    fuzz::check(whole == !reader->failure(), "a failure is told");
    if (text) fuzz::check(whole && streamed == text->view(), "both read the same text");
  }
  std::filesystem::remove(path);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const ScratchFolder folder;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read(folder.path(), made_up_oid(1), bytes);
  read(folder.path(), Oid::from_bytes(sha1(bytes).data()), deflated(bytes));
  return 0;
}
