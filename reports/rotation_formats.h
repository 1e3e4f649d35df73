// Rotation plans as documents: for a person, for a program, for a shell.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "response/rotation.h"

namespace assay {

// Each appends one document with all plans, in their order. No clock, nothing random: the same
// plans give the same bytes. The value of a key never stands in it.

// With boxes to tick.
void write_rotation_markdown(std::span<const RotationPlan> plans, std::string& out);

// One object, indented, that a person can fill in and `assay rotate` reads again. Fields:
// docs/rotate.md.
void write_rotation_json(std::span<const RotationPlan> plans, std::string& out);

// A script for bash: see docs/rotate.md for what it promises.
void write_rotation_script(std::span<const RotationPlan> plans, std::string& out);

struct RotationFormat {
  std::string_view name;
  void (*write)(std::span<const RotationPlan> plans, std::string& out);
};
std::span<const RotationFormat> rotation_formats();

// What a plan is about, in a few words: "Azure Functions master key of app orders, slot staging".
std::string rotation_subject(const RotationPlan& plan);

}  // namespace assay
