// The version of the program, as reports and `assay --version` give it.
#pragma once

#include <string_view>

namespace assay {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace assay
