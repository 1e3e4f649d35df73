// A file is read where it is looked at, a piece at a time. A member of another container, which can
// only be read forward, is held as a whole if it is not too long.
#include "scanner/decoders/random_access.h"

#include <algorithm>

namespace assay {
namespace {

constexpr size_t kFirstRead = size_t{64} << 10;

}  // namespace

size_t read_full(Reader& reader, std::span<char> out) {
  size_t done = 0;
  while (done < out.size()) {
    const Reader::Result result = reader.read(out.subspan(done), -1);
    if (result.status != Reader::Status::data) break;
    done += result.bytes;
  }
  return done;
}

std::optional<Diagnostic> RandomAccess::load() {
  if (const auto size = outer_.size()) {
    size_ = *size;
    return std::nullopt;
  }
  held_ = true;
  // Grows with what came: nothing says beforehand how much that will be.
  for (size_t room = kFirstRead; size_ < kMostHeld; room = bytes_.size()) {
    room = std::min(room, kMostHeld - bytes_.size());
    bytes_.resize(bytes_.size() + room);
    const size_t got = read_full(outer_, {bytes_.data() + size_, room});
    size_ += got;
    bytes_.resize(size_);
    if (got < room) return std::nullopt;
  }
  char beyond;
  if (read_full(outer_, {&beyond, 1}) == 0) return std::nullopt;
  return Diagnostic{Diagnostic::Kind::limit, "",
                    "it stands in another container and is longer than 32 MiB; what stands behind "
                    "them was searched as it stands, but not decoded",
                    "Unpack it and scan it as a file."};
}

std::string_view RandomAccess::view(uint64_t at, size_t count, size_t ahead) {
  if (at >= size_) return {};
  count = static_cast<size_t>(std::min<uint64_t>(count, size_ - at));
  if (!held_ && (at < begin_ || at + count > begin_ + bytes_.size())) {
    begin_ = at;
    bytes_.resize(static_cast<size_t>(std::min<uint64_t>(std::max(count, ahead), size_ - at)));
    bytes_.resize(outer_.read_at(at, bytes_).value_or(0));
  }
  return std::string_view(bytes_).substr(static_cast<size_t>(at - begin_), count);
}

}  // namespace assay
