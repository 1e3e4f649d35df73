// An index of version 2 is: "\377tOc" 2, 256 counts of ids up to a first byte, the ids, their
// CRC-32s, their offsets (with the high bit set: the number of a 64-bit offset), those, the pack's
// checksum and its own. Version 1 is: the counts, then offset and id of each, then the checksums.
#include "git/pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "rules/keys/c3id.h"

namespace assay {

namespace {

constexpr size_t kFanout = 256 * 4;
constexpr size_t kPackHeader = 12;
constexpr uint32_t kLargeOffset = 0x80000000u;

uint32_t big_endian(const char* at) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(at);
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

}  // namespace

Pack::Pack(std::string path, std::unique_ptr<MappedFile> index, std::unique_ptr<MappedFile> pack)
    : path_(std::move(path)), index_(std::move(index)), pack_(std::move(pack)) {}

std::unique_ptr<Pack> Pack::open(const std::string& name, std::string& reason) {
  auto index = MappedFile::open(name + ".idx", reason);
  if (index == nullptr) {
    reason = "its index cannot be used: " + reason;
    return nullptr;
  }
  auto pack = MappedFile::open(name + ".pack", reason);
  if (pack == nullptr) return nullptr;
  const std::string_view bytes = pack->bytes();
  if (bytes.size() < kPackHeader + Oid::kSize || !bytes.starts_with("PACK")) {
    reason = "it is not a pack";
    return nullptr;
  }
  if (const uint32_t version = big_endian(bytes.data() + 4); version != 2 && version != 3) {
    reason = fmt::format("its version is {}, and only 2 and 3 are known", version);
    return nullptr;
  }
  const uint32_t told = big_endian(bytes.data() + 8);
  std::unique_ptr<Pack> made(new Pack(name + ".pack", std::move(index), std::move(pack)));
  reason = made->check_index();
  if (!reason.empty()) {
    reason = "its index cannot be used: " + reason;
    return nullptr;
  }
  if (told != made->count_) {
    reason = fmt::format("it says that it holds {} objects, and its index {}", told, made->count_);
    return nullptr;
  }
  return made;
}

// Sets the places of the tables. Half a sentence if they do not fit the file.
std::string Pack::check_index() {
  const std::string_view bytes = index_->bytes();
  version_ = bytes.starts_with("\377tOc") ? 2 : 1;
  const size_t head = version_ == 2 ? 8 : 0;
  if (bytes.size() < head + kFanout + 2 * Oid::kSize) return "it is cut short";
  if (version_ == 2 && big_endian(bytes.data() + 4) != 2) return "its version is not known";
  const char* fanout = bytes.data() + head;
  uint32_t last = 0;
  for (size_t i = 0; i < 256; ++i) {
    const uint32_t count = big_endian(fanout + 4 * i);
    if (count < last) return "its table of counts is damaged";
    last = count;
  }
  count_ = last;
  const uint64_t rest = bytes.size() - head - kFanout - 2 * Oid::kSize;
  const uint64_t each = version_ == 2 ? Oid::kSize + 8 : Oid::kSize + 4;
  if (rest < each * count_) return "it is cut short";
  const char* table = fanout + kFanout;
  if (version_ == 1) {
    if (rest != each * count_) return "its length is wrong";
    ids_ = table + 4;
    stride_ = each;
    return {};
  }
  ids_ = table;
  stride_ = Oid::kSize;
  crcs_ = ids_ + uint64_t{Oid::kSize} * count_;
  offsets_ = crcs_ + uint64_t{4} * count_;
  large_ = offsets_ + uint64_t{4} * count_;
  const uint64_t large = rest - each * count_;
  if (large % 8 != 0) return "its length is wrong";
  large_count_ = large / 8;
  return {};
}

Oid Pack::oid(uint32_t position) const { return Oid::from_bytes(ids_ + stride_ * position); }

uint64_t Pack::offset(uint32_t position) const {
  if (version_ == 1) return big_endian(ids_ - 4 + stride_ * position);
  const uint32_t offset = big_endian(offsets_ + size_t{4} * position);
  if ((offset & kLargeOffset) == 0) return offset;
  const uint32_t number = offset & ~kLargeOffset;
  if (number >= large_count_) return UINT64_MAX;
  const char* at = large_ + size_t{8} * number;
  return uint64_t{big_endian(at)} << 32 | big_endian(at + 4);
}

std::optional<uint32_t> Pack::crc(uint32_t position) const {
  if (crcs_ == nullptr) return std::nullopt;
  return big_endian(crcs_ + size_t{4} * position);
}

std::optional<uint32_t> Pack::find(const Oid& oid) const {
  const char* fanout = index_->bytes().data() + (version_ == 2 ? 8 : 0);
  const unsigned first = oid.bytes[0];
  uint32_t low = first == 0 ? 0 : big_endian(fanout + size_t{4} * (first - 1));
  uint32_t high = big_endian(fanout + size_t{4} * first);
  // Ids are evenly spread, so their next four bytes tell about where to look. Forged ones are not:
  // after some tries the middle is taken.
  const uint64_t wanted = big_endian(reinterpret_cast<const char*>(oid.bytes.data()) + 1);
  uint64_t least = 0;
  uint64_t most = UINT32_MAX;
  for (int tries = 0; low < high; ++tries) {
    const uint32_t count = high - low;
    const uint32_t at =
        tries < 4 && wanted >= least && wanted <= most
            ? low + static_cast<uint32_t>((wanted - least) * (count - 1) / (most - least + 1))
            : low + count / 2;
    const char* id = ids_ + stride_ * at;
    const int order = std::memcmp(id, oid.bytes.data(), Oid::kSize);
    if (order == 0) return at;
    if (order < 0) {
      low = at + 1;
      least = big_endian(id + 1);
    } else {
      high = at;
      most = big_endian(id + 1);
    }
  }
  return std::nullopt;
}

std::string_view Pack::from(uint64_t offset) const {
  const std::string_view bytes = pack_->bytes().substr(0, size() - Oid::kSize);
  return bytes.substr(std::min<uint64_t>(offset, bytes.size()));
}

bool Pack::read_entry(uint64_t offset, PackEntry& entry, std::string& reason) const {
  entry = {};
  const std::string_view bytes = from(offset);
  if (offset < kPackHeader || bytes.empty()) {
    reason = "no object can begin there";
    return false;
  }
  size_t at = 0;
  const auto next = [&]() -> int {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at++]) : -1;
  };
  int byte = next();
  const int type = byte >> 4 & 7;
  entry.size = byte & 15;
  for (unsigned shift = 4; (byte & 0x80) != 0; shift += 7) {
    byte = next();
    if (byte < 0 || shift > 60) {
      reason = "its header is damaged";
      return false;
    }
    entry.size |= uint64_t{static_cast<unsigned>(byte) & 0x7fu} << shift;
  }
  reason = "its header is damaged";
  if (type >= 1 && type <= 4) {
    entry.type = static_cast<ObjectType>(type);
  } else if (type == 6) {
    byte = next();
    uint64_t back = byte & 0x7f;
    while (byte >= 0 && (byte & 0x80) != 0) {
      byte = next();
      if (back >= uint64_t{1} << 55) return false;
      back = (back + 1) << 7 | (static_cast<unsigned>(byte) & 0x7fu);
    }
    if (byte < 0) return false;
    if (back == 0 || back > offset - kPackHeader) {
      reason = "its base would lie outside of the pack";
      return false;
    }
    entry.base_offset = offset - back;
    entry.by_offset = true;
  } else if (type == 7) {
    if (bytes.size() - at < Oid::kSize) return false;
    entry.base = Oid::from_bytes(bytes.data() + at);
    at += Oid::kSize;
  } else {
    reason = fmt::format("its type is {}, which is not known", type);
    return false;
  }
  entry.data = offset + at;
  if (!Inflater::can_hold(bytes.size() - at, entry.size)) {
    reason = fmt::format("its size, {} bytes, is more than the pack can hold", entry.size);
    return false;
  }
  reason.clear();
  return true;
}

std::optional<Bytes> Pack::inflate(const PackEntry& entry, Inflater& inflater) const {
  Bytes bytes = Bytes::of_size(entry.size);
  if (!inflater.inflate(from(entry.data), bytes.data.get(), bytes.size)) return std::nullopt;
  return bytes;
}

std::string Pack::fault() const {
  const std::string_view index = index_->bytes();
  const auto digest = sha1(index.substr(0, index.size() - Oid::kSize));
  if (index.substr(index.size() - Oid::kSize) != std::string_view(digest.data(), digest.size())) {
    return "the checksum of its index does not hold";
  }
  const std::string_view pack = pack_->bytes();
  if (pack.substr(pack.size() - Oid::kSize) !=
      index.substr(index.size() - 2 * Oid::kSize, Oid::kSize)) {
    return "it is not the pack that its index is about";
  }
  return {};
}

Diagnostic Pack::damage(uint64_t offset, std::string_view what) const {
  return {Diagnostic::Kind::unreadable, path_,
          fmt::format("the object at offset {} of the pack is damaged: {}", offset, what),
          "Fetch the repository again, or see what `git fsck` says."};
}

}  // namespace assay
