// A Secret does not turn into a string.
#include <string>

#include "rules/keys/secret.h"

size_t length(const assay::Secret& secret) {
#ifdef ASSAY_WRONG
  const std::string value = secret;
#endif
  const std::string value = secret.redacted();
  return value.size();
}
