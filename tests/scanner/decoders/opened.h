// What the tests of containers share: reads all of a container, in pieces of odd lengths.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "scanner/decoders/container_formats.h"

namespace assay {

// A member of another container: it can only be read forward.
class ForwardReader : public Reader {
 public:
  explicit ForwardReader(std::string_view bytes) : bytes_(bytes) {}
  Result read(std::span<char> out, int) override {
    if (bytes_.empty()) return {Status::end};
    // Short reads of lengths that come around: nothing may rely on full ones.
    turn_ = turn_ % 4093 + 7;
    const size_t count = std::min({out.size(), bytes_.size(), turn_});
    std::copy_n(bytes_.data(), count, out.data());
    bytes_.remove_prefix(count);
    return {Status::data, count};
  }
  std::optional<Diagnostic> failure() override { return std::nullopt; }

 private:
  std::string_view bytes_;
  size_t turn_ = 0;
};

struct OpenedMember {
  std::string name;
  std::string bytes;
  std::string failure;  // its reason, or empty
};

struct Opened {
  bool recognised = false;
  std::vector<OpenedMember> members;
  std::vector<std::string> told;  // "PATH: REASON"
  uint64_t bytes = 0;             // of all members

  const OpenedMember* find(std::string_view name) const {
    for (const OpenedMember& member : members) {
      if (member.name == name) return &member;
    }
    return nullptr;
  }
};

// `piece`: how much is asked of a member at a time; 0: nothing is read of it.
inline Opened open_all(const ContainerFormat& format, Reader& outer, std::string_view bytes,
                       size_t piece = 1000, const ContainerLimits& limits = {}) {
  Opened opened;
  const std::string_view head = bytes.substr(0, kContainerHead);
  opened.recognised = format.recognises(head, "x");
  if (!opened.recognised) return opened;
  ContainerBudget budget(limits, bytes.size());
  const auto container = format.open(outer, head, "x", budget);
  const auto take_told = [&] {
    for (const Diagnostic& told : container->take_diagnostics()) {
      opened.told.push_back(told.path + ": " + told.reason);
    }
  };
  std::string buffer(std::max<size_t>(piece, 1), '\0');
  while (auto member = container->next()) {
    OpenedMember& made = opened.members.emplace_back();
    made.name = member->name;
    while (piece > 0) {
      const auto result = member->bytes->read(buffer, -1);
      if (result.status != Reader::Status::data) break;
      made.bytes.append(buffer, 0, result.bytes);
      opened.bytes += result.bytes;
    }
    if (const auto failure = member->bytes->failure()) made.failure = failure->reason;
    take_told();
  }
  take_told();
  return opened;
}

inline Opened open_file(const ContainerFormat& format, std::string_view bytes, size_t piece = 1000,
                        const ContainerLimits& limits = {}) {
  ViewReader outer(bytes);
  return open_all(format, outer, bytes, piece, limits);
}

inline Opened open_forward(const ContainerFormat& format, std::string_view bytes,
                           size_t piece = 1000, const ContainerLimits& limits = {}) {
  ForwardReader outer(bytes);
  return open_all(format, outer, bytes, piece, limits);
}

}  // namespace assay
