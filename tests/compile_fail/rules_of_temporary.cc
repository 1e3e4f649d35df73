// A loop over the rules of a temporary set would run over freed rules.
#include "rules/rule_set.h"

size_t count() {
#ifdef ASSAY_WRONG
  for (const assay::Rule& rule : assay::RuleSet::builtin().rules()) (void)rule;
#endif
  const assay::RuleSet rules = assay::RuleSet::builtin();
  return rules.rules().size();
}
