// A reader whose pieces and pauses the fuzzer chooses.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "scanner/source.h"

namespace assay::fuzz {

// Each byte of `steps` is one read: so many bytes, or, with the top bit set, a pause. After the
// last, all that is left comes at once.
class SteppedReader : public Reader {
 public:
  SteppedReader(std::string_view text, std::string_view steps) : text_(text), steps_(steps) {}

  Result read(std::span<char> out, int) override {
    size_t most = out.size();
    if (!steps_.empty()) {
      const auto step = static_cast<uint8_t>(steps_.front());
      steps_.remove_prefix(1);
      if (step >= 128) return {Status::idle};
      most = std::min<size_t>(most, step + 1u);
    }
    const size_t count = std::min(most, text_.size());
    if (count == 0) return {Status::end};
    std::memcpy(out.data(), text_.data(), count);
    text_.remove_prefix(count);
    return {Status::data, count};
  }
  std::optional<Diagnostic> failure() override { return std::nullopt; }

 private:
  std::string_view text_;
  std::string_view steps_;
};

}  // namespace assay::fuzz
