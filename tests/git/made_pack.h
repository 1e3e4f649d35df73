// Packs, indexes and loose objects written by hand, right or wrong: what no git would write.
//
//   MadePack pack;
//   const Oid base = pack.add(ObjectType::blob, "text");
//   pack.add_delta(base, delta_header(4, 6) + copy_op(0, 4) + insert_op("ed"), "texted");
//   pack.write(objects + "/pack/pack-made");
#pragma once

#include <openssl/sha.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.h"

namespace assay {

inline std::string deflated(std::string_view text) {
  std::string out(compressBound(text.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
           text.size());
  out.resize(size);
  return out;
}
inline std::string sha1(std::string_view bytes) {
  std::string out(20, '\0');
  SHA1(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
       reinterpret_cast<unsigned char*>(out.data()));
  return out;
}
// "blob 4\0text": what a loose object holds and an id is made of.
inline std::string with_header(ObjectType type, std::string_view text) {
  return std::string(to_string(type)) + " " + std::to_string(text.size()) + '\0' +
         std::string(text);
}
inline Oid oid_of(ObjectType type, std::string_view text) {
  return Oid::from_bytes(sha1(with_header(type, text)).data());
}
inline Oid made_up_oid(uint64_t number) {
  return Oid::from_bytes(sha1("made up " + std::to_string(number)).data());
}
inline std::string raw(const Oid& oid) { return {oid.bytes.begin(), oid.bytes.end()}; }
inline std::string big_endian(uint64_t number, int bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(number >> (8 * bytes) & 0xff);
  return out;
}
inline void write_file(const std::string& path, std::string_view bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The head of an entry: three bits of type and the size.
inline std::string entry_head(int type, uint64_t size) {
  std::string out(1, static_cast<char>(type << 4 | static_cast<int>(size & 15)));
  for (size >>= 4; size > 0; size >>= 7) {
    out.back() = static_cast<char>(out.back() | 0x80);
    out += static_cast<char>(size & 0x7f);
  }
  return out;
}
// As in deltas that name their base by offset: the high bits first, each byte but the last less 1.
inline std::string distance(uint64_t number) {
  std::string out(1, static_cast<char>(number & 0x7f));
  while ((number >>= 7) > 0) out.insert(out.begin(), static_cast<char>(0x80 | (--number & 0x7f)));
  return out;
}

class MadePack {
 public:
  static constexpr int kOffsetDelta = 6, kRefDelta = 7;
  struct Row {
    Oid oid;
    uint64_t offset = 0;
    uint32_t crc = 0;
  };
  std::vector<Row> rows;  // as the index will say, in its order once sorted
  std::string body;       // the entries

  // Where the next entry will stand.
  uint64_t here() const { return 12 + body.size(); }

  Oid add(ObjectType type, std::string_view text) {
    const Oid oid = oid_of(type, text);
    add_entry(oid, entry_head(static_cast<int>(type), text.size()) + deflated(text));
    return oid;
  }
  // A blob that is `delta` undone on the base, named by its id, or by how far before it stands.
  Oid add_delta(const Oid& base, std::string_view delta, std::string_view result) {
    const Oid oid = oid_of(ObjectType::blob, result);
    add_entry(oid, entry_head(kRefDelta, delta.size()) + raw(base) + deflated(delta));
    return oid;
  }
  Oid add_delta(uint64_t base_offset, std::string_view delta, std::string_view result) {
    const Oid oid = oid_of(ObjectType::blob, result);
    add_entry(oid, entry_head(kOffsetDelta, delta.size()) + distance(here() - base_offset) +
                       deflated(delta));
    return oid;
  }
  // Any bytes under any id; where they stand.
  uint64_t add_entry(const Oid& oid, std::string_view bytes) {
    const uint64_t offset = here();
    rows.push_back({oid, offset,
                    static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(bytes.data()),
                                                static_cast<uInt>(bytes.size())))});
    body += bytes;
    return offset;
  }

  std::string pack() const {
    const std::string text = "PACK" + big_endian(2, 4) + big_endian(rows.size(), 4) + body;
    return text + sha1(text);
  }

  // Offsets of 2^31 and more, or all with `all_large`, go to the table of large ones.
  std::string index(int version = 2, bool all_large = false) const {
    std::vector<Row> sorted = rows;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Row& a, const Row& b) { return a.oid < b.oid; });
    std::string text = version == 2 ? "\377tOc" + big_endian(2, 4) : "";
    for (unsigned first = 0; first < 256; ++first) {
      text += big_endian(
          static_cast<uint64_t>(std::count_if(
              rows.begin(), rows.end(), [&](const Row& row) { return row.oid.bytes[0] <= first; })),
          4);
    }
    std::string sums, offsets, large;
    for (const Row& row : sorted) {
      const bool is_large = version == 2 && (all_large || row.offset >> 31 != 0);
      const std::string offset =
          big_endian(is_large ? uint64_t{1} << 31 | large.size() / 8 : row.offset, 4);
      if (is_large) large += big_endian(row.offset, 8);
      if (version == 1) text += offset;
      text += raw(row.oid);
      sums += big_endian(row.crc, 4);
      offsets += offset;
    }
    if (version == 2) text += sums + offsets + large;
    const std::string whole = pack();
    text += whole.substr(whole.size() - 20);
    return text + sha1(text);
  }

  // NAME.pack and NAME.idx.
  void write(const std::string& name) const {
    write_file(name + ".pack", pack());
    write_file(name + ".idx", index());
  }
};

}  // namespace assay
