// Opens containers: the table of their formats, the budget they share, and two small readers.
//
//   outer.zip  →  zip: a.txt, inner.gz  →  gzip: (no name)  →  tar: b.txt  →  no container
//
// Formats with a signature come before those that only a weak one or a name shows, so that the
// first one that opens is right.
#include "scanner/decoders/container.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "scanner/decoders/container_formats.h"

namespace assay {
namespace {

uint64_t now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

uint64_t add_up(uint64_t a, uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

std::string plain_size(uint64_t bytes) {
  static constexpr std::string_view kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  size_t unit = 0;
  for (; bytes >= 1024 && bytes % 1024 == 0; bytes /= 1024) ++unit;
  return fmt::format("{} {}", bytes, kUnits[unit]);
}

const ContainerFormat* const kFormats[] = {&kArchives, &kPdf, &kSqlite, &kCompressed, &kMail};

}  // namespace

ContainerBudget::ContainerBudget(const ContainerLimits& limits, uint64_t outermost_bytes)
    : limits_(limits), outermost_bytes_(outermost_bytes), began_ns_(now_ns()) {}

std::optional<Diagnostic> ContainerBudget::pass(std::string reason, std::string_view flag) {
  spent_ = true;
  passed_ = {Diagnostic::Kind::limit,
             {},
             std::move(reason),
             fmt::format("Give {} a higher number to decode more of it.", flag)};
  return passed_;
}

std::optional<Diagnostic> ContainerBudget::take_bytes(uint64_t decoded) {
  if (spent_) return passed_;
  bytes_ = add_up(bytes_, decoded);
  if (bytes_ > limits_.bytes) {
    return pass(fmt::format("it inflates to more than {}", plain_size(limits_.bytes)),
                "--max-decoded-bytes");
  }
  if (bytes_ > kFreeBytes && bytes_ / std::max<uint64_t>(limits_.ratio, 1) > outermost_bytes_) {
    return pass(fmt::format("it inflates to more than {} times its size", limits_.ratio),
                "--max-ratio");
  }
  if (now_ns() - began_ns_ > limits_.seconds * uint64_t{1'000'000'000}) {
    return pass(fmt::format("decoding it takes more than {} seconds", limits_.seconds),
                "--max-seconds");
  }
  return std::nullopt;
}

std::optional<Diagnostic> ContainerBudget::take_member() {
  if (spent_) return passed_;
  if (++members_ > limits_.members) {
    return pass(fmt::format("it holds more than {} members", limits_.members), "--max-members");
  }
  return take_bytes(0);
}

std::unique_ptr<Container> open_container(Reader& outer, std::string_view head,
                                          std::string_view name, ContainerBudget& budget) {
  for (const ContainerFormat* format : kFormats) {
    if (!format->recognises(head, name)) continue;
    if (auto opened = format->open(outer, head, name, budget)) return opened;
  }
  return nullptr;
}

Reader::Result HeadReader::read(std::span<char> out, int wait_ms) {
  if (head_.empty()) return rest_.read(out, wait_ms);
  const size_t count = std::min(out.size(), head_.size());
  std::memcpy(out.data(), head_.data(), count);
  head_.remove_prefix(count);
  return {Status::data, count};
}

}  // namespace assay
