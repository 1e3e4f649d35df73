// Facts of places that agree are put together; of those that do not, none is made up.
//
//   query of app orders  +  a file that names the slot staging  =  app orders, slot staging
//   app orders           +  app billing                         =  the one with more facts
#include "response/joined_context.h"

#include "scanner/context_host.h"

namespace assay {

namespace {

constexpr std::string KeyContext::*kFacts[] = {&KeyContext::host,     &KeyContext::app,
                                               &KeyContext::slot,     &KeyContext::function,
                                               &KeyContext::key_name, &KeyContext::resource_group};

// A key that is sent somewhere is also kept somewhere: the place that tells the store counts.
bool tells_store(std::string_view carrier) {
  return carrier == "key-vault" || carrier == "kubernetes" || carrier == "container-app" ||
         carrier == "mounted-secret";
}

// How much a place tells about whose key it is.
int facts_in(const KeyContext& context) {
  int facts = context.scope == Scope::unknown ? 0 : 1;
  for (const auto fact : kFacts) facts += (context.*fact).empty() ? 0 : 1;
  return facts;
}

// Adds what `more` tells to `all`. False if they contradict each other.
bool join(const KeyContext& more, KeyContext& all) {
  bool agree =
      all.scope == Scope::unknown || more.scope == Scope::unknown || all.scope == more.scope;
  if (!all.host.empty() && !more.host.empty()) agree = agree && all.slot == more.slot;
  // One storage account has a host for blobs and one for queues. Of Functions' hosts one may be a
  // slot's.
  const bool same_app = !all.app.empty() && all.app == more.app && !is_functions_host(all.host) &&
                        !is_functions_host(more.host);
  for (const auto fact : kFacts) {
    if (same_app && fact == &KeyContext::host && !all.host.empty()) continue;
    if (!(all.*fact).empty() && !(more.*fact).empty()) agree = agree && all.*fact == more.*fact;
    if ((all.*fact).empty()) all.*fact = more.*fact;
  }
  if (all.scope == Scope::unknown) all.scope = more.scope;
  if (all.carrier.empty() || (tells_store(more.carrier) && !tells_store(all.carrier))) {
    all.carrier = more.carrier;
  }
  return agree;
}

}  // namespace

void JoinedContext::add(const KeyContext& context) {
  torn_ = !join(context, all_) || torn_;
  if (empty_ || facts_in(context) > facts_in(best_)) best_ = context;
  empty_ = false;
}

}  // namespace assay
