// Containers: whatever the bytes, opening and reading them ends, keeps to its limits, and gives the
// same however they come.
//
//   byte 0: the blob's name   byte 1, 2: how long each piece is   the blob, in which
//   FF n (n > 0) stands for n zeros and FF 00 for FF, so that a tar is small
#include <cstring>

#include "scanner/decoders/container_formats.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

constexpr std::string_view kNames[] = {"", "a.br", "a.lzma", "a.iso", "a.eml"};
constexpr ContainerLimits kLimits = {.bytes = 4 << 20, .members = 200};

// In pieces of `step` bytes, without a size; or, for 0, with one.
class PieceReader : public Reader {
 public:
  PieceReader(std::string_view bytes, size_t step) : bytes_(bytes), whole_(bytes), step_(step) {}
  Result read(std::span<char> out, int wait_ms) override {
    return bytes_.read(step_ == 0 ? out : out.first(std::min(step_, out.size())), wait_ms);
  }
  std::optional<uint64_t> size() const override {
    return step_ == 0 ? whole_.size() : std::nullopt;
  }
  std::optional<size_t> read_at(uint64_t offset, std::span<char> out) const override {
    return step_ == 0 ? whole_.read_at(offset, out) : std::nullopt;
  }
  std::optional<Diagnostic> failure() override { return std::nullopt; }

 private:
  ViewReader bytes_;
  ViewReader whole_;
  size_t step_;
};

std::string expand(std::string_view bytes) {
  std::string out;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != '\xFF' || i + 1 == bytes.size()) {
      out += bytes[i];
    } else if (bytes[++i] == '\0') {
      out += '\xFF';
    } else {
      out.append(static_cast<uint8_t>(bytes[i]), '\0');
    }
  }
  return out;
}

struct Seen {
  std::string format;
  std::string text;  // of all members, with their names
  size_t diagnostics = 0;
};

Seen look(std::string_view blob, std::string_view name, size_t step, size_t span) {
  PieceReader outer(blob, step);
  const std::string_view head = blob.substr(0, kContainerHead);
  ContainerBudget budget(kLimits, blob.size());
  Seen seen;
  const auto container = open_container(outer, head, name, budget);
  if (!container) {
    char first;
    check(blob.empty() || outer.read({&first, 1}, -1).bytes == 1, "what is none can be read");
    check(blob.empty() || first == blob[0], "nothing of it was read");
    return seen;
  }
  seen.format = container->format();
  std::vector<char> buffer(span);
  size_t members = 0, bytes = 0;
  while (const auto member = container->next()) {
    check(++members <= kLimits.members, "no more members than the limit");
    seen.text += member->name + '\n';
    for (;;) {
      const auto result = member->bytes->read(buffer, -1);
      check(result.bytes <= buffer.size(), "no more bytes than there is room");
      if (result.status != Reader::Status::data) {
        check(result.status != Reader::Status::failed || member->bytes->failure(),
              "what fails says why");
        break;
      }
      check(result.bytes > 0, "data has bytes");
      seen.text.append(buffer.data(), result.bytes);
      bytes += result.bytes;
    }
    if (const auto failure = member->bytes->failure()) {
      check(!failure->reason.empty() && failure->path == member->name,
            "a failure names its member");
      ++seen.diagnostics;
    }
  }
  // Each reader may be one step of its codec past the limit.
  check(bytes <= kLimits.bytes + (2 << 20), "no more bytes than the limit");
  seen.diagnostics += container->take_diagnostics().size();
  check(container->take_diagnostics().empty(), "what was told is forgotten");
  check(!container->next(), "the end is the end");
  return seen;
}

bool is_one_of_the_compressed(std::string_view format) {
  return format == "gzip" || format == "zlib" || format == "zstd" || format == "xz" ||
         format == "lzip" || format == "lzma" || format == "bzip2" || format == "lz4" ||
         format == "brotli";
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const std::string_view name = kNames[input.byte() % std::size(kNames)];
  const size_t step = 1 + input.byte();
  const size_t span = 1 + input.byte();
  // Of exactly its size, so that a sanitizer sees what is read behind it.
  const std::string blob = expand(input.rest()).substr(0, 1 << 20);
  const std::unique_ptr<char[]> exact(new char[blob.size()]);
  std::copy(blob.begin(), blob.end(), exact.get());
  const std::string_view bytes(exact.get(), blob.size());

  const Seen whole = look(bytes, name, 0, 64 << 10);
  const Seen pieces = look(bytes, name, step, span);
  if (is_one_of_the_compressed(whole.format)) {
    check(whole.format == pieces.format, "a stream of it is the same format");
    // Damage may be met a little earlier or later.
    const size_t common = std::min(whole.text.size(), pieces.text.size());
    check(whole.text.substr(0, common) == pieces.text.substr(0, common), "and gives the same");
    check(whole.diagnostics == pieces.diagnostics, "with as many diagnostics");
    check(whole.diagnostics > 0 || whole.text == pieces.text, "all of it where it is whole");
  }
  return 0;
}
