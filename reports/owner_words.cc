#include "reports/owner_words.h"

#include <fmt/format.h>

#include "reports/format.h"

namespace assay {

OwnerAnswer owner_of(const OwnerSources* sources, const Finding& finding) {
  return sources == nullptr ? OwnerAnswer() : ask_owners(*sources, finding);
}

std::string owner_words(const Owner& owner) {
  std::string out = fmt::format("{} ({})", owner.name, owner.reason);
  if (!owner.contact.empty()) out += "; " + owner.contact;
  if (!owner.runbook.empty()) out += "; " + owner.runbook;
  return printable(out);
}

std::string brought_by_words(const BroughtBy& by) {
  std::string_view name = by.name;
  if (const size_t address = name.find('<'); address != std::string_view::npos && address > 0) {
    name = name.substr(0, address);
  }
  while (name.ends_with(' ')) name.remove_suffix(1);
  constexpr size_t kLongest = 60;
  const bool cut = name.size() > kLongest;
  if (cut) {
    size_t end = kLongest;
    while (end > kLongest - 4 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
    name = name.substr(0, end);
  }
  return fmt::format("{}{} ({}; may know whose key it is)", printable(name), cut ? "…" : "",
                     printable(by.reason));
}

}  // namespace assay
