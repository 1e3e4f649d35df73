// The steps of a plan for a key of Azure Functions.
#pragma once

#include <string>
#include <vector>

#include "response/rotation.h"

namespace assay {

std::vector<RotationStep> rotation_steps(const RotationCase& about);

// A step as one string: "Watch the logs …: az monitor app-insights query …".
std::string step_text(const RotationStep& step);

// How the calls of the app are looked at, for Application Insights kept in a workspace, for its
// classic form, and for the web server's own log.
std::vector<RotationQuery> watch_queries(const RotationCase& about);

// The first of them that `az monitor app-insights query` takes, as that command.
std::string watch_command(const RotationCase& about);

}  // namespace assay
