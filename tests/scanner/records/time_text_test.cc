#include "scanner/records/time_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(TimeText, TellsEachFormInUtc) {
  struct Row {
    const char* text;
    const char* known;  // with NoZone::unknown
    const char* utc;    // with NoZone::utc
  };
  const char* const eight = "2025-11-02T08:00:00Z";
  const Row rows[] = {
      {"2025-11-02T08:00:00Z", eight, eight},
      {"2025-11-02T08:00:00.999Z", eight, eight},
      {"2025-11-02T08:00:00.1234567Z", eight, eight},
      {"2025-11-02T08:00:00.123456789Z", eight, eight},
      {"2025-11-02T09:00:00.000+0100", eight, eight},
      {"2025-11-02T09:00:00.123+01:00", eight, eight},
      {"2025-11-02T09:00:00+01", eight, eight},
      {"2025-11-02T02:30:00-0530", eight, eight},
      {"2025-11-02 08:00:00 UTC", eight, eight},
      {"2025-11-02 08:00:00 +0000", eight, eight},
      {"2025-11-02T08:00Z", eight, eight},
      {"2025-11-02t08:00:00,5z", eight, eight},
      {" 2025-11-02T08:00:00Z\r\n", eight, eight},
      {"2025-11-02 08:00:00", "", eight},
      {"2025-11-02 08:00:00.123", "", eight},
      {"2025/11/02 08:00:00", "", eight},
      {"2025-11-02T00:30:00+01:00", "2025-11-01T23:30:00Z", "2025-11-01T23:30:00Z"},
      {"2024-02-29T23:59:59-00:01", "2024-03-01T00:00:59Z", "2024-03-01T00:00:59Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", "2017-01-01T00:00:00Z"},
      {"Sun, 2 Nov 2025 09:00:00 +0100", eight, eight},
      {"Sun, 02 Nov 2025 09:00:00 +0100 (CET)", eight, eight},
      {"2 Nov 25 08:00:00 GMT", eight, eight},
      {"2 Nov 2025 03:00 EST", eight, eight},
      {"Sun, 2 Nov 2025 08:00:00", "", eight},
      {"1 Jan 99 00:00:00 UT", "1999-01-01T00:00:00Z", "1999-01-01T00:00:00Z"},
      {"Sun Nov  2 08:00:00 2025", "", eight},
      {"Sun Nov  2 09:00:00 2025 +0100", eight, eight},
      {"02/Nov/2025:09:00:00 +0100", eight, eight},
      {"02/nov/2025:08:00:00", "", eight},
      {"11/2/2025, 8:00:00.123 AM", "", eight},
      {"11/2/2025, 8:00:00\xE2\x80\xAF"
       "AM",
       "", eight},
      {"11/2/2025, 12:00:00 AM", "", "2025-11-02T00:00:00Z"},
      {"11/2/2025, 12:00:01 PM", "", "2025-11-02T12:00:01Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
      // No times.
      {"", "", ""},
      {"now", "", ""},
      {"2025-11-02", "", ""},
      {"2025-13-02T08:00:00Z", "", ""},
      {"2025-00-02T08:00:00Z", "", ""},
      {"2025-02-29T08:00:00Z", "", ""},
      {"1900-02-29T08:00:00Z", "", ""},
      {"2025-11-31T08:00:00Z", "", ""},
      {"2025-11-02T24:00:00Z", "", ""},
      {"2025-11-02T08:60:00Z", "", ""},
      {"2025-11-02T08:00:61Z", "", ""},
      {"2025-11-02T08:00:00+24:00", "", ""},
      {"2025-11-02T08:00:00+1", "", ""},
      {"2025-11-02T08:00:00 XYZ", "", ""},
      {"2025-11-02T08:00:00Zulu", "", ""},
      {"0001-01-01T00:00:00+01:00", "", ""},
      {"11/2/2025, 13:00:00 AM", "", ""},
      {"02/Foo/2025:08:00:00 +0000", "", ""},
      {"12025-11-02T08:00:00Z", "", ""},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(utc_time(row.text), row.known) << row.text;
    EXPECT_EQ(utc_time(row.text, NoZone::utc), row.utc) << row.text;
  }
}

TEST(TimeText, TellsCountsSince1970) {
  struct Row {
    const char* text;
    EpochUnit unit;
    const char* time;
  };
  const Row rows[] = {
      {"1762070400", EpochUnit::seconds, "2025-11-02T08:00:00Z"},
      {"1762070400.999900", EpochUnit::seconds, "2025-11-02T08:00:00Z"},
      {"1762070400999", EpochUnit::milliseconds, "2025-11-02T08:00:00Z"},
      {"1762070400999999", EpochUnit::microseconds, "2025-11-02T08:00:00Z"},
      {"1762070400999999999", EpochUnit::nanoseconds, "2025-11-02T08:00:00Z"},
      {"9223372036854775807", EpochUnit::nanoseconds, ""},
      {"176207040099999999", EpochUnit::nanoseconds, "1975-08-02T10:24:00Z"},
      {"0", EpochUnit::seconds, "1970-01-01T00:00:00Z"},
      {"-1", EpochUnit::seconds, "1969-12-31T23:59:59Z"},
      {"-1", EpochUnit::milliseconds, "1969-12-31T23:59:59Z"},
      {"-0.5", EpochUnit::seconds, "1969-12-31T23:59:59Z"},
      {"951782400", EpochUnit::seconds, "2000-02-29T00:00:00Z"},
      {"253402300799", EpochUnit::seconds, "9999-12-31T23:59:59Z"},
      {"253402300800", EpochUnit::seconds, ""},
      {"-62135596800", EpochUnit::seconds, "0001-01-01T00:00:00Z"},
      {"-62135596801", EpochUnit::seconds, ""},
      {"1.762e9", EpochUnit::seconds, ""},
      {"", EpochUnit::seconds, ""},
      {".5", EpochUnit::seconds, ""},
      {"999999999999999999999999", EpochUnit::milliseconds, ""},
      {"12a", EpochUnit::seconds, ""},
  };
  for (const Row& row : rows) EXPECT_EQ(epoch_time(row.text, row.unit), row.time) << row.text;
  EXPECT_EQ(filetime_time(0), "1601-01-01T00:00:00Z");
  EXPECT_EQ(filetime_time(134065440000000000), "2025-11-02T08:00:00Z");
  EXPECT_EQ(filetime_time(~uint64_t{0}), "");
}

// Each day of 400 years, there and back.
TEST(TimeText, CountsDaysAsTheCalendarDoes) {
  int month = 1, day = 1, year = 1900;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int64_t at = -2208988800; year < 2300; at += 86400) {
    const std::string want = fmt::format("{:04}-{:02}-{:02}T00:00:00Z", year, month, day);
    ASSERT_EQ(epoch_time(at), want);
    ASSERT_EQ(utc_time(want), want);
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (++day > kDays[month - 1] + (month == 2 && leap ? 1 : 0)) {
      day = 1;
      if (++month > 12) month = 1, ++year;
    }
  }
}

}  // namespace
}  // namespace assay
