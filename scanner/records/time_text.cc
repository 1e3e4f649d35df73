// A time is read by trying each form from the start of the text: a form is a short run of steps on
// a Scanner ("four digits", "one of -/", "a month's name"), which fail as a whole. What comes out
// is counted in seconds since 1970 with the civil calendar in integers: no locale, no zone
// database.
#include "scanner/records/time_text.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <optional>

namespace assay {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Of a year, month and day that exist, in days since 1970. Years begin in March here, so that the
// leap day is the last one.
int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
  if (month <= 2) --year;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

int64_t days_in_month(int64_t year, int64_t month) {
  constexpr std::array<int64_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<size_t>(month - 1)];
}

struct Parts {
  int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::optional<int64_t> offset;  // seconds east of UTC
};

std::string told(const Parts& time, NoZone no_zone) {
  if (time.month < 1 || time.month > 12 || time.year < 1 || time.year > 9999) return "";
  if (time.day < 1 || time.day > days_in_month(time.year, time.month)) return "";
  if (time.hour > 23 || time.minute > 59 || time.second > 60) return "";
  if (!time.offset && no_zone == NoZone::unknown) return "";
  return epoch_time(days_from_civil(time.year, time.month, time.day) * 86400 + time.hour * 3600 +
                    time.minute * 60 + time.second - time.offset.value_or(0));
}

// Takes pieces off the front of a text. Each step is false if its piece is not there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : left_(text) {}

  bool at_end() const { return left_.empty(); }
  bool literal(char c) {
    if (left_.empty() || left_.front() != c) return false;
    left_.remove_prefix(1);
    return true;
  }
  bool one_of(std::string_view chars) {
    if (left_.empty() || chars.find(left_.front()) == std::string_view::npos) return false;
    left_.remove_prefix(1);
    return true;
  }
  bool spaces() {
    const size_t before = left_.size();
    while (!left_.empty() && is_space(left_.front())) left_.remove_prefix(1);
    return left_.size() < before;
  }
  // Of `least` to `most` digits, and no digit behind them.
  bool number(size_t least, size_t most, int64_t& out) {
    size_t count = 0;
    int64_t value = 0;
    while (count < left_.size() && is_digit(left_[count])) {
      if (++count > most) return false;
      value = value * 10 + (left_[count - 1] - '0');
    }
    if (count < least) return false;
    left_.remove_prefix(count);
    out = value;
    return true;
  }
  std::string word() {
    std::string letters;
    while (!left_.empty() && is_letter(left_.front()) && letters.size() < 12) {
      letters += lower(left_.front());
      left_.remove_prefix(1);
    }
    return letters;
  }
  void fraction() {
    if (left_.size() < 2 || (left_[0] != '.' && left_[0] != ',') || !is_digit(left_[1])) return;
    left_.remove_prefix(1);
    while (!left_.empty() && is_digit(left_.front())) left_.remove_prefix(1);
  }
  // Digits that may be one run (`+0100`), so counted from here.
  bool digits(size_t count, int64_t& out) {
    if (left_.size() < count) return false;
    int64_t value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!is_digit(left_[i])) return false;
      value = value * 10 + (left_[i] - '0');
    }
    left_.remove_prefix(count);
    out = value;
    return true;
  }

 private:
  std::string_view left_;
};

bool month_name(Scanner& in, int64_t& month) {
  constexpr std::string_view kNames = "janfebmaraprmayjunjulaugsepoctnovdec";
  const std::string word = in.word();
  if (word.size() != 3) return false;
  const size_t at = kNames.find(word);
  if (at == std::string_view::npos || at % 3 != 0) return false;
  month = static_cast<int64_t>(at / 3 + 1);
  return true;
}

bool clock(Scanner& in, Parts& time) {
  if (!in.number(1, 2, time.hour) || !in.literal(':') || !in.number(2, 2, time.minute)) {
    return false;
  }
  if (in.literal(':')) {
    if (!in.number(2, 2, time.second)) return false;
    in.fraction();
  }
  return true;
}

// `Z`, `+01:00`, `+0100`, `+01`, or a name, if there is one. An unknown name is `-0000` in RFC
// 5322: UTC, so mails say. A wrong one is false.
bool zone(Scanner& in, Parts& time) {
  in.spaces();
  if (in.at_end()) return true;
  int64_t hours = 0, minutes = 0;
  for (const char sign : {'+', '-'}) {
    if (!in.literal(sign)) continue;
    if (!in.digits(2, hours)) return false;
    in.literal(':');
    in.digits(2, minutes);
    if (hours > 23 || minutes > 59) return false;
    time.offset = (hours * 60 + minutes) * (sign == '+' ? 60 : -60);
    return true;
  }
  constexpr std::pair<std::string_view, int64_t> kZones[] = {
      {"z", 0},    {"utc", 0},  {"gmt", 0},  {"ut", 0},   {"est", -5}, {"edt", -4},
      {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7},
  };
  const std::string name = in.word();
  for (const auto& [known, east] : kZones) {
    if (name == known) {
      time.offset = east * 3600;
      return true;
    }
  }
  return name.empty();  // perhaps only a comment
}

// Nothing more, or a comment in parentheses.
bool ends(Scanner& in) {
  in.spaces();
  return in.at_end() || in.literal('(');
}

bool iso(Scanner in, Parts& time) {
  if (!in.number(4, 4, time.year) || !in.one_of("-/") || !in.number(2, 2, time.month)) return false;
  if (!in.one_of("-/") || !in.number(2, 2, time.day) || !in.one_of("Tt ")) return false;
  return clock(in, time) && zone(in, time) && ends(in);
}

bool mail(Scanner in, Parts& time) {
  if (!in.word().empty()) in.literal(',');
  in.spaces();
  if (!in.number(1, 2, time.day) || !in.one_of(" -") || !month_name(in, time.month)) return false;
  if (!in.one_of(" -")) return false;
  if (!in.number(2, 4, time.year) || !in.spaces()) return false;
  if (time.year < 50) {
    time.year += 2000;
  } else if (time.year < 1000) {
    time.year += 1900;
  }
  return clock(in, time) && zone(in, time) && ends(in);
}

bool asctime(Scanner in, Parts& time) {
  if (in.word().size() != 3 || !in.spaces() || !month_name(in, time.month)) return false;
  if (!in.spaces() || !in.number(1, 2, time.day) || !in.spaces() || !clock(in, time)) return false;
  return in.spaces() && in.number(4, 4, time.year) && zone(in, time) && ends(in);
}

bool apache(Scanner in, Parts& time) {
  if (!in.number(2, 2, time.day) || !in.literal('/') || !month_name(in, time.month)) return false;
  if (!in.literal('/') || !in.number(4, 4, time.year) || !in.literal(':')) return false;
  return clock(in, time) && zone(in, time) && ends(in);
}

bool portal(Scanner in, Parts& time) {
  if (!in.number(1, 2, time.month) || !in.literal('/') || !in.number(1, 2, time.day)) return false;
  if (!in.literal('/') || !in.number(4, 4, time.year) || !in.literal(',')) return false;
  in.spaces();
  if (!clock(in, time)) return false;
  // Newer browsers write a narrow no-break space before AM.
  for (const char c : {'\xE2', '\x80', '\xAF'}) in.literal(c);
  in.spaces();
  const std::string half = in.word();
  if ((half != "am" && half != "pm") || time.hour < 1 || time.hour > 12) return false;
  time.hour = time.hour % 12 + (half == "pm" ? 12 : 0);
  return ends(in);
}

}  // namespace

std::string utc_time(std::string_view text, NoZone no_zone) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  for (const auto form : {iso, mail, asctime, apache, portal}) {
    Parts time;
    if (form(Scanner(text), time)) return told(time, no_zone);
  }
  return "";
}

std::string epoch_time(std::string_view text, EpochUnit unit) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const size_t point = text.find('.');
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const std::string_view whole = text.substr(0, point);
  // 18 digits fit, and of 19 those that begin with 1 to 8: nanoseconds until the year 2255.
  if (whole.empty() || whole.size() > 19 || (whole.size() == 19 && whole[0] == '9')) return "";
  int64_t value = 0;
  for (const char c : whole) {
    if (!is_digit(c)) return "";
    value = value * 10 + (c - '0');
  }
  bool part = false;  // cutting goes towards the past
  for (const char c : fraction) {
    if (!is_digit(c)) return "";
    part |= c != '0';
  }
  constexpr std::array<int64_t, 4> kParts = {1, 1000, 1000000, 1000000000};
  const int64_t parts = kParts[static_cast<size_t>(unit)];
  if (!negative) return epoch_time(value / parts);
  part |= value % parts != 0;
  return epoch_time(-(value / parts) - (part ? 1 : 0));
}

std::string epoch_time(int64_t seconds) {
  constexpr int64_t kFirst = -62135596800, kLast = 253402300799;  // years 1 and 9999
  if (seconds < kFirst || seconds > kLast) return "";
  const int64_t days = (seconds - kFirst) / 86400 + kFirst / 86400;
  const int64_t rest = seconds - days * 86400;
  // The inverse of days_from_civil.
  const int64_t shifted = days + 719468;
  const int64_t era = shifted / 146097;  // never negative: year 1 is in era 0
  const int64_t day_of_era = shifted - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t part = (5 * day_of_year + 2) / 153;
  const int64_t day = day_of_year - (153 * part + 2) / 5 + 1;
  const int64_t month = part < 10 ? part + 3 : part - 9;
  const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, rest / 3600,
                     rest / 60 % 60, rest % 60);
}

std::string filetime_time(uint64_t filetime) {
  constexpr int64_t kFrom1601 = 11644473600;
  return epoch_time(static_cast<int64_t>(filetime / 10000000) - kFrom1601);
}

}  // namespace assay
