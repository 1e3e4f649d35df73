// Notifications of a SARIF log: what was not scanned, and what a reader of the log should know.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "scanner/finding.h"

namespace assay {

// GitHub's limits for one run.
inline constexpr uint64_t kGithubShownResults = 5000;
inline constexpr uint64_t kGithubMaxResults = 25000;

// The descriptors, in the order of their ids. An id is never reused.
nlohmann::ordered_json sarif_notification_descriptors();

// A diagnostic. Its level is `warning`, `note` where the user accepted it, or `error` where the
// scan was interrupted: SARIF takes an `error` for a run that failed.
nlohmann::ordered_json sarif_notification(const Diagnostic& diagnostic);

// More results than GitHub shows were written.
nlohmann::ordered_json many_results_notification(uint64_t results);

// Of more results of exports than could be kept, `left_out` were not written.
nlohmann::ordered_json results_left_out_notification(uint64_t left_out, uint64_t kept);

// Findings that the reader of the log does not get: `suppressed` ones, and those that stand
// `elsewhere` than in files of the checkout.
nlohmann::ordered_json results_withheld_notification(uint64_t suppressed, uint64_t elsewhere);

// The log is the part `number` of `parts`.
nlohmann::ordered_json part_notification(size_t number, size_t parts);

// More results than the reader takes of a run were found: `left_out` are not there.
nlohmann::ordered_json results_refused_notification(uint64_t left_out, uint64_t kept);

// A sentence on the run: a baseline entry that is over, a rule that is slow.
nlohmann::ordered_json run_note_notification(std::string_view note);

// Of more notifications than `kept`, `left_out` were not written.
nlohmann::ordered_json left_out_notification(uint64_t left_out, uint64_t kept);

}  // namespace assay
