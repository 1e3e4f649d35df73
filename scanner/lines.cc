// Counting newlines and UTF-16 units. The loops are written so that the compiler turns them into
// vector code: byte-wide sums over blocks short enough not to overflow (25 GB/s a core measured,
// benchmarks/line_bench.cc).
#include "scanner/lines.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace assay {

namespace {

constexpr size_t kLanes = 32;
constexpr size_t kBlock = kLanes * 255;  // a lane sums at most 255 ones

// Counts the bytes for which `is` holds.
template <typename Is>
uint64_t count(std::string_view bytes, Is is) {
  uint64_t total = 0;
  const char* at = bytes.data();
  size_t left = bytes.size();
  while (left >= kLanes) {
    const size_t block = (left < kBlock ? left : kBlock) / kLanes * kLanes;
    std::array<uint8_t, kLanes> sums{};
    for (size_t i = 0; i < block; i += kLanes) {
      for (size_t lane = 0; lane < kLanes; ++lane) {
        sums[lane] = static_cast<uint8_t>(sums[lane] + (is(at[i + lane]) ? 1 : 0));
      }
    }
    for (const uint8_t sum : sums) total += sum;
    at += block;
    left -= block;
  }
  for (size_t i = 0; i < left; ++i) total += is(at[i]) ? 1 : 0;
  return total;
}

int64_t utf16_units(std::string_view bytes) {
  const uint64_t continuing =
      count(bytes, [](char c) { return static_cast<signed char>(c) < -64; });  // 0x80..0xBF
  const uint64_t four = count(bytes, [](char c) { return static_cast<unsigned char>(c) >= 0xF0; });
  return static_cast<int64_t>(bytes.size() - continuing + four);
}

}  // namespace

void LineCounter::advance(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto* last = static_cast<const char*>(memrchr(bytes.data(), '\n', bytes.size()));
  if (last != nullptr) {
    const size_t lines = static_cast<size_t>(last - bytes.data()) + 1;
    newlines_ += count(bytes.substr(0, lines), [](char c) { return c == '\n'; });
    bytes.remove_prefix(lines);
    tail_bytes_ = 0;
    tail_units_ = 0;
  }
  tail_bytes_ += bytes.size();
  tail_units_ += utf16_units(bytes);
}

void LineCounter::append(const LineCounter& next) {
  newlines_ += next.newlines_;
  if (next.newlines_ > 0) {
    tail_bytes_ = 0;
    tail_units_ = 0;
  }
  tail_bytes_ += next.tail_bytes_;
  tail_units_ += next.tail_units_;
}

}  // namespace assay
