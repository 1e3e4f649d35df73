// Blobs from memory, for tests of the scan.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "scanner/source.h"

namespace assay {

// A text handed out in pieces of `step` bytes (0 = as much as fits), with a pause after each if
// `pauses`. With `seekable` it offers read_at.
class MemoryReader : public Reader {
 public:
  MemoryReader(std::string text, size_t step, bool pauses, bool seekable)
      : text_(std::move(text)), step_(step), pauses_(pauses), seekable_(seekable) {}

  Result read(std::span<char> out, int) override {
    if (pauses_ && std::exchange(pause_next_, false)) return {Status::idle};
    const size_t most = step_ == 0 ? out.size() : std::min(step_, out.size());
    const size_t count = std::min(most, text_.size() - at_);
    if (count == 0) return {Status::end};
    std::memcpy(out.data(), text_.data() + at_, count);
    at_ += count;
    pause_next_ = true;
    return {Status::data, count};
  }
  std::optional<uint64_t> size() const override {
    return seekable_ ? std::optional<uint64_t>(text_.size()) : std::nullopt;
  }
  std::optional<size_t> read_at(uint64_t offset, std::span<char> out) const override {
    const size_t count = std::min(out.size(), text_.size() - std::min(text_.size(), offset));
    std::memcpy(out.data(), text_.data() + offset, count);
    return count;
  }
  std::optional<Diagnostic> failure() override { return std::nullopt; }

 private:
  std::string text_;
  size_t step_;
  bool pauses_;
  bool seekable_;
  bool pause_next_ = false;
  size_t at_ = 0;
};

class MemorySource : public Source {
 public:
  struct Item {
    std::string path;
    std::string text;
    size_t step = 0;
    bool pauses = false;
    bool seekable = true;
  };
  explicit MemorySource(std::vector<Item> items) : items_(std::move(items)) {}

  void enumerate(const Sink& sink) override {
    for (const Item& item : items_) {
      if (item.path.empty()) {
        sink.diagnostic({Diagnostic::Kind::skipped, "nothing", "it is a test", ""});
        continue;
      }
      auto provenance = std::make_shared<Provenance>();
      provenance->path = item.path;
      if (!sink.blob({provenance, item.path})) return;
    }
  }
  std::unique_ptr<Reader> open(const Blob& blob, Diagnostic&) const override {
    for (const Item& item : items_) {
      if (item.path == blob.id) {
        return std::make_unique<MemoryReader>(item.text, item.step, item.pauses, item.seekable);
      }
    }
    return nullptr;
  }

 private:
  std::vector<Item> items_;
};

}  // namespace assay
