// A regex of the user's config, asked of a short text: a secret.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace assay {

// RE2 syntax over UTF-8, as the regexes of gitleaks' files. Linear time, at most 8 MiB. Any thread.
class TextPattern {
 public:
  // Throws Error that begins with `place`, ".assay.toml:7", if RE2 refuses it.
  TextPattern(const std::string& regex, std::string_view place);
  ~TextPattern();
  TextPattern(TextPattern&&) noexcept;

  // Whether it matches anywhere in `text`.
  bool found_in(std::string_view text) const;

 private:
  std::unique_ptr<const re2::RE2> regex_;
};

}  // namespace assay
