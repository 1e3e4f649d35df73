// Where the configs of an input stand. For config_flags.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace assay {

// Real paths; empty: there is none.
struct ConfigPlaces {
  std::string assay, gitleaks;
  friend bool operator==(const ConfigPlaces&, const ConfigPlaces&) = default;
};

// The nearest configs at and above one input, or nothing if the input is not there. What is there
// but may not count is told in `warnings`, and is as if it were not there. Throws Error for one
// that is no regular file or a link that leads out of the repository.
std::optional<ConfigPlaces> search_config(const std::string& input,
                                          const std::string& repository_root,
                                          std::vector<std::string>& warnings);

// `path` without symbolic links, empty if there is none.
std::string real_path_or_empty(const std::string& path);

// Whether the real path lies in the folder, which is one too.
bool lies_in(const std::string& path, const std::string& folder);

// A real path as a person in the current folder would write it: `../.assay.toml`.
std::string from_here(const std::string& path);

}  // namespace assay
