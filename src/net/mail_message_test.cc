#include "net/mail_message.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace shakehook {
namespace {

MailMessage Sample() {
  return {.from_name = "Shakehook",
          .from = "hooks@example.com",
          .to = {"ops@example.com", "second@example.org"},
          .id = "1.2@example.com",
          .date = FromUnixMs(1'731'493'800'000),
          .subject = "CRM fails",
          .text = "Since 10:30.\n"};
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t end; (end = text.find("\r\n")) != std::string_view::npos; text.remove_prefix(end + 2)) {
    lines.emplace_back(text.substr(0, end));
  }
  EXPECT_EQ(text, "") << "the last line has no end";
  return lines;
}

std::string BodyOf(const std::string& text) {
  MailMessage message = Sample();
  message.text = text;
  const std::string written = WriteMail(message);
  return written.substr(written.find("\r\n\r\n") + 4);
}

std::string SubjectOf(const std::string& subject) {
  MailMessage message = Sample();
  message.subject = subject;
  const std::string written = WriteMail(message);
  const std::size_t from = written.find("Subject: ") + 9;
  return written.substr(from, written.find("\r\nMIME-Version") - from);
}

TEST(MailMessage, IsWrittenByteForByte) {
  EXPECT_EQ(WriteMail(Sample()),
            "Date: Wed, 13 Nov 2024 10:30:00 +0000\r\n"
            "From: Shakehook <hooks@example.com>\r\n"
            "To: ops@example.com,\r\n second@example.org\r\n"
            "Message-ID: <1.2@example.com>\r\n"
            "Subject: CRM fails\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "\r\n"
            "Since 10:30.\r\n");
}

TEST(MailMessage, EncodesASubjectInAnyLanguageInWordsThatEndWithACharacter) {
  EXPECT_EQ(SubjectOf("CRM est en échec"), "=?UTF-8?B?Q1JNIGVzdCBlbiDDqWNoZWM=?=");
  const std::string folded = SubjectOf(std::string(38, 'x') + "é fails");
  EXPECT_EQ(folded, "=?UTF-8?B?" + ToBase64(AsBytes(std::string(38, 'x'))) + "?=\r\n =?UTF-8?B?" +
                        ToBase64(AsBytes("é fails")) + "?=");
  for (const std::string& line : Lines("Subject: " + SubjectOf(std::string(500, 'x')) + "\r\n")) {
    EXPECT_LE(line.size(), 76u);
  }
  EXPECT_EQ(SubjectOf("=?UTF-8?B?QQ==?="), "=?UTF-8?B?PT9VVEYtOD9CP1FRPT0/PQ==?=") << "decoded, it is what was given";
}

TEST(MailMessage, TakesNoHeaderFromASubject) {
  EXPECT_EQ(SubjectOf("CRM\r\nBcc: victim@example.com\r\n\r\nBuy"), "CRM  Bcc: victim@example.com    Buy");
  EXPECT_EQ(SubjectOf("é\r\nBcc: victim@example.com"),
            "=?UTF-8?B?" + ToBase64(AsBytes("é  Bcc: victim@example.com")) + "?=");
  EXPECT_EQ(SubjectOf(std::string("a\0b", 3)), "a b");
}

TEST(MailMessage, KeepsLinesShortAndAscii) {
  EXPECT_EQ(BodyOf("1 = 1, désolé\n"), "1 =3D 1, d=C3=A9sol=C3=A9\r\n");
  EXPECT_EQ(BodyOf("ends with a space \n\nthird"), "ends with a space=20\r\n\r\nthird\r\n");
  EXPECT_EQ(BodyOf(std::string(76, 'x')), std::string(76, 'x') + "\r\n");
  EXPECT_EQ(BodyOf(std::string(77, 'x')), std::string(75, 'x') + "=\r\nxx\r\n");
  EXPECT_EQ(BodyOf("a\rb\tc"), "a=0Db=09c\r\n");
  for (const std::string& line : Lines(BodyOf(std::string(1000, '=')))) EXPECT_LE(line.size(), 76u);
}

TEST(MailMessage, EndsWithADotThatNoLineOfItHas) {
  EXPECT_EQ(DotStuffed("a\r\n.\r\n..b\r\nc.\r\n"), "a\r\n..\r\n...b\r\nc.\r\n.\r\n");
  EXPECT_EQ(DotStuffed(".\r\n"), "..\r\n.\r\n");
}

TEST(MailAddress, IsADotAtomAtAName) {
  for (const char* good : {"a@b", "ops@example.com", "a.b+c@x-1.example", "o'neill@example.com", "1@2.example"}) {
    EXPECT_TRUE(IsMailAddress(good)) << good;
  }
  for (const std::string& bad : {std::string("a"),
                                 std::string("@b"),
                                 std::string("a@"),
                                 std::string("a@b@c"),
                                 std::string(".a@b"),
                                 std::string("a..b@c"),
                                 std::string("a@-b"),
                                 std::string("a@b..c"),
                                 std::string("a b@c"),
                                 std::string("a@b c"),
                                 std::string("a\r\nRCPT TO:<x@y>@b"),
                                 std::string("a@b>\r\n"),
                                 std::string("<a@b>"),
                                 std::string("é@b"),
                                 std::string("a@é"),
                                 std::string("\"a\"@b"),
                                 std::string("a@[127.0.0.1]"),
                                 std::string("a@b\0c", 5),
                                 std::string(65, 'a') + "@b",
                                 "a@" + std::string(64, 'b'),
                                 "a,b@c" + std::string()}) {
    EXPECT_FALSE(IsMailAddress(bad)) << bad;
  }
}

}  // namespace
}  // namespace shakehook
