// What git tells its hooks of a push, on standard input.
#pragma once

#include <string_view>
#include <vector>

#include "cli/commands.h"

namespace assay {

// One line a ref:
//   pre-receive   OLD-ID NEW-ID REF
//   pre-push      LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID
// The last line break may be missing. Throws Error, with the line's number, at anything else: what
// is not understood is not let through.
enum class PushLines { pre_receive, pre_push };
std::vector<PushedRef> parse_pushed_refs(std::string_view text, PushLines lines);

// More is refused.
inline constexpr size_t kMostPushedBytes = size_t{64} << 20;

}  // namespace assay
