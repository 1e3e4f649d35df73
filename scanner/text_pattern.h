// Regexes of the user's config, asked of a short text: a secret.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// RE2 syntax over UTF-8, as the regexes of gitleaks' files. All are asked at once, since a config
// may hold a hundred thousand and a text as many secrets. One thread.
class TextPatterns {
 public:
  TextPatterns();
  ~TextPatterns();
  TextPatterns(const TextPatterns&) = delete;
  TextPatterns& operator=(const TextPatterns&) = delete;

  // Before any text is asked about. Returns the regex's number, from 0 on. Throws Error that begins
  // with `place`, ".assay.toml:7", if RE2 refuses it.
  size_t add(const std::string& regex, std::string_view place);

  // The numbers of those that match anywhere in `text`, ascending.
  std::vector<size_t> found_in(std::string_view text);

 private:
  struct Regexes;
  std::unique_ptr<Regexes> regexes_;
};

}  // namespace assay
