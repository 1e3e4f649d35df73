// An instruction is a byte with its high bit set, "copy": the other bits say which bytes of the
// offset (4) and the size (3) follow; or, without it, "insert": so many bytes that follow.
#include "git/delta.h"

#include <cstring>

namespace assay {

namespace {

std::optional<uint64_t> read_length(std::string_view& text) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    if (text.empty()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    value |= uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80u) == 0) return value;
  }
  return std::nullopt;
}

// Offset and size of a copy; its bytes stand at `at`, and `end` is the end of the delta.
struct Copy {
  uint32_t offset = 0;
  uint32_t size = 0;
};
bool read_copy(unsigned op, const unsigned char*& at, const unsigned char* end, Copy& copy) {
  if (end - at >= 7) {  // no need to look at the end for each byte
    for (unsigned i = 0; i < 4; ++i) {
      if (op & (1u << i)) copy.offset |= uint32_t{*at++} << (8 * i);
    }
    for (unsigned i = 0; i < 3; ++i) {
      if (op & (0x10u << i)) copy.size |= uint32_t{*at++} << (8 * i);
    }
  } else {
    for (unsigned i = 0; i < 7; ++i) {
      if ((op & (1u << i)) == 0) continue;
      if (at == end) return false;
      uint32_t& field = i < 4 ? copy.offset : copy.size;
      field |= uint32_t{*at++} << (8 * (i % 4));
    }
  }
  if (copy.size == 0) copy.size = 0x10000;
  return true;
}

// Most pieces are short: a copy of fixed length needs no call. `room` is what may be read at
// `from`; at `to` there is kDeltaSlack more than `size`.
void copy(char* to, const char* from, size_t size, size_t room) {
  if (size <= kDeltaSlack && room >= kDeltaSlack) {
    std::memcpy(to, from, kDeltaSlack);
  } else {
    std::memcpy(to, from, size);
  }
}

void note_copy(size_t at, size_t from, size_t size, std::vector<CopiedRange>& copied) {
  if (!copied.empty()) {
    CopiedRange& last = copied.back();
    if (last.at + last.size == at && last.from + last.size == from) {
      last.size += size;
      return;
    }
  }
  // Two bytes of a delta can name a stretch, which takes 24 to tell.
  if (copied.size() < kMostCopied) copied.push_back({at, from, size});
}

}  // namespace

std::optional<DeltaHeader> read_delta_header(std::string_view& delta) {
  const auto base = read_length(delta);
  if (!base) return std::nullopt;
  const auto result = read_length(delta);
  if (!result) return std::nullopt;
  return DeltaHeader{*base, *result};
}

bool apply_delta(std::string_view instructions, std::string_view base, char* out,
                 uint64_t result_size, std::vector<CopiedRange>* copied) {
  const auto* at = reinterpret_cast<const unsigned char*>(instructions.data());
  const auto* end = at + instructions.size();
  uint64_t written = 0;
  while (at < end) {
    const unsigned op = *at++;
    if ((op & 0x80u) != 0) {
      Copy piece;
      if (!read_copy(op, at, end, piece)) return false;
      if (piece.offset > base.size() || piece.size > base.size() - piece.offset ||
          piece.size > result_size - written) {
        return false;
      }
      copy(out + written, base.data() + piece.offset, piece.size, base.size() - piece.offset);
      if (copied != nullptr) note_copy(written, piece.offset, piece.size, *copied);
      written += piece.size;
    } else {
      if (op == 0 || op > static_cast<size_t>(end - at) || op > result_size - written) return false;
      copy(out + written, reinterpret_cast<const char*>(at), op, static_cast<size_t>(end - at));
      at += op;
      written += op;
    }
  }
  return written == result_size;
}

}  // namespace assay
