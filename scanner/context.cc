// Reads the surroundings of a key: first as a request that carries it, then as a place that keeps
// it.
//
//   https://contoso-orders-staging.azurewebsites.net/api/Refund?clientId=default&code=KEY
//   host … app contoso-orders, slot staging, function Refund, key_name default, carrier query
//
// A URL on the key's own line is the common case and settles it, so the line is read first, and the
// whole window only if the line does not tell.
#include "scanner/context.h"

#include <algorithm>

#include "scanner/context_credential.h"
#include "scanner/context_host.h"
#include "scanner/context_request.h"
#include "scanner/context_service.h"
#include "scanner/context_store.h"
#include "scanner/context_text.h"

namespace assay {

namespace {

// What the kind says of the scope, whatever the text says.
Scope scope_of_kind(std::string_view kind) {
  if (kind == "master") return Scope::app;
  return kind == "system" ? Scope::extension : Scope::unknown;
}

ContextFacts no_facts(std::string_view key, std::string_view kind) {
  ContextFacts facts;
  facts.key = key;
  facts.kind = kind;
  facts.context.scope = scope_of_kind(kind);
  return facts;
}

}  // namespace

KeyContext read_context(std::string_view text, size_t begin, size_t end, std::string_view kind,
                        std::string_view path) {
  if (begin > end || end > text.size()) return {};
  const size_t from = begin - std::min(begin, kContextBefore);
  const size_t to = end + std::min(text.size() - end, kContextAfter);
  const std::string_view key = text.substr(begin, end - begin);

  const size_t line = begin - last_line(text.substr(from, begin - from)).size();
  const size_t line_end = end + std::min(text.substr(end, to - end).find('\n'), to - end);
  if (line != from || line_end != to) {
    const Surroundings near(text, line, begin, end, line_end);
    ContextFacts facts = no_facts(key, kind);
    read_query(near, facts);
    if (!facts.context.host.empty()) return facts.context;
  }

  const Surroundings window(text, from, begin, end, to);
  ContextFacts facts = no_facts(key, kind);
  read_query(window, facts);
  if (!facts.has_carrier()) read_named_credential(window, facts);
  if (!facts.has_carrier()) read_store(window, path, facts);
  return facts.context;
}

KeyContext read_context(std::string_view text, size_t begin, size_t end, std::string_view family,
                        std::string_view kind, std::string_view path) {
  if (family.empty() || family == "azure-functions") {
    return read_context(text, begin, end, kind, path);
  }
  if (begin > end || end > text.size()) return {};
  const size_t from = begin - std::min(begin, kContextBefore);
  const size_t to = end + std::min(text.size() - end, kContextAfter);
  const Surroundings window(text, from, begin, end, to);
  ContextFacts facts;
  facts.key = text.substr(begin, end - begin);
  facts.kind = kind;
  facts.family = family;
  facts.services = services_of(family);
  read_credential(window, path, facts);
  return facts.context;
}

}  // namespace assay
