#include "net/smtp_server.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

using Security = SmtpServer::Security;

TEST(SmtpServer, IsNamedByAUrl) {
  EXPECT_EQ(SmtpServer::Parse("smtps://user@Mail.Example.com:4465"),
            (SmtpServer{.security = Security::kTls, .host = "mail.example.com", .port = 4465, .user = "user"}));
  EXPECT_EQ(SmtpServer::Parse("smtps://mail.example.com")->port, 465);
  EXPECT_EQ(SmtpServer::Parse("smtp://mail.example.com/"),
            (SmtpServer{.security = Security::kStartTls, .host = "mail.example.com", .port = 587}));
  EXPECT_EQ(SmtpServer::Parse("smtp://[::1]:2525")->host, "::1");
  EXPECT_EQ(SmtpServer::Parse("smtp://h:443")->port, 443);
}

TEST(SmtpServer, TakesAUserWithAnAtSign) {
  EXPECT_EQ(SmtpServer::Parse("smtps://me@example.com@mail.example.com")->user, "me@example.com");
  EXPECT_EQ(SmtpServer::Parse("smtps://me%40example.com@mail.example.com")->user, "me@example.com");
  EXPECT_EQ(SmtpServer::Parse("smtps://a%3Ab@h")->user, "a:b");
}

TEST(SmtpServer, RefusesWhatItCannotUse) {
  for (const char* bad :
       {"", "mail.example.com", "http://h", "smtps://", "smtps://@h", "smtps://%0a@h", "smtps://%zz@h", "smtps://h:0",
        "smtps://h:99999", "smtps://h/path", "smtps://h?x", "smtps://a b"}) {
    EXPECT_FALSE(SmtpServer::Parse(bad)) << bad;
  }
  const auto with_password = SmtpServer::Parse("smtps://user:s3cret@h");
  ASSERT_FALSE(with_password);
  EXPECT_EQ(with_password.error(), "must not hold a password: put it in the file of --smtp-password-file");
}

}  // namespace
}  // namespace shakehook
