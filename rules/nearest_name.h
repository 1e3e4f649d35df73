// "Did you mean …?"
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace assay {

// The one of `names` that differs least from `word`, if by a third of its letters at most; or
// empty. Of equally near ones the first. Case does not count.
std::string_view nearest_name(std::string_view word, std::span<const std::string_view> names);

// "Did you mean NAME? " with its blank, or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> names);

}  // namespace assay
