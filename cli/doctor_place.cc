// What of assay doctor is about a folder: its config, baseline and owners, what is left out of a
// scan, and the repository that it lies in.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <functional>

#include "cli/config_flags.h"
#include "cli/doctor.h"
#include "cli/owner_flags.h"
#include "git/repository.h"
#include "git/small_file.h"
#include "reports/format.h"
#include "response/baseline.h"
#include "response/codeowners.h"
#include "response/inventory.h"
#include "response/owners_file.h"
#include "response/suppress.h"
#include "rules/rule_set.h"
#include "scanner/database_cache.h"
#include "scanner/regex_rules.h"
#include "scanner/sources/ignore.h"

namespace assay {

namespace {

using Status = Check::Status;

constexpr const char* kBaselineName = ".assay-baseline";

bool is_there(const std::string& path) {
  struct stat status;
  return !path.empty() && stat(path.c_str(), &status) == 0;
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  gmtime_r(&now, &day);
  return fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

void check_baseline(const std::string& named, const std::string& root, std::vector<Check>& checks) {
  const std::string beside = root.empty() ? "" : fmt::format("{}/{}", root, kBaselineName);
  if (named.empty()) {
    if (is_there(beside)) {
      checks.push_back({Status::warning, "baseline",
                        fmt::format("{} is there, but nothing names it", kBaselineName),
                        "Name it in .assay.toml, or with --baseline."});
    }
    return;
  }
  try {
    const Baseline baseline = Baseline::read(named, named);
    const size_t over = baseline.expired(today()).size();
    const std::string what =
        fmt::format("{}: {} entries", named, grouped(baseline.entries().size()));
    if (over > 0) {
      checks.push_back({Status::warning, "baseline", fmt::format("{}, {} expired", what, over),
                        "Rotate those keys, or give the entries another day and reason."});
    } else {
      checks.push_back({Status::ok, "baseline", what, ""});
    }
  } catch (const Error& error) {
    checks.push_back({Status::wrong, "baseline", "it cannot be used", error.what()});
  }
}

// A file that the config names. `read` throws Error where a scan would end with one.
void check_named(std::string_view name, const std::string& path, const std::function<void()>& read,
                 std::vector<Check>& checks) {
  if (path.empty()) return;
  if (access(path.c_str(), R_OK) != 0) {
    checks.push_back({Status::wrong, name, fmt::format("{} cannot be read", path),
                      "Correct its name in the config, or make it."});
    return;
  }
  try {
    read();
    checks.push_back({Status::ok, name, fmt::format("{} is there", path), ""});
  } catch (const Error& error) {
    checks.push_back({Status::wrong, name, "it cannot be used", error.what()});
  }
}

// All that a scan makes of the config before it starts; throws Error as a scan does.
void try_config(const Config& config, std::vector<std::string>& warnings) {
  std::vector<std::string> disabled;
  const RuleSet builtin = RuleSet::builtin();
  const RuleSet rules =
      apply_config({builtin.rules().begin(), builtin.rules().end()}, config, disabled);
  const RegexRules regex_rules(rules, {default_cache_folder(), true});
  warnings.insert(warnings.end(), regex_rules.warnings().begin(), regex_rules.warnings().end());
  SuppressOptions options;
  options.allows = &config.allows;
  options.rules = &rules;
  const Suppressor suppressor(options);
}

void check_codeowners(const std::string& root, std::vector<Check>& checks) {
  const std::string name = root.empty() ? "" : Codeowners::find_in(root, std::nullopt);
  if (name.empty()) return;
  try {
    const Codeowners file = Codeowners::read(root + "/" + name, name);
    checks.push_back({Status::ok, "owners", fmt::format("{} says whose a path is", name), ""});
  } catch (const Error& error) {
    checks.push_back(
        {Status::warning, "owners", fmt::format("{} cannot be used", name), error.what()});
  }
}

// The remedies that assay git gives are these.
void check_completeness(const Repository& repository, std::vector<Check>& checks) {
  bool whole = true;
  const auto missing = [&](std::string what, std::string remedy) {
    whole = false;
    checks.push_back({Status::warning, "repository", std::move(what), std::move(remedy)});
  };
  if (const size_t cut = repository.shallow().size(); cut > 0) {
    missing(fmt::format("it is shallow: its history is cut off at {}", counted(cut, "commit")),
            "Run `git fetch --unshallow`.");
  }
  if (repository.is_partial()) {
    missing("the clone is partial: some of its objects are elsewhere",
            "Run `git fetch --refetch --no-filter`.");
  }
  size_t folders = 0;
  try {
    folders =
        repository.object_folders([&](Diagnostic&& told) { missing(told.reason, told.remedy); })
            .size();
  } catch (const Error& error) {
    missing("its objects cannot be listed", error.what());
  }
  if (!whole) return;
  checks.push_back(
      {Status::ok, "repository",
       fmt::format("{}, whole{}", repository.is_bare() ? "bare" : "with a work folder",
                   folders > 1 ? fmt::format(", objects in {} folders", folders) : std::string()),
       ""});
}

}  // namespace

void check_config(const std::string& path, std::vector<Check>& checks) {
  const std::string root = repository_of({path}).folder;
  std::vector<std::string> warnings;
  ConfigChoice choice;
  try {
    const std::vector<ConfigFile> files = config_files_for(path, root, warnings);
    choice = find_config({}, {path}, root);
    try_config(choice.config, warnings);
    std::vector<std::string> names;
    for (const ConfigFile& file : files) {
      names.push_back(file.shown + (file.gitleaks ? " (gitleaks)" : ""));
    }
    checks.push_back({Status::ok, "config",
                      names.empty() ? std::string("none is there: the built-in rules count")
                                    : fmt::format("{}", fmt::join(names, ", ")),
                      ""});
  } catch (const Error& error) {
    checks.push_back(
        {Status::wrong, "config", "it cannot be used, so no scan starts", error.what()});
  }
  warnings.insert(warnings.end(), choice.config.warnings.begin(), choice.config.warnings.end());
  std::sort(warnings.begin(), warnings.end());
  warnings.erase(std::unique(warnings.begin(), warnings.end()), warnings.end());
  for (const std::string& warning : warnings) {
    checks.push_back({Status::warning, "config", "not all of it may be meant so", warning});
  }
  check_baseline(choice.config.baseline, root, checks);
  const std::string& owners = choice.config.owners;
  check_named(
      "owners", owners, [&] { OwnersFile::read(owners, owners); }, checks);
  const char* named = std::getenv("ASSAY_INVENTORY");
  const std::string inventory =
      choice.config.inventory.empty() && named != nullptr ? named : choice.config.inventory;
  check_named(
      "inventory", inventory, [&] { Inventory::read(inventory); }, checks);
  check_codeowners(root, checks);
}

void check_ignore_file(const std::string& path, std::vector<Check>& checks) {
  const SmallFile file = read_small_file(path + "/.assayignore", IgnoreRules::kMaxBytes + 1);
  if (file.status == SmallFile::Status::missing) return;
  if (file.status == SmallFile::Status::too_large) {
    checks.push_back({Status::warning, "ignored", ".assayignore is larger than what is read of it",
                      "Leave out folders as a whole, in fewer lines."});
    return;
  }
  if (!file) {
    checks.push_back({Status::wrong, "ignored",
                      fmt::format(".assayignore {}", to_string(file.status)),
                      "Make it a file that can be read."});
    return;
  }
  size_t number = 0, patterns = 0, begin = 0;
  while (begin < file.text.size()) {
    const size_t end = std::min(file.text.find('\n', begin), file.text.size());
    const std::string_view line = std::string_view(file.text).substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    ++patterns;
    if (const std::string_view fault = IgnoreRules::fault(line); !fault.empty()) {
      checks.push_back({Status::warning, "ignored",
                        fmt::format("line {} of .assayignore matches nothing: {}", number, fault),
                        "Correct the line, or take it away."});
    }
  }
  if (IgnoreRules::parse(file.text).cut()) {
    checks.push_back({Status::warning, "ignored", ".assayignore is longer than what is read of it",
                      "Leave out folders as a whole, in fewer lines."});
  }
  checks.push_back({Status::ok, "ignored",
                    fmt::format(".assayignore has {}", counted(patterns, "pattern")), ""});
}

void check_repository(const std::string& path, std::vector<Check>& checks) {
  const bool seen = !repository_of({path}).folder.empty();
  try {
    check_completeness(Repository(path, true), checks);
  } catch (const Error& error) {
    if (seen) {
      checks.push_back({Status::wrong, "repository", "it cannot be read", error.what()});
    } else {
      checks.push_back({Status::ok, "repository", "none here: files are scanned, no history", ""});
    }
  }
}

}  // namespace assay
