// Finds the config, reads it with all that it names, and makes it fit to be shown.
#include "cli/config_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <utility>

#include "cli/config_search.h"
#include "cli/owner_flags.h"
#include "reports/format.h"
#include "response/text_file.h"
#include "scanner/sources/ignore.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr const char* kRulesVariable = "ASSAY_GITLEAKS_RULES";

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// What reports call a file: nothing of this machine above the current folder.
std::string shown_name(const std::string& path) {
  const bool leads_out =
      path.starts_with('/') || path.starts_with("../") || path.find("/../") != std::string::npos;
  return std::string(leads_out ? last_part(path) : std::string_view(path));
}

ConfigFile config_file(const std::string& path, const std::string& name, bool gitleaks) {
  return {path, printable(redact_names(shown_name(name))), gitleaks};
}

ConfigFile found_file(const std::string& path, bool gitleaks) {
  return config_file(path, from_here(path), gitleaks);
}

std::vector<ConfigFile> files_of(const ConfigPlaces& places) {
  std::vector<ConfigFile> out;
  if (!places.assay.empty()) out.push_back(found_file(places.assay, false));
  if (!places.gitleaks.empty()) out.push_back(found_file(places.gitleaks, true));
  return out;
}

std::string named(const ConfigPlaces& places) {
  std::vector<std::string> names;
  for (const std::string* path : {&places.assay, &places.gitleaks}) {
    if (!path->empty()) names.push_back(from_here(*path));
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, " and "));
}

// Where the configs of all inputs stand, which must be the same.
std::vector<ConfigFile> search_all(const std::vector<std::string>& inputs,
                                   const std::string& repository_root,
                                   std::vector<std::string>& warnings) {
  std::set<std::string> told;
  const std::string* first = nullptr;
  ConfigPlaces places;
  for (const std::string& input : inputs) {
    std::vector<std::string> said;
    std::optional<ConfigPlaces> more = search_config(input, repository_root, said);
    if (!more) continue;  // whoever scans it says so
    for (std::string& sentence : said) {
      if (told.insert(sentence).second) warnings.push_back(std::move(sentence));
    }
    if (first == nullptr) {
      first = &input;
      places = std::move(*more);
    } else if (!(*more == places)) {
      throw Error(
          fmt::format("The config of {} is {}, that of {} is {}, and a run has one. Name it "
                      "with --config, or scan them apart.",
                      *first, named(places), input, named(*more)));
    }
  }
  return files_of(places);
}

// The files of --config: one of each kind at most, .assay.toml first.
std::vector<ConfigFile> named_files(const std::vector<std::string>& paths) {
  std::vector<ConfigFile> out;
  for (const std::string& path : paths) {
    const bool by_name = last_part(path).find("gitleaks") != std::string_view::npos;
    const bool gitleaks = by_name || is_gitleaks(read_text_file(path, path, kMaxConfigBytes));
    if (!out.empty() && (out.size() > 1 || out.front().gitleaks == gitleaks)) {
      throw Error(fmt::format("{} and {} are both configs of {}. Name one of each kind at most.",
                              out.front().path, path, gitleaks ? "gitleaks" : "assay"));
    }
    out.insert(gitleaks ? out.end() : out.begin(), config_file(path, path, gitleaks));
  }
  return out;
}

// Where a config may name files: its repository, or else its folder.
std::string bounds_of(const std::string& folder) {
  const std::string root = repository_of({folder}).folder;
  return root.empty() ? real_path_or_empty(folder) : root;
}

std::string joined(const std::string& folder, const std::string& name) {
  if (folder == ".") return name;
  const std::string path = folder + (folder.ends_with('/') ? "" : "/") + name;
  return path.starts_with('/') ? from_here(path) : path;
}

// What the config `file` calls `name`. Throws Error if that is out of bounds, links followed. A
// file that is not there is whose opens it to say.
std::string path_beside(const ConfigFile& file, const std::string& name) {
  const std::string folder = folder_of(file.path);
  const std::string bounds = bounds_of(folder);
  std::string path = joined(folder, name);
  std::string real = real_path_or_empty(path);
  if (real.empty()) {
    // gitleaks goes by the current folder, which mostly is the root.
    const std::string at_root = joined(bounds, name);
    real = real_path_or_empty(at_root);
    if (!real.empty()) path = at_root;
  }
  if (name.starts_with('/') || (!real.empty() && !lies_in(real, bounds))) {
    throw Error(
        fmt::format("{} names {}, which leads out of its repository or folder. Name a "
                    "file in it.",
                    file.shown, name));
  }
  return path;
}

std::string message_name(const ConfigFile& file) {
  return redact_names(printable(file.path.starts_with('/') ? from_here(file.path) : file.path));
}

Config read_gitleaks_config(const ConfigFile& file, const std::string& text,
                            const std::optional<std::string>& rules) {
  const ReadBeside read = [&](const std::string& path) {
    if (rules && path == *rules) return read_text_file(path, path, kMaxConfigBytes);
    return read_text_file(path_beside(file, path),
                          fmt::format("{}, which {} extends,", path, file.shown), kMaxConfigBytes);
  };
  return parse_gitleaks(text, message_name(file), read, rules);
}

Config read_config(const ConfigFile& file, const std::optional<std::string>& rules) {
  const std::string text = read_text_file(file.path, message_name(file), kMaxConfigBytes);
  if (file.gitleaks) return read_gitleaks_config(file, text, rules);
  Config config = parse_config(text, message_name(file));
  for (const std::string& pattern : config.exclude) {
    const std::string_view fault = IgnoreRules::fault(pattern);
    if (fault.empty()) continue;
    throw Error(fmt::format("{}:{}: exclude \"{}\" could never match: {}. Correct it.",
                            message_name(file), config.exclude_line, pattern, fault));
  }
  if (config.fail_on == "never") {
    config.warnings.push_back(fmt::format(
        "{} has fail_on = \"never\", so no finding changes the exit code.", message_name(file)));
  }
  for (std::string* path : {&config.owners, &config.inventory, &config.baseline}) {
    if (!path->empty()) *path = path_beside(file, *path);
  }
  return config;
}

// A config may hold a key, as one that is allowed; what reports show of it must not.
void hide_keys(Config& config) {
  for (Rule& rule : config.rules) {
    if (redact_names(rule.id) != rule.id) {
      throw Error(fmt::format("{}:{}: The id of this rule holds a key. Choose another.",
                              rule.regex->file, rule.regex->line));
    }
    for (std::string* text :
         {&rule.title, &rule.description, &rule.help_uri, &rule.rotation_summary}) {
      *text = redact_names(*text);
    }
    for (RotationSteps& steps : rule.rotation) {
      for (std::string& step : steps.steps) step = redact_names(step);
    }
    const auto holds_key = [](const std::string& text) { return redact_names(text) != text; };
    const std::vector<std::string>& tags = rule.regex->tags;
    if (holds_key(rule.regex->file) || std::any_of(tags.begin(), tags.end(), holds_key)) {
      RegexRule regex = *rule.regex;
      regex.file = redact_names(regex.file);
      for (std::string& tag : regex.tags) tag = redact_names(tag);
      rule.regex = std::make_shared<const RegexRule>(std::move(regex));
    }
  }
  for (ConfigAllow& allow : config.allows) allow.reason = redact_names(allow.reason);
  for (std::string& warning : config.warnings) warning = printable(redact_names(warning));
}

std::optional<std::string> gitleaks_rules(const ConfigFlags& flags) {
  if (!flags.gitleaks_rules.empty()) return flags.gitleaks_rules;
  const char* variable = std::getenv(kRulesVariable);
  if (variable == nullptr || *variable == '\0') return std::nullopt;
  return variable;
}

}  // namespace

void add_config_flags(CLI::App& command, ConfigFlags& flags) {
  const auto not_empty = [](const std::string& text) {
    return text.empty() ? std::string("the name is empty: a variable may not be set")
                        : std::string();
  };
  CLI::Option* config = command.add_option("--config", flags.config,
                                           "Config: .assay.toml or gitleaks' own; else the "
                                           "nearest");
  config->type_name("FILE")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->check(not_empty)
      ->group("Your own rules");
  command.add_flag("--no-config", flags.no_config, "Look for no config")
      ->excludes(config)
      ->group("Your own rules");
  command
      .add_option("--gitleaks-rules", flags.gitleaks_rules,
                  "What useDefault of a gitleaks config means, or the config itself")
      ->type_name("FILE")
      ->check(not_empty)
      ->group("Your own rules");
}

std::vector<ConfigFile> config_files_for(const std::string& input,
                                         const std::string& repository_root,
                                         std::vector<std::string>& warnings) {
  return files_of(search_config(input, repository_root, warnings).value_or(ConfigPlaces()));
}

ConfigChoice find_config(const ConfigFlags& flags, const std::vector<std::string>& inputs,
                         const std::string& repository_root) {
  ConfigChoice out;
  std::vector<std::string> warnings;
  if (!flags.config.empty()) {
    out.files = named_files(flags.config);
  } else if (!flags.no_config) {
    out.files = search_all(inputs, repository_root, warnings);
  }
  const bool has_gitleaks = std::any_of(out.files.begin(), out.files.end(),
                                        [](const ConfigFile& file) { return file.gitleaks; });
  if (!has_gitleaks && !flags.gitleaks_rules.empty()) {
    out.files.push_back(config_file(flags.gitleaks_rules, flags.gitleaks_rules, true));
  }
  for (const ConfigFile& file : out.files) {
    Config config = read_config(file, gitleaks_rules(flags));
    config.file = file.shown;
    out.config = merge(std::move(out.config), std::move(config));
  }
  out.config.warnings.insert(out.config.warnings.begin(), warnings.begin(), warnings.end());
  hide_keys(out.config);
  return out;
}

}  // namespace assay
