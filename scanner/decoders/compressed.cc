// One blob, compressed: gzip, zlib, zstd, xz, lzip, lzma, bzip2, lz4, brotli. Its one member is
// what it holds.
//
//   app.log.gz: stream, stream, 3 zero bytes     →  the text of both streams
//   app.log.gz: stream, "garbage"                →  the text, and a diagnostic
//
// Bytes go from the codec straight into the caller's span. A damaged stream gives all that the
// codec made before, then it fails.
#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "scanner/decoders/codec.h"
#include "scanner/decoders/container_formats.h"
#include "scanner/decoders/packed_input.h"

namespace assay {
namespace {

using Recognises = bool (*)(std::string_view head, std::string_view name);

// A row each. `begins` also says whether one more stream follows the one that ended.
struct CompressedFormat {
  std::string_view name;
  Recognises begins;
  std::unique_ptr<Codec> (*make)();
  bool alone;  // what follows its end is no part of it, and nothing to tell of
};

uint32_t little_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

bool begins_gzip(std::string_view head, std::string_view) {
  return head.size() >= 4 && head.starts_with("\x1f\x8b\x08") &&
         static_cast<uint8_t>(head[3]) < 0xE0;
}

// Two bytes are a weak signature ("x^2 + y^2" has it), so the head has to inflate, too.
bool begins_zlib(std::string_view head, std::string_view) {
  if (head.size() < 8 || head[0] != '\x78') return false;
  const auto flags = static_cast<uint8_t>(head[1]);
  if ((0x78 * 256 + flags) % 31 != 0 || (flags & 0x20) != 0) return false;
  // Of a short text the fixed codes may make something to its end, but not a checksum that holds.
  const bool whole = head.size() < kContainerHead;
  const auto codec = make_zlib_codec();
  char out[4096];
  size_t written = 0;
  for (;;) {
    const Codec::Decoded decoded = codec->decode(head, out, false);
    head.remove_prefix(decoded.read);
    written += decoded.written;
    if (decoded.outcome == Codec::Outcome::end) return true;
    if (decoded.outcome != Codec::Outcome::more) return false;
    if (decoded.read == 0 && decoded.written == 0) break;
    // A head that inflates a thousandfold is one: the rest of it would say no more.
    if (written > (1 << 20)) return true;
  }
  return !whole && written > 0;
}

// Frames to be skipped are the same in zstd and lz4: what follows them says which it is.
bool begins_with_skipped(std::string_view head, uint32_t magic) {
  while (head.size() >= 8 && little_endian(head) >> 4 == 0x184D2A5) {
    const uint64_t length = uint64_t{8} + little_endian(head.substr(4));
    if (length > head.size()) return false;
    head.remove_prefix(length);
  }
  return head.size() >= 4 && little_endian(head) == magic;
}
bool begins_zstd(std::string_view head, std::string_view) {
  return begins_with_skipped(head, 0xFD2FB528);
}
bool begins_lz4(std::string_view head, std::string_view) {
  return begins_with_skipped(head, 0x184D2204);
}

bool begins_xz(std::string_view head, std::string_view) {
  return head.starts_with(
      std::string_view("\xFD"
                       "7zXZ\0",
                       6));
}
bool begins_lzip(std::string_view head, std::string_view) {
  return head.size() >= 6 && head.starts_with("LZIP") && (head[4] == 0 || head[4] == 1);
}
bool begins_bzip2(std::string_view head, std::string_view) {
  if (head.size() < 10 || !head.starts_with("BZh") || head[3] < '1' || head[3] > '9') return false;
  const std::string_view mark = head.substr(4, 6);
  return mark == "1AY&SY" || mark == "\x17\x72\x45\x38\x50\x90";
}
// These two have no signature.
bool begins_lzma(std::string_view head, std::string_view name) {
  return name.ends_with(".lzma") && head.size() >= 13;
}
// A name proves little: `help.pt.br` may be Portuguese. Compressed bytes hold some that no text
// does.
bool begins_brotli(std::string_view head, std::string_view name) {
  const auto in_no_text = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && (byte < '\a' || byte > '\r') && byte != 0x1b) || byte == 0x7f ||
           byte >= 0xF8 || byte == 0xC0 || byte == 0xC1;
  };
  return name.ends_with(".br") && std::any_of(head.begin(), head.end(), in_no_text);
}

constexpr CompressedFormat kFormats[] = {
    {"gzip", begins_gzip, make_gzip_codec, false},
    {"zstd", begins_zstd, make_zstd_codec, false},
    {"xz", begins_xz, make_xz_codec, false},
    {"bzip2", begins_bzip2, make_bzip2_codec, false},
    {"lz4", begins_lz4, make_lz4_codec, false},
    {"lzip", begins_lzip, make_lzip_codec, false},
    {"lzma", begins_lzma, make_lzma_codec, false},
    {"brotli", begins_brotli, make_brotli_codec, false},
    {"zlib", begins_zlib, make_zlib_codec, true},
};

const CompressedFormat* find_format(std::string_view head, std::string_view name) {
  for (const CompressedFormat& format : kFormats) {
    if (format.begins(head, name)) return &format;
  }
  return nullptr;
}

class DecodedReader : public Reader {
 public:
  DecodedReader(Reader& outer, const CompressedFormat& format, ContainerBudget& budget)
      : input_(outer), format_(format), codec_(format.make()), budget_(budget) {}

  Result read(std::span<char> out, int wait_ms) override {
    while (!failure_ && !finished_ && !out.empty()) {
      if (between_) {
        if (begin_next(wait_ms) == Status::idle) return {Status::idle};
        continue;
      }
      if (left_.empty() && wants_input_) {
        const Status status = refill(wait_ms);
        if (status == Status::idle) return {Status::idle};
        if (status == Status::failed) continue;
      }
      const size_t written = decode(out);
      if (written > 0) return {Status::data, written};
    }
    return {failure_ ? Status::failed : Status::end};
  }

  std::optional<Diagnostic> failure() override { return failure_; }
  // What follows the last stream, if it is something to tell of.
  std::optional<Diagnostic> garbage() { return std::exchange(garbage_, std::nullopt); }

 private:
  void fail(Diagnostic::Kind kind, std::string reason, std::string remedy) {
    failure_ = Diagnostic{kind, {}, std::move(reason), std::move(remedy)};
  }

  Status refill(int wait_ms) {
    const PackedInput::Piece piece = input_.next(wait_ms);
    left_ = piece.bytes;
    if (piece.status == Status::failed) failure_ = input_.failure({});
    return piece.status;
  }

  size_t decode(std::span<char> out) {
    const bool last = left_.empty() && input_.ended();
    const Codec::Decoded decoded = codec_->decode(left_, out, last);
    left_.remove_prefix(decoded.read);
    wants_input_ = decoded.written == 0;
    if (decoded.outcome == Codec::Outcome::more) {
      const bool stuck = decoded.read == 0 && decoded.written == 0;
      if (stuck && last) {
        fail(Diagnostic::Kind::unreadable, fmt::format("the {} data ends within it", format_.name),
             kCutShort);
      } else if (stuck && !left_.empty()) {
        tell_damage();
      }
    } else if (decoded.outcome == Codec::Outcome::end) {
      between_ = true;
    } else {
      tell(decoded.outcome);
    }
    if (auto passed = budget_.take_bytes(decoded.written)) failure_ = std::move(passed);
    return decoded.written;
  }

  void tell(Codec::Outcome outcome) {
    if (outcome == Codec::Outcome::checksum) {
      fail(Diagnostic::Kind::unreadable, "its checksum does not hold", kFetchAgain);
    } else if (outcome == Codec::Outcome::memory) {
      fail(Diagnostic::Kind::limit, fmt::format("its {} data needs too much memory", format_.name),
           "Decompress it and scan what comes out.");
    } else {
      tell_damage();
    }
  }
  void tell_damage() {
    fail(Diagnostic::Kind::unreadable, fmt::format("its {} data is damaged", format_.name),
         kFetchAgain);
  }

  // After the end of a stream: whether another one follows. Zeros are the padding of tapes and
  // blocks. Gathers a few bytes over the pieces of the input, as many as tell.
  Status begin_next(int wait_ms) {
    constexpr size_t kTells = 16;
    if (format_.alone) {
      finished_ = true;
      return Status::end;
    }
    const Status status = gather(kTells, wait_ms);
    if (status != Status::data) return status;
    if (left_.empty()) {
      finished_ = true;
    } else if (format_.begins(left_, {}) || begins_skipped_part()) {
      between_ = false;
      codec_->restart();
    } else {
      garbage_ = Diagnostic{
          Diagnostic::Kind::unreadable,
          {},
          fmt::format("what follows the end of its {} data was not decoded", format_.name),
          "Cut it off, and scan it by itself if it holds anything."};
      finished_ = true;
    }
    return Status::data;
  }

  // A frame to be skipped is followed by what need not be at hand yet.
  bool begins_skipped_part() const {
    const bool framed = format_.begins == begins_zstd || format_.begins == begins_lz4;
    return framed && left_.size() >= 8 && little_endian(left_) >> 4 == 0x184D2A5;
  }

  // Skips zeros, then sees to it that `left_` has so many bytes if there are so many: `data`. Else
  // `idle` or `failed`.
  Status gather(size_t count, int wait_ms) {
    for (;;) {
      if (gathered_.empty()) {
        left_.remove_prefix(std::min(left_.find_first_not_of('\0'), left_.size()));
        if (left_.size() >= count) return Status::data;
      }
      gathered_.append(left_);
      left_ = {};
      if (gathered_.size() >= count || input_.ended()) {
        bridge_ = std::exchange(gathered_, {});
        left_ = bridge_;
        return Status::data;
      }
      const Status status = refill(wait_ms);
      if (status == Status::idle || status == Status::failed) return status;
    }
  }

  static constexpr char kFetchAgain[] = "Fetch or make it again, and scan that.";
  static constexpr char kCutShort[] = "It may be cut short: fetch or make it again, and scan that.";

  PackedInput input_;
  const CompressedFormat& format_;
  std::unique_ptr<Codec> codec_;
  ContainerBudget& budget_;
  std::string_view left_;  // of the input's piece, or of bridge_
  std::string gathered_;
  std::string bridge_;
  bool wants_input_ = true;
  bool between_ = false;
  bool finished_ = false;
  std::optional<Diagnostic> failure_;
  std::optional<Diagnostic> garbage_;
};

class CompressedBlob : public Container {
 public:
  CompressedBlob(Reader& outer, const CompressedFormat& format, ContainerBudget& budget)
      : format_(format), budget_(budget), reader_(outer, format, budget) {}

  std::string_view format() const override { return format_.name; }

  std::optional<Member> next() override {
    if (std::exchange(given_, true)) return std::nullopt;
    if (auto passed = budget_.take_member()) {
      diagnostics_.push_back(*std::move(passed));
      return std::nullopt;
    }
    return Member{{}, &reader_};
  }

  std::vector<Diagnostic> take_diagnostics() override {
    if (auto garbage = reader_.garbage()) diagnostics_.push_back(*std::move(garbage));
    return std::exchange(diagnostics_, {});
  }

 private:
  const CompressedFormat& format_;
  ContainerBudget& budget_;
  DecodedReader reader_;
  bool given_ = false;
  std::vector<Diagnostic> diagnostics_;
};

bool recognises(std::string_view head, std::string_view name) {
  return find_format(head, name) != nullptr;
}

std::unique_ptr<Container> open(Reader& outer, std::string_view head, std::string_view name,
                                ContainerBudget& budget) {
  return std::make_unique<CompressedBlob>(outer, *find_format(head, name), budget);
}

}  // namespace

const ContainerFormat kCompressed = {recognises, open};

}  // namespace assay
