// RE2 for texts outside of a scan.
#include <fmt/format.h>
#include <re2/re2.h>

#include "rules/rule_set.h"
#include "scanner/text_pattern.h"

namespace assay {

namespace {

constexpr int64_t kMemory = 8 << 20;  // bytes a regex may take, its automata included

re2::RE2::Options options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  return options;
}

}  // namespace

TextPattern::TextPattern(const std::string& regex, std::string_view place)
    : regex_(std::make_unique<re2::RE2>(regex, options())) {
  if (regex_->ok()) return;
  throw Error(fmt::format("{}: the regex does not compile: {}. Mend it (RE2 syntax).", place,
                          regex_->error()));
}

TextPattern::~TextPattern() = default;
TextPattern::TextPattern(TextPattern&&) noexcept = default;

bool TextPattern::found_in(std::string_view text) const {
  const re2::StringPiece piece(text.data(), text.size());
  return regex_->Match(piece, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

}  // namespace assay
