// The fixed parts of the HTML form: its style and its script. Neither holds anything of the input,
// and the page's policy names them by their hashes, so that nothing else can run or paint.
#pragma once

#include <string_view>

namespace assay {

extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;

}  // namespace assay
