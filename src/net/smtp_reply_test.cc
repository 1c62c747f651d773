#include "net/smtp_reply.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

using Progress = SmtpReplyReader::Progress;

TEST(SmtpReplyReader, ReadsRepliesInPiecesOfAnySize) {
  const std::string bytes = "250-mail.example.com\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n220 go\r\n";
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    SmtpReplyReader reader;
    std::vector<SmtpReply> replies;
    for (std::size_t i = 0; i < bytes.size(); i += size) {
      reader.Add(std::string_view(bytes).substr(i, size));
      while (reader.Read() == Progress::kWhole) replies.push_back(reader.Take());
    }
    ASSERT_EQ(replies.size(), 2u) << size;
    EXPECT_EQ(replies[0], (SmtpReply{250, {"mail.example.com", "STARTTLS", "AUTH PLAIN LOGIN"}}));
    EXPECT_EQ(replies[1], (SmtpReply{220, {"go"}}));
    EXPECT_FALSE(reader.HasUnread());
  }
}

TEST(SmtpReplyReader, KnowsWhatCameTooEarly) {
  SmtpReplyReader reader;
  reader.Add("220 go\r\n250 injected\r\n");
  ASSERT_EQ(reader.Read(), Progress::kWhole);
  EXPECT_EQ(reader.Take().code, 220);
  EXPECT_TRUE(reader.HasUnread());
}

TEST(SmtpReplyReader, RefusesWhatIsNoReply) {
  for (const char* bad : {"HTTP/1.1 400 Bad Request\r\n", "\r\n", "25\r\n", "2500 a\r\n", "100 a\r\n",
                          "250-a\r\n251 b\r\n", "600 a\r\n"}) {
    SmtpReplyReader reader;
    reader.Add(bad);
    EXPECT_EQ(reader.Read(), Progress::kInvalid) << bad;
  }
}

TEST(SmtpReplyReader, EndsAReplyThatDoesNot) {
  SmtpReplyReader lines;
  Progress progress = Progress::kMore;
  for (int i = 0; i < 10'000 && progress == Progress::kMore; ++i) {
    lines.Add("250-more\r\n");
    progress = lines.Read();
  }
  EXPECT_EQ(progress, Progress::kInvalid);
  SmtpReplyReader line;
  line.Add("250 " + std::string(SmtpReplyReader::kReplyBytesMax, 'x'));
  EXPECT_EQ(line.Read(), Progress::kInvalid);
}

TEST(SmtpReply, IsOneShortLineForAPerson) {
  EXPECT_EQ((SmtpReply{550, {"5.1.1 No such user", " here "}}).ToString(), "550 5.1.1 No such user here");
  EXPECT_EQ((SmtpReply{250, {""}}).ToString(), "250");
  EXPECT_EQ((SmtpReply{550, {"a\x1b[31m"}}).ToString(), "550 a\\u001b[31m");
  EXPECT_LE((SmtpReply{550, {std::string(5000, 'x')}}).ToString().size(), 203u);
}

}  // namespace
}  // namespace shakehook
