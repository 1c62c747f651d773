#include "jobs/notice_fault.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace shakehook {
namespace {

void ExpectKnown(const NoticeFault& fault) {
  EXPECT_NE(std::ranges::find(kNoticeFaultCodes, fault.code), kNoticeFaultCodes.end()) << fault.code;
}

TEST(NoticeFault, OfAnAnswerIsToldByItsStatus) {
  const std::vector<std::pair<int, std::string>> cases = {
      {400, "message_refused"}, {401, "message_refused"}, {403, "message_refused"}, {404, "address_gone"},
      {410, "address_gone"},    {429, "slow_down"},       {301, "redirected"},      {500, "channel_error"},
      {503, "channel_error"},   {413, "answered"},        {600, "answered"}};
  for (const auto& [status, code] : cases) {
    const auto fault = NoticeFaultOf(Exchange{.response = PostResponse{.status = status}, .own_fault = {}});
    ASSERT_TRUE(fault) << status;
    EXPECT_EQ(fault->code, code) << status;
    EXPECT_EQ(fault->status, status);
    EXPECT_EQ(fault->text, "The channel answered " + std::to_string(status) + ".");
    ExpectKnown(*fault);
  }
  EXPECT_FALSE(NoticeFaultOf(Exchange{.response = PostResponse{.status = 204}, .own_fault = {}}));
}

TEST(NoticeFault, WithoutAnAnswerIsToldByWhatFailed) {
  for (int kind = 0; kind <= static_cast<int>(TransportFailure::kInternal); ++kind) {
    const Exchange exchange{
        .response = {}, .failure = static_cast<TransportFailure>(kind), .message = "why", .own_fault = {}};
    ExpectKnown(NoticeFaultOf(exchange).value());
    EXPECT_EQ(NoticeFaultOf(exchange)->text, "why");
  }
  const Exchange own{
      .response = {}, .failure = TransportFailure::kTimeout, .message = "why", .own_fault = OwnFault::kProxy};
  EXPECT_EQ(NoticeFaultOf(own)->code, "own_fault") << "the channel was not asked";
}

TEST(NoticeFault, OfAnEmailHasTheWordsOfTheMailServer) {
  for (int kind = 0; kind <= static_cast<int>(MailFailure::kProtocol); ++kind) {
    ExpectKnown(NoticeFaultOf(MailResult{.error = "why", .failure = static_cast<MailFailure>(kind), .refused = {}}));
  }
  const NoticeFault fault = NoticeFaultOf(MailResult{.error = "The mail server refuses the e-mail: 552 Too large",
                                                     .failure = MailFailure::kRefused,
                                                     .reply = "552 Too large",
                                                     .refused = {}});
  EXPECT_EQ(fault.code, "mail_refused");
  EXPECT_EQ(fault.reply, "552 Too large");
  const auto remark = NoticeRemarkOf(MailResult{.refused = {"a@x.example: 550 No", "b@x.example: 551 No"}});
  EXPECT_EQ(remark->text, "Refused: a@x.example: 550 No; b@x.example: 551 No");
  EXPECT_EQ(remark->reply, "a@x.example: 550 No; b@x.example: 551 No");
  ExpectKnown(*remark);
  EXPECT_FALSE(NoticeRemarkOf(MailResult{.refused = {}}));
}

}  // namespace
}  // namespace shakehook
