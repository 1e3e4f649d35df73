// assay rotate FINDINGS|PLAN… — plans of what to do about leaked keys
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <set>

#include "cli/commands.h"
#include "cli/output.h"
#include "reports/format.h"
#include "reports/rotation_formats.h"
#include "response/rotation_file.h"
#include "response/rotation_names.h"
#include "scanner/sources/file_reader.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kMostBytes = size_t{1} << 30;
constexpr size_t kMostPlans = 20'000;  // as in a file of plans: each has some 16 KiB of steps

struct RotateFlags {
  std::vector<std::string> files;
  std::string format = "markdown";
  std::vector<std::string> fingerprints;
  std::vector<std::string> settings;  // NAME=VALUE
  std::string inventory;
  std::string output;
};

std::string shown(std::string_view text) { return redact_names(printable(text)); }

// The whole of a file, or of standard input for `-`; a pipe is as good as a file.
std::string read_whole(const std::string& path) {
  const auto fail = [&path](std::string_view reason) {
    throw Error(fmt::format("{} could not be read: {}. Give a report of --format jsonl, or a plan.",
                            path == "-" ? "standard input" : shown(path), reason));
  };
  Descriptor opened;
  if (path != "-") {
    opened = open_path(path, O_RDONLY | O_NOCTTY);
    if (!opened) fail(std::strerror(errno));
  }
  const int file = path == "-" ? STDIN_FILENO : opened.get();
  std::string text;
  for (size_t size = 0;;) {
    if (size == text.size()) text.resize(std::max<size_t>(64 << 10, size * 2));
    const ssize_t got = read(file, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(std::strerror(errno));
    size += static_cast<size_t>(got);
    if (size > kMostBytes) fail("it is larger than 1 GiB");
    if (got == 0) {
      text.resize(size);
      return text;
    }
  }
}

// What is known of the keys, worst first: of all reports together, then of plans. `complete` is
// false if a report does not tell all.
std::vector<RotationInput> read_inputs(const RotateFlags& flags, const RuleSet& rules,
                                       bool& complete) {
  std::vector<FindingsFile> reports;
  std::vector<RotationInput> planned;
  for (const std::string& path : flags.files) {
    const std::string text = read_whole(path);
    const std::string name = path == "-" ? "standard input" : path;
    if (is_rotation_file(text)) {
      for (RotationInput& input : parse_rotation_file(text, name, rules)) {
        planned.push_back(std::move(input));
      }
      continue;
    }
    reports.push_back(parse_findings(text, name, rules));
    for (const std::string& gap : gaps_of(reports.back())) {
      complete = false;
      say(fmt::format("assay: {}\n", shown(gap)));
    }
  }
  std::optional<Inventory> inventory;
  if (!flags.inventory.empty()) inventory = Inventory::read(flags.inventory);
  // Owners are those of the reports' lines: nothing new is known of them here.
  const OwnerSources lines_only;
  const Incident incident = merge_findings(reports, lines_only);
  std::vector<RotationInput> inputs = rotation_inputs(incident, inventory ? &*inventory : nullptr);
  // A plan holds what a person filled in: it counts before a report of the same key.
  std::set<std::string> in_plans;
  for (const RotationInput& input : planned) {
    if (!input.about.fingerprint.empty()) in_plans.insert(input.about.fingerprint);
  }
  std::erase_if(inputs, [&](const RotationInput& input) {
    return in_plans.count(input.about.fingerprint) > 0;
  });
  inputs.insert(inputs.begin(), std::make_move_iterator(planned.begin()),
                std::make_move_iterator(planned.end()));
  return inputs;
}

void choose(const std::vector<std::string>& fingerprints, std::vector<RotationInput>& inputs) {
  if (fingerprints.empty()) return;
  for (const std::string& wanted : fingerprints) {
    const bool there = std::any_of(inputs.begin(), inputs.end(), [&](const RotationInput& input) {
      return input.about.fingerprint == wanted;
    });
    if (!there) {
      throw Error(
          fmt::format("No key has the fingerprint {}. Take one from the findings.", shown(wanted)));
    }
  }
  std::erase_if(inputs, [&](const RotationInput& input) {
    return std::find(fingerprints.begin(), fingerprints.end(), input.about.fingerprint) ==
           fingerprints.end();
  });
}

struct Setting {
  const FactRow* row = nullptr;
  std::string value;
};

std::string names_of_facts() {
  std::string names;
  for (const FactRow& row : fact_rows()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", row.name);
  }
  return names;
}

Setting parse_setting(std::string_view text) {
  const size_t equals = text.find('=');
  const std::string_view name = text.substr(0, std::min(equals, text.size()));
  for (const FactRow& row : fact_rows()) {
    if (row.name != name || equals == std::string_view::npos) continue;
    const std::string_view value = text.substr(equals + 1);
    if (!is_valid(row.fact, value)) {
      throw Error(fmt::format("--set {}: {} cannot be {}.", name,
                              value.empty() ? "nothing" : shown(value), row.meaning));
    }
    return {&row, std::string(value)};
  }
  throw Error(
      fmt::format("--set takes NAME=VALUE, not {}. Names: {}.", shown(text), names_of_facts()));
}

// No value that a fact may have holds a comma.
std::vector<Setting> parse_settings(const std::vector<std::string>& texts) {
  std::vector<Setting> settings;
  for (const std::string_view text : texts) {
    for (size_t at = 0; at <= text.size();) {
      const size_t comma = std::min(text.find(',', at), text.size());
      settings.push_back(parse_setting(text.substr(at, comma - at)));
      at = comma + 1;
    }
  }
  return settings;
}

// Of several keys, what one of them tells otherwise is no fact of all.
void apply(const std::vector<Setting>& settings, std::vector<RotationInput>& inputs) {
  for (const auto& [row, value] : settings) {
    for (RotationInput& input : inputs) {
      const std::string& known = input.about.facts[row->fact];
      if (inputs.size() > 1 && !known.empty() && known != value) {
        throw Error(fmt::format(
            "--set {}={}: of one of the {} keys it is {}. Choose one with --fingerprint.",
            row->name, value, inputs.size(), known));
      }
      set_fact(input.about, row->fact, value);
    }
  }
}

// A script with blanks refuses to run: better to know it before it is carried somewhere.
void tell_blanks(const std::vector<RotationPlan>& plans) {
  std::set<std::string_view> names;
  for (const RotationPlan& plan : plans) {
    for (const Fact fact : plan.blanks) names.insert(row_of(fact).name);
  }
  if (names.empty()) return;
  std::string list;
  for (const std::string_view name : names) {
    list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
  }
  say(
      fmt::format("assay: the script does not run before these are known: {}. Fill them in with "
                  "--set NAME=VALUE.\n",
                  list));
}

int rotate(const RotateFlags& flags) {
  const auto formats = rotation_formats();
  const auto format = std::find_if(formats.begin(), formats.end(), [&](const RotationFormat& one) {
    return one.name == flags.format;
  });
  if (format == formats.end()) {
    throw Error(fmt::format("There is no format {}. Choose markdown, json or script.",
                            shown(flags.format)));
  }
  const std::vector<Setting> settings = parse_settings(flags.settings);
  const RuleSet rules = RuleSet::builtin();
  bool complete = true;
  std::vector<RotationInput> inputs = read_inputs(flags, rules, complete);
  choose(flags.fingerprints, inputs);
  if (inputs.size() > kMostPlans) {
    throw Error(
        fmt::format("There are {} keys, and at most {} are planned at once. Choose some with "
                    "--fingerprint.",
                    grouped(inputs.size()), grouped(kMostPlans)));
  }
  apply(settings, inputs);
  std::vector<RotationPlan> plans;
  for (RotationInput& input : inputs) {
    plans.push_back(plan_rotation(std::move(input.about), input.rule));
  }
  Output output(flags.output);
  format->write(plans, output.buffer());
  output.flush(true, rules.families());
  output.commit();
  if (flags.format == "script") tell_blanks(plans);
  return complete ? kExitClean : kExitFailed;
}

}  // namespace

void add_rotate_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<RotateFlags>();
  CLI::App* command = app.add_subcommand("rotate", "Plan how to rotate the keys of a report");
  command->add_option("FILE", flags->files, "Reports of --format jsonl, or plans; - is stdin")
      ->required();
  command->add_option("-f,--format", flags->format, "markdown (default), json, script")
      ->type_name("NAME");
  command->add_option("--fingerprint", flags->fingerprints, "Only this key; may be given again")
      ->type_name("ID")
      ->expected(1)
      ->take_all();
  command->add_option("--set", flags->settings, "Facts: NAME=VALUE, or several with commas")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->take_all();
  command->add_option("--inventory", flags->inventory, "Who holds which key; see docs/inventory.md")
      ->type_name("FILE");
  command->add_option("-o,--output", flags->output, "Write to a file, whole or not at all")
      ->type_name("FILE");
  command->footer(
      "Exit codes: 0 written, 2 not written, or written from reports that do not tell all.\n"
      "Examples:\n"
      "  assay scan logs -f jsonl | assay rotate -          what to do, with boxes to tick\n"
      "  assay rotate findings.jsonl -f json -o plan.json   blanks to fill in\n"
      "  assay rotate plan.json -f script -o rotate.sh      az calls; asks before it deletes\n"
      "  assay rotate findings.jsonl -f script --set subscription=prod,resource_group=rg-orders");
  command->callback([&chosen, flags] { chosen = [flags] { return rotate(*flags); }; });
}

}  // namespace assay
