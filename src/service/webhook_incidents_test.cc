#include "service/webhook_incidents.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

using Condition = WebhookCondition;

constexpr WebhookNumber kOne{1}, kTwo{2};

class WebhookIncidentsTest : public testing::Test {
 protected:
  // A round that sees one webhook alone.
  std::optional<WebhookChange> Round(Condition condition, std::string_view code = "") {
    incidents_.Begin();
    const auto change = incidents_.See(kOne, {.condition = condition, .code = code});
    incidents_.End();
    return change;
  }

  WebhookIncidents incidents_;
};

TEST_F(WebhookIncidentsTest, TellOnceThatAWebhookFailsAndOnceThatItHasRecovered) {
  EXPECT_EQ(Round(Condition::kHealthy), std::nullopt);
  EXPECT_EQ(Round(Condition::kFailing), WebhookChange::kFailing);
  EXPECT_EQ(Round(Condition::kFailing), std::nullopt);
  EXPECT_EQ(Round(Condition::kDegraded, "some_fail"), std::nullopt);
  EXPECT_EQ(Round(Condition::kFailing), std::nullopt);
  EXPECT_EQ(incidents_.open(), 1u);
  EXPECT_EQ(Round(Condition::kHealthy), WebhookChange::kRecovered);
  EXPECT_EQ(Round(Condition::kHealthy), std::nullopt);
  EXPECT_EQ(Round(Condition::kFailing), WebhookChange::kFailing);
}

TEST_F(WebhookIncidentsTest, EndWhileTheBacklogIsStillWorkedOff) {
  Round(Condition::kFailing);
  EXPECT_EQ(Round(Condition::kDegraded, "backlog"), WebhookChange::kRecovered);
}

TEST_F(WebhookIncidentsTest, AreNoneForAWebhookThatIsDegraded) {
  EXPECT_EQ(Round(Condition::kDegraded, "some_fail"), std::nullopt);
  EXPECT_EQ(Round(Condition::kHealthy), std::nullopt);
}

TEST_F(WebhookIncidentsTest, TellThatAFailingWebhookWasDisabledAndNothingOfRecovery) {
  Round(Condition::kFailing);
  EXPECT_EQ(Round(Condition::kDisabled, "gone"), WebhookChange::kDisabled);
  EXPECT_EQ(Round(Condition::kDisabled, "gone"), std::nullopt);
  EXPECT_EQ(incidents_.open(), 0u);
  EXPECT_EQ(Round(Condition::kHealthy), std::nullopt);
  EXPECT_EQ(Round(Condition::kDisabled, "disabled"), WebhookChange::kDisabled);
}

TEST_F(WebhookIncidentsTest, DoNotTellAfterAStartWhatWasDisabledBefore) {
  incidents_.KnowDisabled(kOne);
  EXPECT_EQ(Round(Condition::kDisabled, "gone"), std::nullopt);
  EXPECT_EQ(Round(Condition::kDisabled, "gone"), std::nullopt);
  EXPECT_EQ(Round(Condition::kHealthy), std::nullopt);
  EXPECT_EQ(Round(Condition::kDisabled, "gone"), WebhookChange::kDisabled);
}

TEST_F(WebhookIncidentsTest, ForgetAWebhookThatWasDeleted) {
  Round(Condition::kFailing);
  incidents_.Begin();
  incidents_.See(kTwo, {.condition = Condition::kHealthy});
  incidents_.End();
  EXPECT_EQ(incidents_.open(), 0u);
}

}  // namespace
}  // namespace shakehook
