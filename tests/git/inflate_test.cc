#include "git/inflate.h"

#include <gtest/gtest.h>

#include <memory>

#include "rules/keys/mint.h"
#include "tests/git/made_pack.h"

namespace assay {
namespace {

// A text of two halves, of which one does not compress.
std::string mixed(size_t size) {
  SeededRandom random(size);
  return random.bytes(size / 2) + std::string(size - size / 2, 'x');
}

std::string flipped(std::string bytes, size_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
  return bytes;
}

// Exactly so much room that a sanitizer sees a write past it.
bool inflates(std::string_view in, size_t size, std::string* out = nullptr) {
  Inflater inflater;
  const std::unique_ptr<char[]> exact(new char[in.size()]), room(new char[size]);
  std::copy(in.begin(), in.end(), exact.get());
  const bool ok = inflater.inflate({exact.get(), in.size()}, room.get(), size);
  if (ok && out != nullptr) out->assign(room.get(), size);
  return ok;
}

// Reads to the end in pieces; empty if it failed.
std::optional<std::string> stream(std::string_view in, uint64_t skip, uint64_t size, size_t piece) {
  const auto reader = stream_inflated(
      in, skip, size, {Diagnostic::Kind::unreadable, "pack", "it is damaged", "Fetch again."});
  std::string out, buffer(piece, '\0');
  while (true) {
    const auto result = reader->read(buffer, -1);
    if (result.status == Reader::Status::data) {
      EXPECT_GT(result.bytes, 0u);
      out.append(buffer, 0, result.bytes);
      EXPECT_LE(out.size(), size);
      continue;
    }
    const bool failed = result.status == Reader::Status::failed;
    EXPECT_EQ(reader->failure().has_value(), failed);
    if (failed) return std::nullopt;
    EXPECT_EQ(result.status, Reader::Status::end);
    return out;
  }
}

TEST(Inflate, GivesExactlyTheTextOrFails) {
  for (const size_t size : {0, 1, 2, 100, 5000, 100'000}) {
    const std::string text = mixed(size);
    const std::string in = deflated(text);
    std::string out;
    ASSERT_TRUE(inflates(in, size, &out)) << size;
    EXPECT_EQ(out, text) << size;
    EXPECT_TRUE(inflates(in + "what follows in a pack", size)) << size;
    EXPECT_FALSE(inflates(in, size + 1)) << size;
    if (size > 0) {
      EXPECT_FALSE(inflates(in, size - 1)) << size;
    }
    EXPECT_FALSE(inflates(flipped(in, in.size() - 1), size)) << "checksum of " << size;
  }
  EXPECT_FALSE(inflates("", 0));
  EXPECT_FALSE(inflates("no zlib stream at all", 10));
}

TEST(Inflate, StreamCutOrDamagedAnywhereFails) {
  const std::string text = mixed(600);
  const std::string in = deflated(text);
  for (size_t at = 0; at < in.size(); ++at) {
    EXPECT_FALSE(inflates(in.substr(0, at), text.size())) << at;
    EXPECT_FALSE(stream(in.substr(0, at), 0, text.size(), 64)) << at;
    // A flipped bit may leave the stream right in its head's unused bits only.
    std::string out;
    if (inflates(flipped(in, at), text.size(), &out)) {
      EXPECT_EQ(out, text) << at;
    }
    const auto streamed = stream(flipped(in, at), 0, text.size(), 64);
    if (streamed) {
      EXPECT_EQ(*streamed, text) << at;
    }
  }
}

TEST(Inflate, FrontIsAsMuchAsFits) {
  const std::string text = mixed(400);
  const std::string in = deflated(text);
  for (const size_t room : {1, 32, 399, 400, 500}) {
    std::string out(room, '~');
    const int got = Inflater::inflate_front(in, out);
    ASSERT_EQ(got, static_cast<int>(std::min(room, text.size())));
    EXPECT_EQ(out.substr(0, static_cast<size_t>(got)), text.substr(0, static_cast<size_t>(got)));
  }
  char room[8];
  EXPECT_EQ(Inflater::inflate_front("", room), 0);
  EXPECT_EQ(Inflater::inflate_front("no zlib stream", room), -1);
  EXPECT_GE(Inflater::inflate_front(in.substr(0, 20), room), 0);
}

TEST(Inflate, StreamGivesTheSameInPiecesOfAnySize) {
  for (const size_t size : {0, 1, 5000, 300'000}) {
    const std::string text = mixed(size);
    const std::string in = deflated(text);
    for (const size_t piece : {1, 7, 4096, 1'000'000}) {
      if (piece == 1 && size > 5000) continue;
      EXPECT_EQ(stream(in, 0, size, piece), text) << size << " " << piece;
      const size_t skip = size / 3;
      EXPECT_EQ(stream(in, skip, size - skip, piece), text.substr(skip)) << size << " " << piece;
    }
    EXPECT_FALSE(stream(in, 0, size + 1, 4096)) << "shorter than declared";
    EXPECT_FALSE(stream(in, size + 1, 0, 4096)) << "shorter than what is skipped";
    if (size > 0) {
      EXPECT_FALSE(stream(in, 0, size - 1, 4096)) << "longer than declared";
    }
  }
}

TEST(Inflate, NothingPacksTighterThanCanHoldSays) {
  const std::string text(10'000'000, '\0');
  const std::string in = deflated(text);
  ASSERT_LT(in.size(), text.size() / 900) << "as tight as zlib packs";
  EXPECT_TRUE(Inflater::can_hold(in.size(), text.size()));
  EXPECT_FALSE(Inflater::can_hold(in.size(), text.size() * 2));
  EXPECT_FALSE(Inflater::can_hold(in.size(), UINT64_MAX));
  EXPECT_TRUE(Inflater::can_hold(0, 0));
}

}  // namespace
}  // namespace assay
