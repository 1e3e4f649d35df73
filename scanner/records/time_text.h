// Times as exports write them, told in UTC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay {

// What a time without a zone is: nobody knows, or the format says UTC.
enum class NoZone { unknown, utc };

// The time that `text` says as `YYYY-MM-DDTHH:MM:SSZ`, a fraction cut; empty if it is no valid
// time, or has no zone and `no_zone` is `unknown`. White space around it is left out. Years 1 to
// 9999.
//   2025-11-02T09:00:00.123+01:00  +0100  +01  Z    ISO 8601; a space or `t` for T, a comma for the
//   2025-11-02 08:00:00                             point, no seconds, a space before the zone, UTC
//                                                   and GMT as zones; 2025/11/02 too
//   Sun, 2 Nov 2025 09:00:00 +0100                  RFC 5322; no day, two digits for the year, the
//                                                   old zone names, a comment behind it
//   Sun Nov  2 08:00:00 2025                        asctime, in `From ` lines of mbox
//   02/Nov/2025:09:00:00 +0100                      Apache
//   11/2/2025, 8:00:00.123 AM                       the Azure portal: month, day; never has a zone
// A second of 60 is the next minute's 0.
std::string utc_time(std::string_view text, NoZone no_zone = NoZone::unknown);

// The time that a count since 1970 says: digits, with `-` before or a fraction behind
// (`1762070400.000100`), in whole parts of a second. `1.7620704e9` is refused.
enum class EpochUnit { seconds, milliseconds, microseconds, nanoseconds };
std::string epoch_time(std::string_view text, EpochUnit unit);

// Of seconds since 1970. Empty outside of the years 1 to 9999.
std::string epoch_time(int64_t seconds);

// Of Windows' FILETIME: 100 ns since 1601, UTC.
std::string filetime_time(uint64_t filetime);

}  // namespace assay
