// The man page, assay(1), in roff's man macros: the program, then a section a command, as --help
// has them.
//
//   .SS "assay hook install [OPTIONS] [REPO]"
//   .TP
//   \fB\-f\fR, \fB\-\-format\fR \fITEXT\fR
//
// No date stands in it, since it would be another one with each build.
#include <fmt/format.h>

#include "cli/command_tree.h"
#include "rules/version.h"

namespace assay {

namespace {

// Text as roff shows it: `\` and `-` as themselves, and no line taken for a request.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool starts_line = out.empty() || out.back() == '\n';
    if (starts_line && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '"') {
      out += "\\(dq";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '`') {
      out += "\\(ga";
    } else if (c == '^') {
      out += "\\(ha";
    } else if (c == '~') {
      out += "\\(ti";
    } else {
      out += c;
    }
  }
  return out;
}

std::string synopsis(const CommandWords& command) {
  std::string out = "assay" + (command.path.empty() ? "" : " " + command.path);
  bool options = false;
  std::string rest;
  for (const OptionWords& option : command.options) {
    if (!option.positional) {
      options = true;
      continue;
    }
    const std::string name = option.names.front() + (option.many ? "..." : "");
    rest += option.required ? " " + name : fmt::format(" [{}]", name);
  }
  if (options) out += " [OPTIONS]";
  if (!command.commands.empty()) rest += " COMMAND";
  return out + rest;
}

std::string item(const OptionWords& option) {
  std::string names;
  for (const std::string& name : option.names) {
    if (!names.empty()) names += ", ";
    names += fmt::format("\\f{}{}\\fR", option.positional ? 'I' : 'B', roff(name));
  }
  if (option.positional) {
    if (option.many) names += " ...";
  } else if (!option.choices.empty()) {
    names += fmt::format(" {}", roff(fmt::format("{}", fmt::join(option.choices, "|"))));
  } else if (!option.value.empty()) {
    names += fmt::format(" \\fI{}\\fR", roff(option.value));
  }
  std::string text = roff(option.description);
  if (!option.standard.empty()) text += fmt::format(" [{}]", roff(option.standard));
  return fmt::format(".TP\n{}\n{}\n", names, text);
}

std::string items(const CommandWords& command) {
  std::string out, group;
  for (const bool positional : {true, false}) {
    for (const OptionWords& option : command.options) {
      if (option.positional != positional) continue;
      if (!positional && !group.empty() && group != option.group) {
        out += fmt::format(".PP\n{}:\n", roff(option.group));
      }
      if (!positional) group = option.group;
      out += item(option);
    }
  }
  return out;
}

// As it stands, in lines of their own.
std::string block(std::string_view text) {
  return text.empty() ? "" : fmt::format(".PP\n.nf\n{}\n.fi\n", roff(text));
}

}  // namespace

std::string man_page(const CommandWords& program) {
  std::string sections, list;
  program.each([&](const CommandWords& command) {
    if (command.path.empty()) return;
    list +=
        fmt::format(".TP\n\\fBassay {}\\fR\n{}\n", roff(command.path), roff(command.description));
    sections += fmt::format(".SS \"{}\"\n{}.\n{}{}", roff(synopsis(command)),
                            roff(command.description), items(command), block(command.footer));
  });
  std::string description = program.description;
  for (char& c : description) c = c == '\n' ? ' ' : c;
  return fmt::format(
      ".TH ASSAY 1 \"\" \"assay {}\" \"User Commands\"\n"
      ".SH NAME\n"
      "assay \\- find leaked keys and prove them\n"
      ".SH SYNOPSIS\n"
      "\\fBassay\\fR \\fICOMMAND\\fR [OPTIONS] ...\n"
      ".SH DESCRIPTION\n"
      "{}\n"
      "{}"
      ".SH COMMANDS\n"
      "{}"
      ".SH OPTIONS\n"
      "{}"
      ".SH \"OPTIONS OF EACH COMMAND\"\n"
      "{}",
      kVersion, roff(description), block(program.footer), list, items(program), sections);
}

}  // namespace assay
