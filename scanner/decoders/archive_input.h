// The one place that calls libarchive: a handle that reads one kind of archive.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <optional>
#include <string>

#include "scanner/decoders/archive_signatures.h"
#include "scanner/decoders/packed_input.h"

namespace assay {

// How zip is read: by its directory, which stands at the end, or member after member.
enum class ZipOrder { directory, stream };

// Reads one kind of archive and no other, without filters but those that rpm needs: no program is
// ever started, and no bytes but those of the input are read. One thread.
class ArchiveHandle {
 public:
  // `input` outlives it and is read from its present position on.
  ArchiveHandle(ArchiveKind kind, ZipOrder order, PackedInput& input);

  struct Header {
    int result;  // ARCHIVE_OK, _EOF, _WARN, _RETRY, _FAILED, _FATAL
    archive_entry* entry = nullptr;
  };
  Header next_header();

  struct Block {
    int result;
    std::string_view bytes;  // holes of a sparse member, which hold nothing but zeros, are left out
  };
  Block next_block();

  // The member's name as it is stored; of one in another code in UTF-8.
  std::string name(archive_entry* entry) const;

  // What the last error was about, by libarchive's own words, which are not for reports.
  enum class Fault { damaged, checksum, cut_short, encrypted, method };
  Fault fault() const;

 private:
  struct Free {
    void operator()(archive* held) const { archive_read_free(held); }
  };

  std::unique_ptr<archive, Free> held_;
  int opened_;
};

}  // namespace assay
