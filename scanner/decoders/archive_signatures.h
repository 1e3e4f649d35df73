// Which archive a blob is, by its first bytes.
#pragma once

#include <string_view>

namespace assay {

enum class ArchiveKind { zip, tar, seven_zip, cpio, ar, rpm, iso, cab, rar, lha };

struct ArchiveSignature {
  ArchiveKind kind;
  bool (*holds)(std::string_view head);
};

// Null: none. An ISO image has its signature further on: see may_be_iso.
const ArchiveSignature* find_archive(std::string_view head);

// Whether the signature of an ISO image may stand at kIsoSignatureAt: the 32 KiB before it are
// empty, or begin with the sector that starts a computer.
inline constexpr size_t kIsoSignatureAt = 32769;
inline constexpr std::string_view kIsoSignature = "CD001";
bool may_be_iso(std::string_view head, std::string_view name);

}  // namespace assay
