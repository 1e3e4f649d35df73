// What the surroundings of a key's places tell together.
#pragma once

#include "scanner/finding.h"

namespace assay {

// Joins contexts, each adding what is not known yet. Places that contradict each other (another
// app, or the same app with and without a slot) are not mixed: then the place that tells most
// counts alone.
class JoinedContext {
 public:
  void add(const KeyContext& context);
  const KeyContext& told() const { return torn_ ? best_ : all_; }
  bool torn() const { return torn_; }

 private:
  KeyContext all_;
  KeyContext best_;
  bool torn_ = false;
  bool empty_ = true;
};

}  // namespace assay
