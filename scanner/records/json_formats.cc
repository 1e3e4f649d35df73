// The order matters only where one export could be two formats: what is recognised by more stands
// first.
#include "scanner/records/json_formats.h"

#include <array>

namespace assay {

std::span<const RecordFormat> json_formats() {
  static const std::array kFormats = {slack_format(),
                                      teams_format(),
                                      discord_format(),
                                      mattermost_format(),
                                      jira_json_format(),
                                      servicenow_json_format(),
                                      zendesk_format(),
                                      github_format(),
                                      gitlab_format(),
                                      har_format(),
                                      app_insights_format(),
                                      azure_monitor_format(),
                                      docker_log_format(),
                                      postman_format(),
                                      notebook_format(),
                                      terraform_format(),
                                      functions_secrets_format(),
                                      local_settings_format()};
  return kFormats;
}

}  // namespace assay
