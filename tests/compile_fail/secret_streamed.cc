// A stream has no way to print a Secret.
#include <iostream>

#include "rules/keys/secret.h"

void print(const assay::Secret& secret) {
#ifdef ASSAY_WRONG
  std::cout << secret;
#endif
  std::cout << secret.redacted();
}
