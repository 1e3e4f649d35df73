// A folder of the user's own in which a compiled database outlives the run.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay {

// The folder that XDG names for it: $XDG_CACHE_HOME/assay or $HOME/.cache/assay; empty if neither
// is set to an absolute path.
std::string default_cache_folder();

// The bytes stored under `name`, or nothing unless all of this holds: folder and file belong to
// this user and nobody else can write them, the file is no link, and its checksum is right. Never
// throws.
std::optional<std::string> load_cached(const std::string& folder, const std::string& name);

// Stores `bytes` under `name`: the folder is made with mode 0700, the file with 0600, under a
// temporary name first. Failing is silent: the next run compiles again.
void store_cached(const std::string& folder, const std::string& name, std::string_view bytes);

}  // namespace assay
