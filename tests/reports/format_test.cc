// What the formats share, and what none of them may do.
#include "reports/format.h"

#include <gtest/gtest.h>

#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

TEST(Format, TableIsInTheOrderOfHelp) {
  std::vector<std::string_view> names;
  for (const Format& format : formats()) names.push_back(format.name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"text", "jsonl", "sarif", "github", "markdown"}));
  EXPECT_EQ(find_format("xml"), nullptr);
  EXPECT_EQ(find_format(""), nullptr);
  for (const Format& format : formats()) EXPECT_EQ(find_format(format.name), &format);
}

struct Bytes {
  std::string_view name;
  std::string_view bytes;
  std::string_view shown;  // by printable
  std::string_view valid;  // by valid_utf8
};

TEST(Format, PrintableAndValidUtf8) {
  using namespace std::string_view_literals;
  const Bytes rows[] = {
      {"empty", "", "", ""},
      {"ASCII and backslash", "C:\\a b.log", "C:\\a b.log", "C:\\a b.log"},
      {"letters", "\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x94\x91",
       "\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x94\x91", "\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x94\x91"},
      {"NUL, tab, line ends", "a\0b\tc\r\n"sv, "a\\x00b\\x09c\\x0d\\x0a", "a\0b\tc\r\n"sv},
      {"ESC and DEL", "\x1b[2J\x7f", "\\x1b[2J\\x7f", "\x1b[2J\x7f"},
      {"C1", "\xc2\x80 \xc2\x9b \xc2\x9f \xc2\xa0", "\\xc2\\x80 \\xc2\\x9b \\xc2\\x9f \xc2\xa0",
       "\xc2\x80 \xc2\x9b \xc2\x9f \xc2\xa0"},
      {"separators", "\xe2\x80\xa8\xe2\x80\xa9", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9",
       "\xe2\x80\xa8\xe2\x80\xa9"},
      {"overrides", "\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9",
       "\\xe2\\x80\\xaa\\xe2\\x80\\xae\\xe2\\x81\\xa6\\xe2\\x81\\xa9",
       "\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9"},
      {"no width", "\xe2\x80\x8b\xe2\x80\x8f\xef\xbb\xbf",
       "\\xe2\\x80\\x8b\\xe2\\x80\\x8f\\xef\\xbb\\xbf", "\xe2\x80\x8b\xe2\x80\x8f\xef\xbb\xbf"},
      {"neighbours of those", "\xe2\x80\x8a\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\x9f",
       "\xe2\x80\x8a\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\x9f",
       "\xe2\x80\x8a\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\x9f"},
      {"tags", "\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81", "\xf3\xa0\x81\x81"},
      {"no UTF-8", "\xff\xfe", "\\xff\\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"lone continuation", "a\x80z", "a\\x80z", "a\xef\xbf\xbdz"},
      {"overlong", "\xc0\xaf", "\\xc0\\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"overlong, three", "\xe0\x80\xaf", "\\xe0\\x80\\xaf",
       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"last character", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
      {"past the last", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80",
       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"cut at the end", "a\xe6\x97", "a\\xe6\\x97", "a\xef\xbf\xbd"},
      {"cut by a letter", "\xf0\x9f\x94z", "\\xf0\\x9f\\x94z", "\xef\xbf\xbdz"},
      {"log commands", "##[error]##vso[a]##VSO[a]", "\\x23#[error]\\x23#vso[a]\\x23#VSO[a]",
       "##[error]##vso[a]##VSO[a]"},
      {"three of the sign", "###[error]", "#\\x23#[error]", "###[error]"},
      {"no log commands", "## a ##b[ #[x]", "## a ##b[ #[x]", "## a ##b[ #[x]"},
  };
  for (const Bytes& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(printable(row.bytes), row.shown);
    EXPECT_EQ(valid_utf8(row.bytes), row.valid);
    EXPECT_EQ(printable(row.shown), row.shown);
    EXPECT_EQ(valid_utf8(row.valid), row.valid);
  }
}

TEST(Format, DiagnosticIsOneSentence) {
  using Kind = Diagnostic::Kind;
  const struct {
    Diagnostic diagnostic;
    std::string_view sentence;
  } rows[] = {
      {{Kind::unreadable, "a.log", "permission denied", "Run it as root."},
       "a.log could not be read: permission denied. Run it as root."},
      {{Kind::changed, "a.gz", "it is cut short.", "Fetch it again."},
       "a.gz was not read whole: it is cut short. Fetch it again."},
      {{Kind::limit, "a.zip", "it holds too much", ""},
       "a.zip was not read whole: it holds too much."},
      {{Kind::skipped, "a.sock", "it is a socket", ""}, "a.sock was not scanned: it is a socket."},
      {{Kind::interrupted, "", "", ""}, "The input was not read to its end."},
      {{Kind::skipped, "", "the clone is shallow", "Fetch the rest."},
       "The clone is shallow. Fetch the rest."},
      {{Kind::skipped, "", "2 objects are missing", ""}, "2 objects are missing."},
      {{Kind::skipped, "a\nb", "odd\x1b[0m", "Do\nthis."},
       "a\\x0ab was not scanned: odd\\x1b[0m. Do\\x0athis."},
  };
  for (const auto& row : rows) EXPECT_EQ(sentence(row.diagnostic), row.sentence);
}

TEST(Format, NumbersReadWell) {
  EXPECT_EQ(counted(0, "key"), "0 keys");
  EXPECT_EQ(counted(1, "key"), "1 key");
  EXPECT_EQ(counted(1'000, "key"), "1,000 keys");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(grouped(UINT64_MAX), "18,446,744,073,709,551,615");
  const struct {
    uint64_t bytes;
    std::string_view text;
  } rows[] = {
      {0, "0 bytes"},          {1, "1 byte"},         {999, "999 bytes"},
      {1'000, "1.0 kB"},       {1'290, "1.2 kB"},     {999'999, "999.9 kB"},
      {1'000'000, "1.0 MB"},   {1'234'567, "1.2 MB"}, {5'368'709'120, "5.3 GB"},
      {UINT64_MAX, "18.4 EB"},
  };
  for (const auto& row : rows) EXPECT_EQ(byte_size(row.bytes), row.text);
}

TEST(Format, VerdictNeverSaysCleanOfWhatItDidNotSee) {
  const struct {
    ScanSummary summary;
    std::string_view found;
    std::string_view text;
  } rows[] = {
      {{.blobs = 12, .bytes = 1'200'000}, "", "Clean: 12 files, 1.2 MB scanned."},
      {{.blobs = 1, .bytes = 10, .ignored = 2},
       "",
       "Clean: 1 file, 10 bytes scanned, 2 paths out of scope."},
      {{}, "", "Nothing was scanned: no file was there."},
      {{.ignored = 1}, "", "Nothing was scanned: no file was there, 1 path out of scope."},
      {{.blobs = 12, .bytes = 1'200'000, .findings = 5},
       "3 keys at 5 places",
       "3 keys at 5 places in 12 files, 1.2 MB scanned, nothing left out."},
      {{.blobs = 12, .bytes = 1'200'000, .findings = 5, .ignored = 1},
       "3 keys at 5 places",
       "3 keys at 5 places in 12 files, 1.2 MB scanned, 1 path out of scope."},
      {{.blobs = 12, .bytes = 10, .diagnostics = 1},
       "",
       "Not complete: no key in 12 files, 10 bytes scanned, 1 problem above."},
      {{.blobs = 2, .bytes = 10, .findings = 1, .interrupted = true},
       "1 key at 1 place",
       "Not complete: interrupted; 1 key at 1 place in 2 files, 10 bytes scanned."},
      {{.diagnostics = 1},
       "",
       "Not complete: no key in 0 files, 0 bytes scanned, 1 problem above."},
      {{.blobs = 407'061, .bytes = 8'100'000'000, .unit = "object"},
       "",
       "Clean: 407,061 objects, 8.1 GB scanned."},
      {{.unit = "object"}, "", "Nothing was scanned: no object was there."},
      {{.blobs = 1, .bytes = 10, .diagnostics = 2, .accepted = 2},
       "",
       "Clean: 1 file, 10 bytes scanned, 2 accepted gaps above."},
      {{.blobs = 1, .bytes = 10, .diagnostics = 3, .accepted = 1},
       "1 key at 1 place",
       "Not complete: 1 key at 1 place in 1 file, 10 bytes scanned, 2 problems above, "
       "1 accepted gap above."},
  };
  for (const auto& row : rows) EXPECT_EQ(verdict(row.summary, row.found), row.text);
  EXPECT_EQ(verdict({.ignored = 1}, "", "no content is staged"),
            "Nothing was scanned: no content is staged, 1 path out of scope.");
  EXPECT_EQ(verdict({.diagnostics = 1}, "", "no content is staged"),
            "Not complete: no key in 0 files, 0 bytes scanned, 1 problem above.");
}

TEST(Format, WhoseNamesWhatIsKnown) {
  EXPECT_EQ(whose(context_of(Scope::unknown, {})), "");
  EXPECT_EQ(whose(context_of(Scope::unknown, {{&KeyContext::host, "a.example.net"}})),
            "host a.example.net");
  EXPECT_EQ(whose(context_of(Scope::unknown, {{&KeyContext::host, "a.azurewebsites.net"},
                                              {&KeyContext::app, "a"}})),
            "app a");
  EXPECT_EQ(
      whose(context_of(Scope::host, {{&KeyContext::app, "a"}, {&KeyContext::key_name, "b\x1b"}})),
      "app a, host key b\\x1b");
  EXPECT_EQ(whose(context_of(Scope::unknown, {{&KeyContext::slot, "s"},
                                              {&KeyContext::function, "F"},
                                              {&KeyContext::key_name, "k"},
                                              {&KeyContext::resource_group, "g"}})),
            "slot s, function F, key k, resource group g");
}

TEST(Format, NoReportHoldsTwelveCharactersOfAKey) {
  constexpr size_t kPiece = 12;
  const std::vector<Finding> findings = sample_findings();
  for (const Format& format : formats()) {
    for (const bool live : {false, true}) {
      SCOPED_TRACE(format.name);
      const std::string text =
          write_report(format.name, {.colour = live, .live = live}, findings, sample_diagnostics());
      ASSERT_FALSE(text.empty());
      for (const Finding& finding : findings) {
        const std::string_view key = finding.secret.reveal();
        ASSERT_GE(key.size(), 44u);
        for (size_t at = 0; at + kPiece <= key.size(); ++at) {
          ASSERT_FALSE(text.find(key.substr(at, kPiece)) != std::string::npos)
              << finding.rule->id << ", from character " << at;
        }
      }
    }
  }
}

TEST(Format, RevealShowsTheValueInTheFormatsForPeopleAndMachines) {
  const std::vector<Finding> findings = sample_findings();
  for (const std::string_view format : {"text", "jsonl", "github"}) {
    const std::string text = write_report(format, {.reveal = true}, findings);
    for (const Finding& finding : findings) {
      ASSERT_TRUE(text.find(finding.secret.reveal()) != std::string::npos) << format;
    }
  }
}

TEST(Format, NoReportPassesAControlCharacter) {
  for (const Format& format : formats()) {
    std::vector<Finding> findings = sample_findings();
    for (Finding& finding : sample_git_findings()) findings.push_back(std::move(finding));
    const std::string text = write_report(format.name, {}, findings, sample_diagnostics());
    EXPECT_EQ(valid_utf8(text), text) << format.name;
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << format.name;
    // SARIF is a document for a program, not a log.
    if (format.name != "sarif") {
      EXPECT_EQ(text.find("##vso["), std::string::npos) << format.name;
    }
    for (const std::string& line : lines_of(text)) {
      if (format.name != "github") {
        EXPECT_NE(line.substr(0, 2), "::") << format.name;
      }
    }
  }
}

}  // namespace
}  // namespace assay
