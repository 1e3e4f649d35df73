// Which config a run goes by: the flags, and the search for .assay.toml and gitleaks' own file.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "rules/config.h"

namespace assay {

struct ConfigFlags {
  std::vector<std::string> config;  // files; empty: they are looked for
  bool no_config = false;
  std::string gitleaks_rules;  // what `[extend] useDefault` of a gitleaks config means
};

// Puts these flags on a command. `flags` must live until the command has run.
void add_config_flags(CLI::App& command, ConfigFlags& flags);

// One config of a run.
struct ConfigFile {
  std::string path;   // that it can be opened by; absolute, but for what a flag named
  std::string shown;  // as reports name it: no path of this machine
  bool gitleaks = false;
};

struct ConfigChoice {
  // Of all files, merged. `file` as reports name it; owners, inventory and baseline are paths that
  // can be opened. Texts that reports show (titles, reasons, warnings) are without keys.
  Config config;
  std::vector<ConfigFile> files;  // .assay.toml first
};

// The config of a run over `inputs`, paths as the user gave them (`-` and FIFOs count as the
// current folder): that of the flags, or the nearest .assay.toml and the nearest .gitleaks.toml or
// gitleaks.toml in an input's folder or above it, as far as the root of its repository;
// docs/config.md says what is trusted where. `repository_root`: that of the inputs which lie below
// it, where the caller knows better than `.git` tells; may be empty. Of a history scan, the work
// folder is the one input, of a bare repository there is none.
//
// Throws Error: a config that is wrong, refused or cannot be read, and inputs with different ones.
ConfigChoice find_config(const ConfigFlags& flags, const std::vector<std::string>& inputs,
                         const std::string& repository_root);

// Where the config of one input stands; for doctor. Files that are refused are told in `warnings`.
std::vector<ConfigFile> config_files_for(const std::string& input,
                                         const std::string& repository_root,
                                         std::vector<std::string>& warnings);

}  // namespace assay
