// A buffer before a Reader: of 256 KiB, as a larger one leaves the second level of the cache.
#include "scanner/decoders/packed_input.h"

#include <algorithm>
#include <utility>

namespace assay {

PackedInput::Piece PackedInput::next(int wait_ms) {
  using Status = Reader::Status;
  if (failed_) return {Status::failed, {}};
  if (ended_) return {Status::end, {}};
  Reader::Result result{Status::end};
  if (size_) {
    const auto got = outer_.read_at(at_, buffer_);
    if (!got) result.status = Status::failed;
    if (got && *got > 0) result = {Status::data, *got};
  } else {
    result = outer_.read(buffer_, wait_ms);
  }
  const std::string_view bytes(buffer_.data(), result.bytes);
  at_ += bytes.size();
  constexpr size_t kTail = 512;
  if (bytes.size() >= kTail) {
    tail_.assign(bytes.substr(bytes.size() - kTail));
  } else if (!bytes.empty()) {
    tail_.append(bytes);
    tail_.erase(0, tail_.size() - std::min(tail_.size(), kTail));
  }
  ended_ = result.status == Status::end;
  failed_ = result.status == Status::failed;
  return {result.status, bytes};
}

Diagnostic PackedInput::failure(std::string path) {
  auto told = outer_.failure();
  if (!told) told = Diagnostic{Diagnostic::Kind::unreadable, {}, "reading failed", {}};
  told->path = std::move(path);
  return *std::move(told);
}

}  // namespace assay
