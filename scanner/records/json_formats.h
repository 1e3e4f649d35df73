// The rows of json_formats(): one function for each system, in the file of its name.
#pragma once

#include "scanner/records/record.h"

namespace assay {

RecordFormat slack_format();
RecordFormat teams_format();
RecordFormat discord_format();
RecordFormat mattermost_format();
RecordFormat jira_json_format();
RecordFormat servicenow_json_format();
RecordFormat zendesk_format();
RecordFormat github_format();
RecordFormat gitlab_format();
RecordFormat har_format();
RecordFormat app_insights_format();
RecordFormat azure_monitor_format();
RecordFormat docker_log_format();
RecordFormat postman_format();
RecordFormat notebook_format();
RecordFormat terraform_format();
RecordFormat functions_secrets_format();
RecordFormat local_settings_format();

}  // namespace assay
