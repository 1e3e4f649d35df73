// fmt has no way to print a Secret.
#include <fmt/format.h>

#include <string>

#include "rules/keys/secret.h"

std::string text(const assay::Secret& secret) {
#ifdef ASSAY_WRONG
  return fmt::format("{}", secret);
#endif
  return fmt::format("{}", secret.redacted());
}
