// What the tests of containers share: outer blobs that come in steps, and all that one holds.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/decoders/container_formats.h"

namespace assay {

// Text of lines that compress, but not to nothing; no two stretches of it are the same.
inline std::string sample_text(size_t size) {
  std::string text;
  for (unsigned line = 0; text.size() < size; ++line) {
    text +=
        std::to_string(line * 2654435761u) + " GET /api/orders/" + std::to_string(line) + " 200\n";
  }
  return text.substr(0, size);
}

// `text` handed out in pieces of `step` bytes, without a size; or all of it, with one.
class SteppedBlob : public Reader {
 public:
  SteppedBlob(std::string_view text, size_t step) : text_(text), view_(text), step_(step) {}

  Result read(std::span<char> out, int) override {
    const size_t count = std::min({step_, out.size(), text_.size() - at_});
    if (count == 0) return {Status::end};
    std::memcpy(out.data(), text_.data() + at_, count);
    at_ += count;
    return {Status::data, count};
  }
  std::optional<Diagnostic> failure() override { return std::nullopt; }
  std::optional<uint64_t> size() const override { return step_ == 0 ? view_.size() : std::nullopt; }
  std::optional<size_t> read_at(uint64_t offset, std::span<char> out) const override {
    return view_.read_at(offset, out);
  }

 private:
  std::string_view text_;
  ViewReader view_;
  size_t step_;
  size_t at_ = 0;
};

// `block` over and over, for ever.
class EndlessBlob : public Reader {
 public:
  explicit EndlessBlob(std::string block) : block_(std::move(block)) {}

  Result read(std::span<char> out, int) override {
    size_t done = 0;
    while (done < out.size()) {
      const size_t count = std::min(out.size() - done, block_.size() - at_);
      std::memcpy(out.data() + done, block_.data() + at_, count);
      at_ = (at_ + count) % block_.size();
      done += count;
    }
    return {Status::data, done};
  }
  std::optional<Diagnostic> failure() override { return std::nullopt; }

 private:
  std::string block_;
  size_t at_ = 0;
};

struct ReadMember {
  std::string name;
  std::string text;
  std::optional<Diagnostic> failure;
};

struct ReadContainer {
  bool opened = false;
  std::string format;
  std::vector<ReadMember> members;
  std::vector<Diagnostic> diagnostics;  // of the container and of its members

  const ReadMember* find(std::string_view name) const {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const ReadMember& member) { return member.name == name; });
    return found == members.end() ? nullptr : &*found;
  }
  bool says(std::string_view path, std::string_view part) const {
    return std::any_of(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& told) {
      return told.path == path && told.reason.find(part) != std::string::npos;
    });
  }
};

// Text of a member beyond `kept` bytes is read and let go.
inline std::pair<std::string, std::optional<Diagnostic>> read_all(Reader& reader,
                                                                  size_t span = 64 << 10,
                                                                  size_t kept = size_t{64} << 20) {
  std::string text;
  std::vector<char> buffer(span);
  for (;;) {
    const Reader::Result result = reader.read(buffer, -1);
    if (result.status != Reader::Status::data) return {std::move(text), reader.failure()};
    if (text.size() < kept) text.append(buffer.data(), result.bytes);
  }
}

inline ReadContainer read_container(Reader& outer, std::string_view name, ContainerBudget& budget,
                                    size_t span = 64 << 10, size_t kept = size_t{64} << 20) {
  ReadContainer read;
  std::string head(kContainerHead, '\0');
  size_t count = 0;
  while (!outer.size() && count < head.size()) {
    const Reader::Result result = outer.read({head.data() + count, head.size() - count}, -1);
    if (result.status != Reader::Status::data) break;
    count += result.bytes;
  }
  if (outer.size()) count = *outer.read_at(0, head);
  head.resize(count);
  HeadReader whole(head, outer);
  Reader& from = outer.size() ? outer : whole;
  const auto container = open_container(from, head, name, budget);
  if (!container) return read;
  read.opened = true;
  read.format = container->format();
  while (auto member = container->next()) {
    auto [text, failure] = read_all(*member->bytes, span, kept);
    if (failure) read.diagnostics.push_back(*failure);
    read.members.push_back({member->name, std::move(text), std::move(failure)});
  }
  for (Diagnostic& told : container->take_diagnostics())
    read.diagnostics.push_back(std::move(told));
  return read;
}

// Step 0: with a size and read_at.
inline ReadContainer read_container(std::string_view bytes, std::string_view name = "",
                                    size_t step = 0, size_t span = 64 << 10) {
  SteppedBlob outer(bytes, step);
  ContainerBudget budget({}, bytes.size());
  return read_container(outer, name, budget, span);
}

}  // namespace assay
