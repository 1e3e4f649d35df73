#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rules/keys/mint.h"
#include "scanner/decoders/mail_headers.h"
#include "tests/scanner/decoders/opened.h"

namespace assay {
namespace {

std::string base64(const std::string& bytes, size_t columns = 76) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  size_t line = 0;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    uint32_t group = 0;
    const size_t count = std::min<size_t>(3, bytes.size() - at);
    for (size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0);
    }
    for (size_t i = 0; i < 4; ++i) {
      out += i <= count ? kDigits[group >> (18 - 6 * i) & 63] : '=';
      if (++line % columns == 0) out += "\r\n";
    }
  }
  return out + "\r\n";
}

const std::string& zip() {
  static const std::string bytes = "PK\3\4" + SeededRandom(1).bytes(5000);
  return bytes;
}

std::string attachment(const std::string& type, const std::string& encoding,
                       const std::string& body,
                       const std::string& disposition = "attachment; filename=a.bin") {
  return "--b\r\nContent-Type: " + type + "\r\nContent-Transfer-Encoding: " + encoding +
         "\r\nContent-Disposition: " + disposition + "\r\n\r\n" + body;
}

std::string mail(const std::string& parts, const std::string& boundary = "b") {
  return "From: dana@example.org\r\nSubject: keys\r\nMIME-Version: 1.0\r\nContent-Type: "
         "multipart/mixed;\r\n\tboundary=\"" +
         boundary + "\"\r\n\r\npreamble\r\n--" + boundary + "\r\n\r\nsome text\r\n" + parts + "--" +
         boundary + "--\r\n";
}

TEST(Mail, IsRecognisedByItsFirstFields) {
  struct Row {
    const char* name;
    const char* text;
    bool is_mail;
  };
  for (const Row& row : {
           Row{"two fields", "From: a\nTo: b\n\ntext", true},
           Row{"small letters", "received: by x\n\tfor y\nmessage-id: <1>\n", true},
           Row{"others before", "X-Spam: no\nReturn-Path: <a>\nDate: today\n\n", true},
           Row{"mailbox", "From a@x Sun Nov  2 08:00:00 2025\nX-A: b\n", true},
           Row{"one field", "From: a\n\nTo: b\n", false},
           Row{"one field twice", "To: a\nTo: b\n\n", false},
           Row{"text first", "Hello\nFrom: a\nTo: b\n", false},
           Row{"a sentence", "From here on it goes.\nAnd so on\n", false},
           Row{"nothing", "", false},
           Row{"an answer of a server", "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Type: y\r\n", false},
       }) {
    EXPECT_EQ(kMail.recognises(row.text, "x"), row.is_mail) << row.name;
  }
}

TEST(Mail, GivesPartsThatCannotBeReadRaw) {
  const std::string text = "some text that the matcher reads by itself, in base64 as well";
  const std::string inner = mail(attachment("application/zip", "base64", base64(zip())));
  struct Row {
    const char* name;
    std::string parts;
    std::string member;  // its content; empty: none
  };
  for (const Row& row : {
           Row{"zip", attachment("application/zip", "base64", base64(zip())), zip()},
           Row{"as anything", attachment("application/octet-stream", "BASE64", base64(zip())),
               zip()},
           Row{"as text", attachment("text/plain", "base64", base64(zip())), zip()},
           Row{"short lines", attachment("x/y", "base64", base64(zip(), 5)), zip()},
           Row{"one line", attachment("x/y", "base64", base64(zip(), 100'000)), zip()},
           Row{"blanks", attachment("x/y", "base64", "  " + base64(zip()) + "\r\n\t\r\n"), zip()},
           Row{"an image", attachment("image/png", "base64", base64("\x89PNG" + zip())),
               "\x89PNG" + zip()},
           Row{"pdf", attachment("x/y", "base64", base64("\n%PDF-1.4 text")), "\n%PDF-1.4 text"},
           Row{"a mail in base64", attachment("message/rfc822", "base64", base64(inner)), inner},
           Row{"a mail by its fields", attachment("x/y", "base64", base64(inner)), inner},
           Row{"quoted",
               attachment("x/y", "quoted-printable", "PK=03=\r\n=04a=\r\n=3D=00b=0D=\r\n"),
               std::string("PK\3\4a=\0b\r", 9)},
           Row{"text in base64", attachment("text/plain", "base64", base64(text)), ""},
           Row{"text as data", attachment("application/json", "base64", base64(text)), ""},
           Row{"bytes as text", attachment("text/plain", "base64", base64("\1\2\3")), ""},
           Row{"text", attachment("text/html", "8bit", text + "\r\n"), ""},
           Row{"nothing", attachment("application/zip", "base64", ""), ""},
       }) {
    for (const bool forward : {false, true}) {
      const std::string bytes = mail(row.parts);
      const Opened opened = forward ? open_forward(kMail, bytes, 77) : open_file(kMail, bytes, 77);
      ASSERT_EQ(opened.members.size(), row.member.empty() ? 0u : 1u) << row.name;
      EXPECT_TRUE(opened.told.empty()) << row.name;
      if (row.member.empty()) continue;
      EXPECT_EQ(opened.members[0].name, "a.bin") << row.name;
      EXPECT_EQ(opened.members[0].failure, "") << row.name;
      EXPECT_TRUE(opened.members[0].bytes == row.member) << row.name;
    }
  }
  // Bytes as they are end where the line before the boundary does.
  const Opened raw = open_file(kMail, mail(attachment("x/y", "binary", zip() + "\r\n")));
  ASSERT_EQ(raw.members.size(), 1u);
  EXPECT_TRUE(raw.members[0].bytes == zip() + "\r\n");
}

TEST(Mail, FollowsBoundariesAndMailboxes) {
  const std::string part = attachment("x/y", "base64", base64(zip()));
  const std::string inner_part = "--i\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64(zip());
  struct Row {
    const char* name;
    std::string bytes;
    size_t members;
  };
  const std::string box = "From dana@x Sun Nov  2 08:00:00 2025\r\n";
  for (const Row& row : {
           Row{"two parts", mail(part + part), 2},
           Row{"behind the end", mail(part) + part, 1},
           Row{"parts within",
               mail("--b\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n" + inner_part +
                    inner_part + "--i--\r\n" + part),
               3},
           Row{"parts within that do not end",
               mail("--b\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n" + inner_part + part),
               2},
           Row{"a boundary that begins another",
               mail("--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n"
                    "Content-Transfer-Encoding: base64\r\n\r\n" +
                    base64(zip()) + "--bb--\r\n" + part),
               2},
           Row{"a mail within",
               mail("--b\r\nContent-Type: message/rfc822\r\n\r\n" + mail(inner_part, "i") + part),
               2},
           Row{"without parts",
               "From: a\nTo: b\nContent-Transfer-Encoding: base64\n\n" + base64(zip()), 1},
           Row{"mailbox", box + mail(part) + "\r\n" + box + mail(part + part), 3},
           Row{"mailbox with a mail that does not end",
               box + "From: a\nContent-Type: multipart/mixed; boundary=b\n\n" + part + "\n" + box +
                   "From: a\nContent-Transfer-Encoding: base64\n\n" + base64(zip()),
               2},
           Row{"From in a text", mail("\r\nFrom here\r\n" + part), 1},
           Row{"no end", mail(part).substr(0, mail(part).size() - 7), 1},
       }) {
    const Opened opened = open_file(kMail, row.bytes);
    EXPECT_EQ(opened.members.size(), row.members) << row.name;
    for (const OpenedMember& member : opened.members) {
      EXPECT_TRUE(member.bytes.starts_with(zip())) << row.name;
    }
    EXPECT_EQ(open_file(kMail, row.bytes, 0).members.size(), row.members) << row.name;
  }
}

TEST(Mail, NamesParts) {
  struct Row {
    const char* disposition;
    const char* name;
  };
  for (const Row& row : {
           Row{"attachment; filename=keys.zip", "keys.zip"},
           Row{"attachment; filename=\"a \\\"b\\\" ; c.zip\"; size=3", "a \"b\" ; c.zip"},
           Row{"attachment;\r\n\tFileName = \"a.zip\"", "a.zip"},
           Row{"attachment; filename*=UTF-8''a%20%C3%A4.zip", "a \xC3\xA4.zip"},
           Row{"attachment; filename*0=\"a\"; filename*1=\"b.zip\"", "ab.zip"},
           Row{"attachment; filename*0*=utf-8'de'a%20; filename*1=b%20.zip", "a b%20.zip"},
           Row{"attachment; filename=\"=?utf-8?q?a=20_b?= =?UTF-8?B?w6Q=?=.zip\"",
               "a  b\xC3\xA4.zip"},
           Row{"attachment; filename=\"=?utf-8?q?a\"", "=?utf-8?q?a"},
           Row{"attachment; filename=\"a\x1b[1m\"", "a[1m"},
           Row{"inline", "part-3"},
           Row{"", "part-3"},
       }) {
    const Opened opened =
        open_file(kMail, mail(attachment("x/y", "base64", base64(zip()), row.disposition)));
    ASSERT_EQ(opened.members.size(), 1u) << row.name;
    EXPECT_EQ(opened.members[0].name, row.name);
  }
}

TEST(Mail, TellsWhatIsEncryptedAndHoldsTheLimits) {
  for (const char* type :
       {"multipart/encrypted; boundary=i", "application/pkcs7-mime; smime-type=Enveloped-Data"}) {
    const Opened opened = open_file(kMail, mail(attachment(type, "7bit", "x\r\n")));
    ASSERT_EQ(opened.told.size(), 1u) << type;
    EXPECT_EQ(opened.told[0], "a.bin: it is encrypted");
  }
  const std::string part = attachment("x/y", "base64", base64(zip()));
  ContainerLimits limits;
  limits.members = 1;
  const Opened one = open_file(kMail, mail(part + part), 100, limits);
  EXPECT_EQ(one.members.size(), 1u);
  ASSERT_EQ(one.told.size(), 1u);
  EXPECT_TRUE(one.told[0].starts_with("a.bin: "));
  limits = {};
  limits.bytes = 1000;
  const Opened cut = open_file(kMail, mail(part + part), 100, limits);
  ASSERT_EQ(cut.members.size(), 1u);
  EXPECT_NE(cut.members[0].failure, "");
  EXPECT_LE(cut.members[0].bytes.size(), 1000u);
}

TEST(Mail, EndsOnBombs) {
  const auto repeat = [](const std::string& text, size_t count) {
    std::string all;
    for (size_t i = 0; i < count; ++i) all += text;
    return all;
  };
  std::string nested;
  for (int i = 0; i < 20'000; ++i) {
    nested += fmt::format("--{}\nContent-Type: multipart/mixed; boundary={}\n\n", i, i + 1);
  }
  const Opened deep = open_file(kMail, mail(nested, "0"));
  ASSERT_EQ(deep.told.size(), 1u);
  EXPECT_NE(deep.told[0].find("nested more than 32 deep"), std::string::npos);

  const Opened header = open_file(kMail, "From: a\nTo: b\nX: " + repeat("x ", 1 << 20) + "\n\n");
  ASSERT_EQ(header.told.size(), 1u);
  for (const std::string& bytes : {
           mail(repeat("--", 1'000'000)),
           mail(repeat("--\r\n", 500'000)),
           mail(repeat("--b\r\n", 400'000)),
           mail(repeat("--b\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n", 30'000)),
           mail(repeat("--b\r\nContent-Type: message/rfc822\r\n\r\n", 30'000)),
           mail("--b\r\nContent-Type: a; " + repeat("a;", 100'000) + "\r\n\r\n"),
           mail("--b\r\nContent-Type: a; name=\"" + repeat("=?a?q?", 30'000) + "\"\r\n\r\n"),
           mail("--b\r\nContent-Type: a; name=\"" + repeat("=?", 100'000) + "\"\r\n\r\n"),
           "From: a\nTo: b\n" + repeat(" ", 2'000'000),
           "From: a\nTo: b\n\n" + repeat("\n", 2'000'000),
       }) {
    EXPECT_TRUE(open_file(kMail, bytes, 100'000).recognised);
  }
}

TEST(Mail, EndsOnAnyDamage) {
  const std::string whole = mail(
      attachment("x/y", "base64", base64("PK\3\4text")) +
      "--b\r\nContent-Type: message/rfc822\r\n\r\n" +
      mail("--i\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nPK=03=04=\r\na\r\n", "i"));
  for (size_t size = 0; size < whole.size(); ++size) open_file(kMail, whole.substr(0, size), 10);
  SeededRandom random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = whole;
    for (int i = 0; i < 5; ++i) {
      const size_t at = 45 + random.below(bytes.size() - 45);
      bytes[at] = static_cast<char>(bytes[at] ^ 1 << random.below(8));
    }
    EXPECT_LE(open_file(kMail, bytes, 1 + random.below(100)).bytes, bytes.size());
  }
}

}  // namespace
}  // namespace assay
