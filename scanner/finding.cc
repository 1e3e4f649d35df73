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

}  // namespace assay
