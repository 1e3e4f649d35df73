// The words that rules and reports use for levels and scopes.
#include "rules/rule.h"

namespace assay {

std::string_view to_string(Level level) {
  switch (level) {
    case Level::note:
      return "note";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "unknown";
}

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::unknown:
      return "unknown";
    case Scope::host:
      return "host";
    case Scope::function:
      return "function";
    case Scope::app:
      return "app";
    case Scope::extension:
      return "extension";
  }
  return "unknown";
}

}  // namespace assay
