#include "git/placed.h"

#include <fmt/format.h>

#include "git/new_names.h"

namespace assay {

void PlacedTexts::enumerate(const Sink& sink) {
  for (size_t i = 0; i < texts_.size(); ++i) {
    auto provenance = std::make_shared<Provenance>();
    provenance->path = texts_[i].path;
    provenance->number = i;
    if (!sink.blob({std::move(provenance), ""})) return;
  }
}

std::unique_ptr<Reader> PlacedTexts::open(const Blob& blob, Diagnostic& diagnostic) const {
  const PlacedText& text = texts_[blob.provenance->number];
  if (text.object.is_zero()) return read_text(text.path.substr(text.path.rfind('/') + 1));
  std::string reason;
  auto reader = readers_.open(text.object, reason);
  if (reader == nullptr) {
    diagnostic = {Diagnostic::Kind::unreadable, text.path,
                  fmt::format("object {} cannot be read: {}", text.object.hex(), reason),
                  "See what `git fsck` says."};
  }
  return reader;
}

bool PlacedTexts::take(Finding& finding) {
  const size_t number = finding.provenance->number;
  const PlacedText& text = texts_[number];
  const KeyDigest key = digest_of(finding);
  const auto facts = text.keys.find(key);
  if (facts == text.keys.end() || !told_[number].insert(key).second) return false;
  finding.git = facts->second;
  if (text.object.is_zero()) place_in_path(text.path, finding);
  return true;
}

size_t PlacedTexts::left() const {
  size_t left = 0;
  for (size_t i = 0; i < texts_.size(); ++i) left += texts_[i].keys.size() - told_[i].size();
  return left;
}

}  // namespace assay
