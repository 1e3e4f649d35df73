// A blob that is at hand as a whole.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "scanner/source.h"

namespace assay {

// Bytes in memory, which must outlive it.
class ViewReader : public Reader {
 public:
  explicit ViewReader(std::string_view bytes) : bytes_(bytes) {}

  Result read(std::span<char> out, int) override {
    const size_t count = *read_at(at_, out);
    at_ += count;
    return count == 0 ? Result{Status::end} : Result{Status::data, count};
  }
  std::optional<uint64_t> size() const override { return bytes_.size(); }
  std::optional<size_t> read_at(uint64_t offset, std::span<char> out) const override {
    const std::string_view left = bytes_.substr(std::min<uint64_t>(offset, bytes_.size()));
    const size_t count = std::min(out.size(), left.size());
    if (count > 0) std::memcpy(out.data(), left.data(), count);
    return count;
  }
  std::optional<Diagnostic> failure() override { return std::nullopt; }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

}  // namespace assay
