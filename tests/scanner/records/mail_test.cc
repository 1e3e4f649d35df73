#include <gtest/gtest.h>

#include "scanner/decoders/mail_headers.h"
#include "scanner/records/mail_header.h"
#include "tests/scanner/records/text_samples.h"

namespace assay::text_test {
namespace {

const std::string kPlain =
    "Received: from a by b; Sun, 2 Nov 2025 09:00:01 +0100\r\n"
    "From: =?utf-8?b?RMOkbmE=?= <dana@contoso.example>\r\n"
    "To: milo@contoso.example\r\n"
    "Date: Sun, 2 Nov 2025 09:00:00 +0100\r\n"
    "Subject: the key {key:function}\r\n"
    "Message-ID: <1@contoso.example>\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "https://contoso-orders.azurewebsites.net/api/Refund?code=3D{key:function}\r\n";

const Record kDana = {"mail",
                      "inbox",
                      "<1@contoso.example>",
                      "D\xC3\xA4na <dana@contoso.example>",
                      "2025-11-02T08:00:00Z",
                      "",
                      ""};

std::vector<Sample> samples() {
  std::vector<Sample> out;
  out.push_back({"eml, key in subject and body", "inbox/1.eml", kPlain, {kDana, kDana}, ""});
  out.push_back(
      {"Maildir, by content alone", "inbox/cur/1762070400.1.host", kPlain, {kDana, kDana}, ""});
  out.push_back({"mbox: two messages, a quoted From, text that begins with From",
                 "mail/team.mbox",
                 "From dana@x Sun Nov  2 08:00:00 2025\n"
                 "From: Dana Ibo <dana@x>\n"
                 "Date: Sun, 2 Nov 2025 09:00:00 +0100\n"
                 "Message-ID: <1@x>\n"
                 "\n"
                 "{key:function}\n"
                 "\n"
                 ">From milo Sun Nov  2 08:00:00 2025\n"
                 "{key:function}\n"
                 "\n"
                 "From milo at 10:30 in 2025\n"
                 "this is no header, {key:function}\n"
                 "\n"
                 "From milo@x Mon Nov  3 08:00:00 2025\n"
                 "Message-ID: <2@x>\n"
                 "From: milo@x\n"
                 "Date: not a date\n"
                 "Received: by x; Mon, 3 Nov 2025 08:00:00 GMT\n"
                 "\n"
                 "{key:function}\n",
                 {{"mail", "team", "<1@x>", "Dana Ibo <dana@x>", "2025-11-02T08:00:00Z", "", ""},
                  {"mail", "team", "<1@x>", "Dana Ibo <dana@x>", "2025-11-02T08:00:00Z", "", ""},
                  {"mail", "team", "<1@x>", "Dana Ibo <dana@x>", "2025-11-02T08:00:00Z", "", ""},
                  {"mail", "team", "<2@x>", "milo@x", "2025-11-03T08:00:00Z", "", ""}},
                 ""});
  out.push_back({"parts, and a message in a message",
                 "box/outer.eml",
                 "From: Outer <o@x>\nDate: Sun, 2 Nov 2025 08:00:00 +0000\nMessage-ID: <outer@x>\n"
                 "MIME-Version: 1.0\nContent-Type: multipart/mixed;\n\tboundary=\"a b\"\n"
                 "\n"
                 "preamble {key:function}\n"
                 "--a b\n"
                 "Content-Type: text/plain; name=\"{key:function}\"\n"
                 "\n"
                 "{key:function}\n"
                 "--a b\n"
                 "Content-Type: message/rfc822\n"
                 "\n"
                 "From: Inner <i@x>\nDate: Sat, 1 Nov 2025 08:00:00 +0000\nMessage-ID: <inner@x>\n"
                 "Subject: {key:function}\n"
                 "Content-Type: multipart/alternative; boundary=inner\n"
                 "\n"
                 "--inner\n"
                 "\n"
                 "{key:function}\n"
                 "--inner--\n"
                 "epilogue {key:function}\n"
                 "--a b\n"
                 "Content-Type: application/octet-stream\n"
                 "Content-Transfer-Encoding: base64\n"
                 "\n"
                 "{key:function}\n"
                 "--a b--\n"
                 "{key:function}\n",
                 {},
                 ""});
  const Record outer = {"mail", "box", "<outer@x>", "Outer <o@x>", "2025-11-02T08:00:00Z", "", ""};
  const Record inner = {"mail", "box", "<inner@x>", "Inner <i@x>", "2025-11-01T08:00:00Z", "", ""};
  out.back().records = {outer, outer, outer, inner, inner, inner, outer, outer};
  out.push_back({"labels before the folder",
                 "takeout/x.eml",
                 "From: d@x\nDate: Sun, 2 Nov 2025 08:00:00 +0000\n"
                 "X-Gmail-Labels: =?UTF-8?Q?Gel=C3=B6scht?=\nMessage-ID: <3@x>\n\n{key:function}\n",
                 {{"mail", "Gel\xC3\xB6scht", "<3@x>", "d@x", "2025-11-02T08:00:00Z", "", ""}},
                 ""});
  out.push_back({"the header's end is missing",
                 "x/x.eml",
                 "From: d@x\nTo: e@x\nSubject: {key:function}\n",
                 {{"mail", "x", "", "d@x", "", "", ""}},
                 "ends within its header"});
  return out;
}

TEST(MailRecords, NameTheInnermostMessage) { expect_all(samples()); }

TEST(MailRecords, AreNotSeenInWhatIsNoMail) {
  const std::string mail = "From: d@x\nTo: e@x\nSubject: s\nDate: Sun, 2 Nov 2025 08:00:00 +0000\n";
  const struct {
    const char* path;
    std::string text;
    const char* system;
  } rows[] = {
      {"a.eml", mail + "\nx", "mail"},
      {"a.txt", mail + "\nx", ""},
      {"a.txt", mail + "Message-ID: <1@x>\n\nx", "mail"},
      {"a.eml", "just text\n", ""},
      {"notes.mbox", "From what I have seen at 10:30 in 2025\nit is\n", ""},
      {"0001-fix.patch",
       "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n" + mail +
           "\n---\n",
       ""},
      {"page.mhtml", "From: <Saved by Blink>\nSnapshot-Content-Location: https://x\n" + mail + "\n",
       ""},
      {"config.yaml", "from: a\nto: b\nsubject: c\ndate: d\n", ""},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(recognised(row.path, row.text), row.system) << row.path << ": " << row.text;
  }
}

TEST(MailRecords, SurviveDeepNestingAndLargeNeighbours) {
  std::string deep = "From: d@x\nDate: Sun, 2 Nov 2025 08:00:00 +0000\nMessage-ID: <1@x>\n";
  for (int i = 0; i < 1000; ++i) {
    const std::string boundary = "b" + std::to_string(i);
    deep += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }
  deep = filled(deep + "\n{key:function}\n");
  Told told = tell("x/a.eml", deep, keys_in(deep));
  EXPECT_EQ(told.found.records[0].id, "<1@x>");
  EXPECT_NE(told.found.problem.find("nested deeper"), std::string::npos);

  const std::string big(3 << 20, 'x');
  const std::string text =
      filled("From a@x Sun Nov  2 08:00:00 2025\nFrom: a@x\nMessage-ID: <a@x>\n\n" + big +
             "\n\nFrom b@x Sun Nov  2 08:00:00 2025\nFrom: b@x\nX-Long: " + big +
             "\nMessage-ID: <b@x>\n\n{key:function} " + big + "\n");
  told = tell("m.mbox", text, keys_in(text));
  EXPECT_EQ(told.found.records[0].id, "<b@x>");
  EXPECT_EQ(told.found.problem, "");
}

TEST(MailHeader, DecodesWordsAndAddresses) {
  const struct {
    std::string from, mailbox;
  } rows[] = {
      {"dana@x", "dana@x"},
      {"<dana@x>", "dana@x"},
      {"Dana Ibo <dana@x>", "Dana Ibo <dana@x>"},
      {"\"Ibo, \\\"D\\\" <x>\" <dana@x>, milo@x", "Ibo, \"D\" <x> <dana@x>"},
      {"dana@x (Dana)", "Dana <dana@x>"},
      {"dana@x, milo@x", "dana@x"},
      {"=?ISO-8859-1?Q?D=E4na_I?= <d@x>", "D\xC3\xA4na I <d@x>"},
      {"=?windows-1252?q?=80?= <d@x>", "\xE2\x82\xAC <d@x>"},
      {"=?utf-8?q?a?= =?utf-8?q?b?= <d@x>", "ab <d@x>"},
      {"=?utf-8?q?a?= b =?utf-8?q?c?= <d@x>", "a b c <d@x>"},
      {"=?iso-2022-jp?b?GyRC?= <d@x>", "=?iso-2022-jp?b?GyRC?= <d@x>"},
      {"D\xE4na <d@x>", "D\xC3\xA4na <d@x>"},
      {"=?utf-8?q?never ends <d@x>", "=?utf-8?q?never ends <d@x>"},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(mailbox(row.from), row.mailbox) << row.from;
  EXPECT_EQ(mail_parameter("multipart/mixed; a=\"b; boundary=no\"; Boundary=\"x y\"", "boundary"),
            "x y");
  EXPECT_EQ(mail_type(" Text/HTML ; charset=utf-8"), "text/html");
}

}  // namespace
}  // namespace assay::text_test
