// What to run now: the rule's rotation steps with the finding's names in them.
#pragma once

#include <string>
#include <vector>

#include "scanner/finding.h"

namespace assay {

struct RotationPlan {
  std::string summary;
  std::vector<std::string> steps;
};

// Fills the steps of the finding's rule and scope. A name that the context does not give stays a
// placeholder in capitals (RESOURCE_GROUP, APP, FUNCTION, KEY_NAME); one that holds anything but
// letters, digits and `-_.` is quoted for a shell. The value of a key never stands in it. Any
// thread.
RotationPlan plan_rotation(const Finding& finding);

}  // namespace assay
