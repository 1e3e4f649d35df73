// libarchive, kept to what is wanted of it.
//
// archive_read_support_format_all and _filter_all are never called: they would link an XML library
// and filters that start programs.
#include "scanner/decoders/archive_input.h"

#include <locale.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace assay {
namespace {

// libarchive makes names of the thread's locale. Without one for UTF-8 it would put a question mark
// for each letter beyond ASCII, so the thread has one while libarchive works.
class Utf8Names {
 public:
  Utf8Names() : before_(uselocale(utf8())) {}
  ~Utf8Names() { uselocale(before_); }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  static locale_t utf8() {
    static const locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
    return made;  // null, which changes nothing, if the system has none
  }

  locale_t before_;
};

la_ssize_t read_input(archive* held, void* data, const void** bytes) noexcept {
  auto& input = *static_cast<PackedInput*>(data);
  for (;;) {
    const PackedInput::Piece piece = input.next(-1);
    if (piece.status == Reader::Status::idle) continue;  // a signal; who reads the outer one stops
    if (piece.status == Reader::Status::failed) {
      archive_set_error(held, EIO, "read");
      return -1;
    }
    *bytes = piece.bytes.data();
    return static_cast<la_ssize_t>(piece.bytes.size());
  }
}

la_int64_t seek_input(archive*, void* data, la_int64_t offset, int whence) noexcept {
  auto& input = *static_cast<PackedInput*>(data);
  const auto size = static_cast<la_int64_t>(*input.size());
  const la_int64_t from = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? static_cast<la_int64_t>(input.position())
                                               : size;
  la_int64_t to = 0;
  if (__builtin_add_overflow(from, offset, &to) || to < 0) return ARCHIVE_FATAL;
  to = std::min(to, size);
  input.seek(static_cast<uint64_t>(to));
  return to;
}

la_int64_t skip_input(archive*, void* data, la_int64_t request) noexcept {
  auto& input = *static_cast<PackedInput*>(data);
  const uint64_t left = *input.size() - std::min(*input.size(), input.position());
  const uint64_t skipped = std::min(left, static_cast<uint64_t>(std::max<la_int64_t>(request, 0)));
  input.seek(input.position() + skipped);
  return static_cast<la_int64_t>(skipped);
}

void enable_rpm(archive* held) {
  archive_read_support_filter_rpm(held);
  archive_read_support_filter_gzip(held);
  archive_read_support_filter_bzip2(held);
  archive_read_support_filter_xz(held);
  archive_read_support_filter_lzma(held);
  archive_read_support_filter_zstd(held);
  archive_read_support_format_cpio(held);
}

void enable(archive* held, ArchiveKind kind, ZipOrder order) {
  switch (kind) {
    case ArchiveKind::zip:
      if (order == ZipOrder::directory) {
        archive_read_support_format_zip_seekable(held);
      } else {
        archive_read_support_format_zip_streamable(held);
      }
      break;
    case ArchiveKind::tar:
      archive_read_support_format_tar(held);
      // `cat a.tar b.tar`: what follows the first end mark is not lost.
      archive_read_set_option(held, "tar", "read_concatenated_archives", "1");
      break;
    case ArchiveKind::seven_zip:
      archive_read_support_format_7zip(held);
      break;
    case ArchiveKind::cpio:
      archive_read_support_format_cpio(held);
      break;
    case ArchiveKind::ar:
      archive_read_support_format_ar(held);
      break;
    case ArchiveKind::rpm:
      enable_rpm(held);
      break;
    case ArchiveKind::iso:
      archive_read_support_format_iso9660(held);
      break;
    case ArchiveKind::cab:
      archive_read_support_format_cab(held);
      break;
    case ArchiveKind::rar:
    case ArchiveKind::lha:
      break;  // see archive.cc
  }
}

}  // namespace

ArchiveHandle::ArchiveHandle(ArchiveKind kind, ZipOrder order, PackedInput& input)
    : held_(archive_read_new()), opened_(ARCHIVE_FATAL) {
  if (!held_) return;
  const Utf8Names names;
  enable(held_.get(), kind, order);
  archive_read_set_callback_data(held_.get(), &input);
  archive_read_set_read_callback(held_.get(), read_input);
  if (input.size()) {
    archive_read_set_seek_callback(held_.get(), seek_input);
    archive_read_set_skip_callback(held_.get(), skip_input);
  }
  opened_ = archive_read_open1(held_.get());
}

ArchiveHandle::Header ArchiveHandle::next_header() {
  if (opened_ < ARCHIVE_WARN) return {ARCHIVE_FATAL};
  const Utf8Names names;
  Header header{ARCHIVE_FATAL};
  header.result = archive_read_next_header(held_.get(), &header.entry);
  return header;
}

ArchiveHandle::Block ArchiveHandle::next_block() {
  const void* bytes = nullptr;
  size_t size = 0;
  la_int64_t offset = 0;
  const int result = archive_read_data_block(held_.get(), &bytes, &size, &offset);
  const bool given = bytes != nullptr && (result == ARCHIVE_OK || result == ARCHIVE_WARN);
  return {result, given ? std::string_view(static_cast<const char*>(bytes), size) : ""};
}

std::string ArchiveHandle::name(archive_entry* entry) const {
  const Utf8Names names;
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) name = archive_entry_pathname_utf8(entry);
  return name == nullptr ? "" : name;
}

ArchiveHandle::Fault ArchiveHandle::fault() const {
  const char* words = held_ ? archive_error_string(held_.get()) : nullptr;
  if (words == nullptr) return Fault::damaged;
  const std::string_view error = words;
  constexpr struct {
    std::string_view word;
    Fault fault;
  } kWords[] = {
      // "(-5)" is zlib's Z_BUF_ERROR.
      {"runcated", Fault::cut_short},    {"end of file", Fault::cut_short},
      {"end-of-file", Fault::cut_short}, {"remature", Fault::cut_short},
      {"(-5)", Fault::cut_short},        {"ncrypt", Fault::encrypted},
      {"assphrase", Fault::encrypted},   {"Crypto codec", Fault::encrypted},
      {"nsupported", Fault::method},     {"not supported", Fault::method},
      {"CRC", Fault::checksum},          {"hecksum", Fault::checksum},
  };
  for (const auto& row : kWords) {
    if (error.find(row.word) != std::string_view::npos) return row.fault;
  }
  return Fault::damaged;
}

}  // namespace assay
