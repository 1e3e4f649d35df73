// libdeflate inflates a whole object at once, several times faster than zlib; zlib inflates the
// large ones bit by bit.
#include "git/inflate.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

namespace assay {

namespace {

// zlib counts in `unsigned`.
constexpr size_t kMostAtOnce = size_t{1} << 30;

struct Stream {
  Stream() { ready = inflateInit(&z) == Z_OK; }
  ~Stream() {
    if (ready) inflateEnd(&z);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  z_stream z{};
  bool ready;
};

class InflatedReader final : public Reader {
 public:
  InflatedReader(std::string_view in, uint64_t skip, uint64_t size, Diagnostic damaged,
                 std::unique_ptr<MappedFile> file)
      : file_(std::move(file)), in_(in), skip_(skip), left_(size), damaged_(std::move(damaged)) {}

  Result read(std::span<char> out, int) override {
    for (char scratch[4096]; skip_ > 0;) {
      const size_t got = next({scratch, std::min<uint64_t>(sizeof scratch, skip_)});
      if (got == 0) return fail();
      skip_ -= got;
    }
    if (left_ == 0) {
      if (!at_end()) return fail();
      return {Status::end};
    }
    const size_t got = next(out.first(std::min<uint64_t>(out.size(), left_)));
    if (got == 0) return fail();
    left_ -= got;
    return {Status::data, got};
  }

  std::optional<Diagnostic> failure() override {
    return failed_ ? std::optional<Diagnostic>(damaged_) : std::nullopt;
  }

 private:
  size_t next(std::span<char> out) {
    if (!stream_.ready || ended_) return 0;
    stream_.z.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.z.avail_out = static_cast<uInt>(std::min(out.size(), kMostAtOnce));
    const uInt wanted = stream_.z.avail_out;
    while (stream_.z.avail_out == wanted) {
      const auto piece = static_cast<uInt>(std::min(in_.size(), kMostAtOnce));
      stream_.z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in_.data()));
      stream_.z.avail_in = piece;
      const int status = ::inflate(&stream_.z, Z_NO_FLUSH);
      in_.remove_prefix(piece - stream_.z.avail_in);
      if (status == Z_STREAM_END) {
        ended_ = true;
        break;
      }
      if (status != Z_OK) return 0;
    }
    return wanted - stream_.z.avail_out;
  }

  // All bytes are out: the stream must end here, with its checksum.
  bool at_end() {
    char more;
    return ended_ || (next({&more, 1}) == 0 && ended_);
  }

  Result fail() {
    failed_ = true;
    return {Status::failed};
  }

  const std::unique_ptr<MappedFile> file_;  // may be null
  std::string_view in_;
  uint64_t skip_;
  uint64_t left_;
  Diagnostic damaged_;
  Stream stream_;
  bool ended_ = false;
  bool failed_ = false;
};

}  // namespace

void Inflater::Free::operator()(void* decompressor) const {
  libdeflate_free_decompressor(static_cast<libdeflate_decompressor*>(decompressor));
}

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {
  if (decompressor_ == nullptr) throw std::bad_alloc();
}
Inflater::~Inflater() = default;

bool Inflater::inflate(std::string_view in, char* out, size_t size) {
  size_t used = 0;
  // Null would mean "no output wanted" to no one, but libdeflate's contract asks for a buffer.
  char nothing;
  return libdeflate_zlib_decompress_ex(static_cast<libdeflate_decompressor*>(decompressor_.get()),
                                       in.data(), in.size(), size == 0 ? &nothing : out, size,
                                       &used, nullptr) == LIBDEFLATE_SUCCESS;
}

std::optional<std::string_view> Inflater::inflate_short(std::string_view in) {
  if (short_ == nullptr) short_ = std::make_unique_for_overwrite<char[]>(kMostShort);
  size_t used = 0, size = 0;
  if (libdeflate_zlib_decompress_ex(static_cast<libdeflate_decompressor*>(decompressor_.get()),
                                    in.data(), in.size(), short_.get(), kMostShort, &used,
                                    &size) != LIBDEFLATE_SUCCESS) {
    return std::nullopt;
  }
  return std::string_view(short_.get(), size);
}

int Inflater::inflate_front(std::string_view in, std::span<char> out) {
  Stream stream;
  if (!stream.ready) return -1;
  stream.z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  stream.z.avail_in = static_cast<uInt>(std::min(in.size(), kMostAtOnce));
  stream.z.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.z.avail_out = static_cast<uInt>(out.size());
  const int status = ::inflate(&stream.z, Z_SYNC_FLUSH);
  if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return -1;
  return static_cast<int>(out.size() - stream.z.avail_out);
}

std::unique_ptr<Reader> stream_inflated(std::string_view in, uint64_t skip, uint64_t size,
                                        Diagnostic damaged, std::unique_ptr<MappedFile> file) {
  return std::make_unique<InflatedReader>(in, skip, size, std::move(damaged), std::move(file));
}

}  // namespace assay
