// Archives made in memory, for tests.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay {

struct MadeMember {
  std::string name;
  std::string text;
};

// Collects what libarchive writes.
class ArchiveMaker {
 public:
  ArchiveMaker(const ArchiveMaker&) = delete;
  ArchiveMaker& operator=(const ArchiveMaker&) = delete;
  explicit ArchiveMaker(int (*format)(archive*), std::string_view options = "")
      : held_(archive_write_new(), &archive_write_free) {
    EXPECT_EQ(format(held_.get()), ARCHIVE_OK);
    archive_write_set_bytes_in_last_block(held_.get(), 1);
    if (!options.empty()) {
      EXPECT_EQ(archive_write_set_options(held_.get(), std::string(options).c_str()), ARCHIVE_OK);
      archive_write_set_passphrase(held_.get(), "a passphrase of a test");
    }
    EXPECT_EQ(archive_write_open2(held_.get(), &bytes_, nullptr, append, nullptr, nullptr),
              ARCHIVE_OK);
  }

  void add(const std::string& name, std::string_view text, unsigned type = AE_IFREG,
           const std::string& link = "") {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                              &archive_entry_free);
    archive_entry_copy_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), type);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), 1'700'000'000, 0);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(text.size()));
    if (type == AE_IFLNK) archive_entry_copy_symlink(entry.get(), link.c_str());
    if (type == AE_IFREG && !link.empty()) archive_entry_copy_hardlink(entry.get(), link.c_str());
    EXPECT_GE(archive_write_header(held_.get(), entry.get()), ARCHIVE_WARN)
        << archive_error_string(held_.get());
    if (!text.empty()) {
      EXPECT_EQ(archive_write_data(held_.get(), text.data(), text.size()),
                static_cast<la_ssize_t>(text.size()));
    }
  }

  std::string finish() {
    EXPECT_EQ(archive_write_close(held_.get()), ARCHIVE_OK);
    return std::move(bytes_);
  }

 private:
  static la_ssize_t append(archive*, void* to, const void* bytes, size_t size) noexcept {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
  }

  std::string bytes_;
  std::unique_ptr<archive, decltype(&archive_write_free)> held_;
};

inline std::string make_archive(int (*format)(archive*), const std::vector<MadeMember>& members,
                                std::string_view options = "") {
  ArchiveMaker maker(format, options);
  for (const MadeMember& member : members) maker.add(member.name, member.text);
  return maker.finish();
}

inline std::string little(uint64_t number, size_t bytes) {
  std::string out;
  for (size_t i = 0; i < bytes; ++i) out += static_cast<char>(number >> 8 * i);
  return out;
}
inline std::string big(uint64_t number, size_t bytes) {
  const std::string turned = little(number, bytes);
  return {turned.rbegin(), turned.rend()};
}

// Puts the checksum of a tar header right.
inline void sign_tar_header(std::string& tar, size_t at) {
  tar.replace(at + 148, 8, 8, ' ');
  unsigned sum = 0;
  for (size_t i = 0; i < 512; ++i) sum += static_cast<uint8_t>(tar[at + i]);
  char digits[8];
  std::snprintf(digits, sizeof digits, "%06o", sum);
  tar.replace(at + 148, 7, digits, 7);
}

// A cabinet of one folder whose data is stored, in blocks of 32 KiB.
inline std::string make_cab(const std::vector<MadeMember>& members) {
  std::string files, text;
  for (const MadeMember& member : members) {
    files += little(member.text.size(), 4) + little(text.size(), 4) + little(0, 2) +
             little(0x5821, 2) + little(0, 2) + little(0x80, 2) + member.name + '\0';
    text += member.text;
  }
  std::string blocks;
  uint64_t count = 0;
  for (size_t at = 0; at < text.size(); at += 32768, ++count) {
    const std::string block = text.substr(at, 32768);
    blocks += little(0, 4) + little(block.size(), 2) + little(block.size(), 2) + block;
  }
  const uint64_t data_at = 36 + 8 + files.size();
  const std::string folder = little(data_at, 4) + little(count, 2) + little(0, 2);
  const std::string rest = little(0, 4) + little(44, 4) + little(0, 4) + little(0x0103, 2) +
                           little(1, 2) + little(members.size(), 2) + little(0, 2) + little(1, 2) +
                           little(0, 2);
  return std::string("MSCF") + little(0, 4) + little(data_at + blocks.size(), 4) + rest + folder +
         files + blocks;
}

// A package: its lead, two headers that say nothing, and a compressed cpio.
inline std::string make_rpm(std::string_view packed_cpio) {
  std::string lead = std::string("\xED\xAB\xEE\xDB\x03\0\0\0\0\x01", 10) + "a-package";
  lead.resize(96, '\0');
  const std::string header = std::string("\x8E\xAD\xE8\x01\0\0\0\0", 8) + big(1, 4) + big(8, 4) +
                             big(1000, 4) + big(6, 4) + big(0, 4) + big(1, 4) + "a-name\0\0";
  std::string signature = header;
  signature.resize(40, '\0');
  return lead + signature + signature + std::string(packed_cpio);
}

}  // namespace assay
