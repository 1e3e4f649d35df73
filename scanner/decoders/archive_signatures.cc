// The signatures of archives. Where one is short or has no magic number, the fields of the first
// header have to make sense too, so that texts and other binaries are not taken for archives.
#include "scanner/decoders/archive_signatures.h"

#include <algorithm>
#include <cstdint>

#include "scanner/decoders/container.h"

namespace assay {
namespace {

using std::string_view_literals::operator""sv;

uint8_t byte_at(std::string_view head, size_t at) { return static_cast<uint8_t>(head[at]); }

bool is_zip(std::string_view head) {
  // A member, none at all, and the marks of archives in several pieces.
  return head.starts_with("PK\3\4"sv) || head.starts_with("PK\5\6"sv) ||
         head.starts_with("PK\7\10PK\3\4"sv) || head.starts_with("PK00PK\3\4"sv);
}

// Spaces, octal digits, then spaces or zeros: how a tar header writes a number; or base 256.
bool is_tar_number(std::string_view field) {
  if ((byte_at(field, 0) & 0x80) != 0) return true;
  const size_t digits = field.find_first_not_of(' ');
  if (digits == std::string_view::npos) return true;
  field.remove_prefix(digits);
  const size_t end = std::min(field.find_first_not_of("01234567"), field.size());
  return field.find_first_not_of(" \0"sv, end) == std::string_view::npos;
}

// The checksum is of the 512 bytes with its own eight as spaces; some summed them with a sign.
bool tar_checksum_holds(std::string_view head) {
  constexpr size_t kField = 148, kFieldSize = 8;
  int unsigned_sum = 0, signed_sum = 0, written = 0;
  for (size_t i = 0; i < 512; ++i) {
    const bool own = i >= kField && i < kField + kFieldSize;
    unsigned_sum += own ? ' ' : byte_at(head, i);
    signed_sum += own ? ' ' : static_cast<signed char>(head[i]);
  }
  const std::string_view field = head.substr(kField, kFieldSize);
  if (!is_tar_number(field)) return false;
  for (const char c : field) {
    if (c >= '0' && c <= '7') written = written * 8 + (c - '0');
  }
  return written == unsigned_sum || written == signed_sum;
}

bool is_tar(std::string_view head) {
  if (head.size() < 512 || !tar_checksum_holds(head)) return false;
  if (head.substr(257, 5) == "ustar") return true;
  // Older than the magic number: the other fields have to be those of a header.
  constexpr struct {
    size_t at, size;
  } kNumbers[] = {{100, 8}, {108, 8}, {116, 8}, {124, 12}, {136, 12}};
  const char type = head[156];
  return head[0] != '\0' && (type == '\0' || (type >= '0' && type <= '7')) &&
         std::all_of(std::begin(kNumbers), std::end(kNumbers), [&](const auto& number) {
           return is_tar_number(head.substr(number.at, number.size));
         });
}

bool is_seven_zip(std::string_view head) { return head.starts_with("7z\xBC\xAF\x27\x1C"sv); }

bool is_cpio(std::string_view head) {
  const bool hexadecimal = head.starts_with("070701") || head.starts_with("070702");
  if (hexadecimal || head.starts_with("070707")) {
    const std::string_view header = head.substr(0, hexadecimal ? 110 : 76);
    return header.size() == (hexadecimal ? 110u : 76u) &&
           header.find_first_not_of(hexadecimal ? "0123456789abcdefABCDEF" : "01234567") ==
               std::string_view::npos;
  }
  // Binary, of either byte order: the name is as long as its field says.
  const bool little = head.starts_with("\xC7\x71"sv);
  if (head.size() < 28 || (!little && !head.starts_with("\x71\xC7"sv))) return false;
  const size_t low = byte_at(head, little ? 20 : 21), high = byte_at(head, little ? 21 : 20);
  const size_t length = high << 8 | low;
  return length >= 2 && head.find('\0', 26) == 26 + length - 1;
}

bool is_ar(std::string_view head) { return head.starts_with("!<arch>\n"); }
bool is_rpm(std::string_view head) { return head.starts_with("\xED\xAB\xEE\xDB"sv); }
bool is_cab(std::string_view head) { return head.starts_with("MSCF\0\0\0\0"sv); }
bool is_rar(std::string_view head) {
  return head.starts_with("Rar!\x1A\x07\0"sv) || head.starts_with("Rar!\x1A\x07\1\0"sv);
}

// -lh5-, -lzs-: two bytes in, and the level of the header behind.
bool is_lha(std::string_view head) {
  if (head.size() < 22 || head[2] != '-' || head[3] != 'l' || head[6] != '-') return false;
  const bool method = (head[4] == 'h' && ((head[5] >= '0' && head[5] <= '7') || head[5] == 'd')) ||
                      (head[4] == 'z' && (head[5] == 's' || head[5] == '4' || head[5] == '5'));
  return method && byte_at(head, 20) <= 3;
}

constexpr ArchiveSignature kSignatures[] = {
    {ArchiveKind::zip, is_zip},
    {ArchiveKind::tar, is_tar},
    {ArchiveKind::seven_zip, is_seven_zip},
    {ArchiveKind::cpio, is_cpio},
    {ArchiveKind::ar, is_ar},
    {ArchiveKind::rpm, is_rpm},
    {ArchiveKind::cab, is_cab},
    {ArchiveKind::rar, is_rar},
    {ArchiveKind::lha, is_lha},

};

}  // namespace

const ArchiveSignature* find_archive(std::string_view head) {
  for (const ArchiveSignature& signature : kSignatures) {
    if (signature.holds(head)) return &signature;
  }
  return nullptr;
}

bool may_be_iso(std::string_view head, std::string_view name) {
  if (head.size() < kContainerHead) return false;
  const bool empty = head.substr(0, 256).find_first_not_of('\0') == std::string_view::npos;
  return empty || head.substr(510, 2) == "\x55\xAA" || head.starts_with("ER\x02\0"sv) ||
         name.ends_with(".iso") || name.ends_with(".ISO");
}

}  // namespace assay
