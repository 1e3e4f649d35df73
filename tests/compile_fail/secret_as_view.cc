// A Secret does not turn into a view: what takes text does not take it.
#include <string_view>

#include "rules/keys/secret.h"

size_t length(std::string_view text);
size_t length_of(const assay::Secret& secret) {
#ifdef ASSAY_WRONG
  return length(secret);
#endif
  return length(secret.reveal());
}
