// Rules prove themselves: what each must and must not find.
#pragma once

#include <string>
#include <vector>

#include "rules/rule_set.h"

namespace assay {

// Runs the examples and counter-examples of all rules through the whole scan path, each with and
// without Hyperscan. One sentence for each that fails, naming rule and example by number; none =
// all hold. Throws Error as Prefilter does.
std::vector<std::string> check_examples(const RuleSet& rules);

}  // namespace assay
