// The formats that are text, XML, CSV or mail, asked in this order: those that their first bytes
// tell first, then XML by its root, CSV by its header, and lines by what they are.
#include "scanner/records/text_formats.h"

namespace assay {

std::span<const RecordFormat> text_formats() {
  static constexpr RecordFormat kFormats[] = {
      {"evtx", is_evtx, find_in_evtx},
      {"jira", is_jira_rss, find_in_jira_rss},
      {"jira", is_jira_backup, find_in_jira_backup},
      {"servicenow", is_servicenow_xml, find_in_servicenow_xml},
      {"confluence", is_confluence, find_in_confluence},
      {"discord", is_discord_html, find_in_discord_html},
      {"teams", is_teams_html, find_in_teams_html},
      {"mail", is_mail, find_in_mail},
      {"jira", is_jira_csv, find_in_jira_csv},
      {"servicenow", is_servicenow_csv, find_in_servicenow_csv},
      {"zendesk", is_zendesk_csv, find_in_zendesk_csv},
      {"discord", is_discord_csv, find_in_discord_csv},
      {"appinsights", is_app_insights_csv, find_in_app_insights_csv},
      {"iis", is_w3c_log, find_in_w3c_log},
      {"access-log", is_access_log, find_in_access_log},
      {"nginx", is_nginx_error_log, find_in_nginx_error_log},
      {"cri", is_cri_log, find_in_cri_log},
      {"journald", is_journald_export, find_in_journald_export},
      {"journald", is_journald_json, find_in_journald_json},
      {"asciicast", is_asciicast, find_in_asciicast},
      {"env", is_env_file, find_in_env_file},
  };
  return kFormats;
}

}  // namespace assay
