// What text_formats.cc lists: two functions for each format, as RecordFormat wants them.
#pragma once

#include <cstdint>
#include <span>

#include "scanner/records/record.h"

namespace assay {

using Offsets = std::span<const uint64_t>;

bool is_app_insights_csv(const Export& in);
FoundRecords find_in_app_insights_csv(const Export& in, Offsets offsets);
bool is_asciicast(const Export& in);
FoundRecords find_in_asciicast(const Export& in, Offsets offsets);
bool is_access_log(const Export& in);
FoundRecords find_in_access_log(const Export& in, Offsets offsets);
bool is_confluence(const Export& in);
FoundRecords find_in_confluence(const Export& in, Offsets offsets);
bool is_cri_log(const Export& in);
FoundRecords find_in_cri_log(const Export& in, Offsets offsets);
bool is_discord_csv(const Export& in);
FoundRecords find_in_discord_csv(const Export& in, Offsets offsets);
bool is_discord_html(const Export& in);
FoundRecords find_in_discord_html(const Export& in, Offsets offsets);
bool is_env_file(const Export& in);
FoundRecords find_in_env_file(const Export& in, Offsets offsets);
bool is_evtx(const Export& in);
FoundRecords find_in_evtx(const Export& in, Offsets offsets);
bool is_jira_backup(const Export& in);
FoundRecords find_in_jira_backup(const Export& in, Offsets offsets);
bool is_jira_csv(const Export& in);
FoundRecords find_in_jira_csv(const Export& in, Offsets offsets);
bool is_jira_rss(const Export& in);
FoundRecords find_in_jira_rss(const Export& in, Offsets offsets);
bool is_journald_export(const Export& in);
FoundRecords find_in_journald_export(const Export& in, Offsets offsets);
bool is_journald_json(const Export& in);
FoundRecords find_in_journald_json(const Export& in, Offsets offsets);
bool is_mail(const Export& in);
FoundRecords find_in_mail(const Export& in, Offsets offsets);
bool is_nginx_error_log(const Export& in);
FoundRecords find_in_nginx_error_log(const Export& in, Offsets offsets);
bool is_servicenow_csv(const Export& in);
FoundRecords find_in_servicenow_csv(const Export& in, Offsets offsets);
bool is_servicenow_xml(const Export& in);
FoundRecords find_in_servicenow_xml(const Export& in, Offsets offsets);
bool is_teams_html(const Export& in);
FoundRecords find_in_teams_html(const Export& in, Offsets offsets);
bool is_w3c_log(const Export& in);
FoundRecords find_in_w3c_log(const Export& in, Offsets offsets);
bool is_zendesk_csv(const Export& in);
FoundRecords find_in_zendesk_csv(const Export& in, Offsets offsets);

}  // namespace assay
