#include "tests/support/widest_match.h"

#include <hs/hs.h>

#include <climits>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace assay {

namespace {

struct FreeCompileError {
  void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};
struct FreeBytes {
  void operator()(void* bytes) const { std::free(bytes); }
};

}  // namespace

size_t widest_match(const std::string& regex) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* failure = nullptr;
  const hs_error_t status =
      hs_expression_info(regex.c_str(), HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY, &info, &failure);
  const std::unique_ptr<hs_compile_error_t, FreeCompileError> failed(failure);
  const std::unique_ptr<hs_expr_info_t, FreeBytes> owned(info);
  if (status != HS_SUCCESS || info == nullptr || info->max_width == UINT_MAX) return SIZE_MAX;
  return info->max_width;  // with HS_FLAG_UTF8 its widths are of bytes
}

}  // namespace assay
