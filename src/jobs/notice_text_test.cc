#include "jobs/notice_text.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "jobs/cause_text.h"
#include "model/failure_code.h"
#include "testing/failure_codes.h"

namespace shakehook {
namespace {

constexpr const char* kOrigin = "https://hooks.example.com";

class NoticeTexts : public testing::Test {
 protected:
  NoticeTexts() : channel_(std::make_shared<NoticeChannel>()) { due_.channel = channel_; }

  Notice& Add(NoticeKind kind, std::string name = "CRM") {
    due_.notices.push_back({.number = {static_cast<std::int64_t>(due_.notices.size()) + 1},
                            .channel = {},
                            .kind = kind,
                            .facts = {.webhook_id = "w1",
                                      .webhook_name = std::move(name),
                                      .scope = Scope::Of(VenueId{"v"}),
                                      .since_ms = 1'731'493'800'000,
                                      .pending = 12,
                                      .cause = "The endpoint answered 500.",
                                      .cause_code = "server_error",
                                      .cause_number = 500},
                            .created_at = FromUnixMs(1'731'493'900'000),
                            .due = {},
                            .sent_at = {},
                            .fault = {}});
    return due_.notices.back();
  }
  NoticeText Text() { return TextOf(due_, kOrigin); }

  std::shared_ptr<NoticeChannel> channel_;
  DueNotices due_;
};

TEST_F(NoticeTexts, SayWhatFailsSinceWhenHowManyWaitAndWhy) {
  Add(NoticeKind::kFailing);
  const NoticeText text = Text();
  EXPECT_EQ(text.subject, "CRM fails");
  ASSERT_EQ(text.lines.size(), 1u);
  EXPECT_EQ(text.lines[0].text, "Since 2024-11-13 10:30 UTC. 12 changes wait. Cause: The endpoint answered 500.");
  EXPECT_EQ(text.lines[0].link, "https://hooks.example.com/v/v/webhooks/w1");
}

TEST_F(NoticeTexts, SpeakTheLanguageOfTheChannel) {
  channel_->language = NoticeLanguage::kFrench;
  Add(NoticeKind::kRecovered).facts.pending = 1;
  EXPECT_EQ(Text().subject, "CRM fonctionne à nouveau");
  EXPECT_EQ(Text().lines[0].text, "Un changement attend. Cause : L’endpoint a eu une erreur interne (500).");
}

TEST_F(NoticeTexts, HaveAFrenchSentenceForEveryCause) {
  NoticeFacts facts{.cause = "English.", .cause_number = 1};
  std::vector<std::string_view> codes(kFailureCodes.begin(), kFailureCodes.end());
  codes.push_back(kFailedTooLongCode);
  for (const std::string_view code : codes) {
    facts.cause_code = code;
    EXPECT_EQ(CauseText(facts, NoticeLanguage::kEnglish), "English.");
    const std::string text = CauseText(facts, NoticeLanguage::kFrench);
    EXPECT_NE(text, "English.") << code;
    EXPECT_EQ(text.find('{'), std::string::npos) << code;
  }
  facts.cause_number = 3;
  EXPECT_EQ(CauseText(facts, NoticeLanguage::kFrench),
            "Le serveur l’a désactivé après 3 jours d’échecs sans exception.");
}

TEST_F(NoticeTexts, KeepTheCauseOfANoticeThatAnOlderVersionMade) {
  EXPECT_EQ(CauseText({.cause = "The endpoint answered 500."}, NoticeLanguage::kFrench), "The endpoint answered 500.");
  EXPECT_EQ(CauseText({}, NoticeLanguage::kFrench), "");
}

TEST_F(NoticeTexts, AreASummaryWhereThereAreMany) {
  for (int i = 0; i < 5; ++i) Add(NoticeKind::kFailing, "W" + std::to_string(i));
  due_.unlisted.resize(20);
  const NoticeText text = Text();
  EXPECT_EQ(text.subject, "25 notices about webhooks");
  ASSERT_EQ(text.lines.size(), 6u);
  EXPECT_EQ(text.lines[4].text, "W4 fails");
  EXPECT_EQ(text.lines[5].text, "And 20 more.");
}

TEST_F(NoticeTexts, KeepNamesThatLookLikeMarkupInert) {
  Add(NoticeKind::kFailing, "<!channel> & <https://evil.example|click>\n{}");
  const Json body = *ParseJson(SlackBody(Text()));
  EXPECT_TRUE(body.Find("text")->text()->starts_with(
      "*&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt; {} fails*\nSince"))
      << *body.Find("text")->text();
}

TEST_F(NoticeTexts, AreCutWhereANameOrACauseIsLong) {
  Add(NoticeKind::kFailing, std::string(199, 'x') + "é and more").facts.cause = std::string(5000, 'c');
  EXPECT_EQ(Text().subject, std::string(199, 'x') + "… fails");
  EXPECT_LT(Text().lines[0].text.size(), 500u);
}

TEST_F(NoticeTexts, AreAnAdaptiveCardForTeams) {
  Add(NoticeKind::kDisabled);
  const Json body = *ParseJson(TeamsBody(Text()));
  EXPECT_EQ(*body.Find("type")->text(), "message");
  const Json& attachment = body.Find("attachments")->array()->at(0);
  EXPECT_EQ(*attachment.Find("contentType")->text(), "application/vnd.microsoft.card.adaptive");
  const Json& card = *attachment.Find("content");
  EXPECT_EQ(*card.Find("type")->text(), "AdaptiveCard");
  EXPECT_EQ(*card.Find("body")->array()->at(0).Find("text")->text(), "CRM was disabled");
}

TEST_F(NoticeTexts, OfAnEMailSayWhyItCame) {
  Add(NoticeKind::kFailing);
  channel_->name = "Ops\nBcc: x";
  EXPECT_EQ(MailText(Text(), *channel_),
            "Since 2024-11-13 10:30 UTC. 12 changes wait. Cause: The endpoint answered 500.\n"
            "https://hooks.example.com/v/v/webhooks/w1\n"
            "\n"
            "-- \n"
            "You get this because the notice channel “Ops Bcc: x” has your address.\n");
}

TEST_F(NoticeTexts, HoldNoLinkOfATenantForTeams) {
  Add(NoticeKind::kFailing, "[CRM](https://evil.example)");
  const Json body = *ParseJson(TeamsBody(Text()));
  const Json& card = *body.Find("attachments")->array()->at(0).Find("content");
  EXPECT_EQ(*card.Find("body")->array()->at(0).Find("text")->text(), R"(\[CRM\]\(https://evil.example\) fails)");
}

TEST_F(NoticeTexts, AreOneEventForAWebhook) {
  Add(NoticeKind::kFailing, "A");
  Add(NoticeKind::kFailing, "C");
  EXPECT_EQ(EventBody(due_, kOrigin),
            R"({"event":"webhook.failing","timestamp":1731493900000,"data":{"webhooks":[)"
            R"({"id":"w1","name":"A","scope":{"venue_id":"v"},"since":1731493800000,"pending":12,)"
            R"("cause":"The endpoint answered 500.","link":"https://hooks.example.com/v/v/webhooks/w1"},)"
            R"({"id":"w1","name":"C","scope":{"venue_id":"v"},"since":1731493800000,"pending":12,)"
            R"("cause":"The endpoint answered 500.","link":"https://hooks.example.com/v/v/webhooks/w1"}]}})");
}

}  // namespace
}  // namespace shakehook
