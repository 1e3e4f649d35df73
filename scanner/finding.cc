#include "scanner/finding.h"

namespace assay {

std::string_view to_string(Diagnostic::Kind kind) {
  switch (kind) {
    case Diagnostic::Kind::unreadable:
      return "unreadable";
    case Diagnostic::Kind::skipped:
      return "skipped";
    case Diagnostic::Kind::changed:
      return "changed";
    case Diagnostic::Kind::limit:
      return "limit";
    case Diagnostic::Kind::record:
      return "record";
    case Diagnostic::Kind::interrupted:
      return "interrupted";
  }
  return "unknown";
}

std::string_view to_string(Suppression::Kind kind) {
  switch (kind) {
    case Suppression::Kind::marker:
      return "marker";
    case Suppression::Kind::baseline:
      return "baseline";
    case Suppression::Kind::allowlist:
      return "allowlist";
    case Suppression::Kind::sample:
      return "sample";
  }
  return "unknown";
}

std::string_view to_string(BaselineState state) {
  switch (state) {
    case BaselineState::none:
      return "";
    case BaselineState::is_new:
      return "new";
    case BaselineState::unchanged:
      return "unchanged";
    case BaselineState::updated:
      return "updated";
  }
  return "";
}

}  // namespace assay
