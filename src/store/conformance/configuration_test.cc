// The configuration in every Store.

#include "store/config_limits.h"
#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

TEST_F(StoreConformance, KeepsTheConfigurationOverAReopening) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  CustomField field;
  field.uuid = Uuid::MakeV7(clock_.Now(), random_);
  field.scope = Scope::Of(VenuesGroupId{"g"});
  field.label = "Segment";
  field.type = CustomFieldType::kMultiselect;
  field.options = {{"A", Json(0)}, {"B", Json("b")}};
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<CustomField>{field, 0}}, {})));
  ApiKey key;
  key.id = {Uuid::MakeV7(clock_.Now(), random_)};
  key.scope = Scope::Of(VenueId{"v"});
  key.hash = Sha256("key");
  key.rights.Add(Right::kRead);
  key.expires_at = clock_.Now();
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<ApiKey>{key, 0}}, {})));
  const auto venue = *store_->config_cache().FindVenue({"v"});
  const auto stored_field = *store_->config_cache().FindCustomField(field.uuid);
  const auto stored_key = *store_->config_cache().FindApiKeyByHash(key.hash);
  Reopen();
  EXPECT_EQ(*store_->config_cache().FindVenue({"v"}), venue);
  EXPECT_EQ(*store_->config_cache().FindWebhook(webhook->id), *webhook);
  EXPECT_EQ(*store_->config_cache().FindCustomField(field.uuid), stored_field);
  EXPECT_EQ(*store_->config_cache().FindApiKeyByHash(key.hash), stored_key);
}

TEST_F(StoreConformance, KeepsTheSchedulesAndPoliciesOfWebhooks) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  EXPECT_EQ(webhook->retry_schedule, ScheduleKind::kStandard);
  EXPECT_FALSE(webhook->disable_after_days);
  Edit(webhook, [](Webhook& edited) {
    edited.retry_schedule = ScheduleKind::kExtended;
    edited.disable_after_days = 7;
  });
  Reopen();
  EXPECT_EQ(store_->config_cache().FindWebhook(webhook->id)->retry_schedule, ScheduleKind::kExtended);
  EXPECT_EQ(store_->config_cache().FindWebhook(webhook->id)->disable_after_days, 7);
}

TEST_F(StoreConformance, RefusesATakenIdAStaleEditAndWhatDoesNotExist) {
  MakeVenue();
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Put<Venue>{{.id = {"v"}}, 0}}, {})).error().kind, Kind::kExists);
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Put<Venue>{{.id = {"v"}}, 7}}, {})).error().kind,
            Kind::kVersionConflict);
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Put<Venue>{{.id = {"x"}}, 1}}, {})).error().kind, Kind::kMissing);
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Delete<VenueId>{{"x"}, {}}}, {})).error().kind, Kind::kMissing);
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Delete<VenueId>{{"v"}, 7}}, {})).error().kind, Kind::kVersionConflict);
}

TEST_F(StoreConformance, RefusesMoreOfAKindThanAScopeMayHold) {
  MakeVenue();
  SharedWebhook last;
  for (std::size_t i = 0; i < ConfigLimits().webhooks; ++i) last = MakeWebhook();
  Webhook another = *last;
  another.id = {Uuid::MakeV7(clock_.Now(), random_)};
  const auto refused = Do(store_->SaveConfig({ConfigChange::Put<Webhook>{another, 0}}, {}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Kind::kFull);
  EXPECT_EQ(refused.error().limit,
            (Refusal::Limit{.where = "The venue", .what = "webhooks", .count = 100, .max = 100}));

  // Existing webhooks can be edited, another scope has its own limit, and a deletion makes room, also after a
  // reopening.
  Edit(last, [](Webhook& webhook) { webhook.name = "Edited"; });
  MakeWebhook(Scope::Of(VenuesGroupId{"g"}));
  Reopen();
  EXPECT_FALSE(Do(store_->SaveConfig({ConfigChange::Put<Webhook>{another, 0}}, {})));
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<WebhookId>{last->id}}, {})));
  EXPECT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<Webhook>{another, 0}}, {})));
}

TEST_F(StoreConformance, CountsWhatEachScopeHolds) {
  MakeVenue();
  const Scope venue = Scope::Of(VenueId{"v"});
  const auto webhook = MakeWebhook();
  CustomField field{.uuid = Uuid::MakeV7(clock_.Now(), random_), .scope = venue, .label = "Field"};
  ApiKey key{.id = {Uuid::MakeV7(clock_.Now(), random_)}, .scope = venue, .hash = Sha256("key")};
  Inbox inbox{.id = {Uuid::MakeV7(clock_.Now(), random_)}, .name = "I", .scope = venue, .token = "t"};
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<CustomField>{field, 0}}, {})));
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<ApiKey>{key, 0}}, {})));
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<Inbox>{inbox, 0}}, {})));
  const ConfigCache::ScopeCounts all{.webhooks = 1, .custom_fields = 1, .api_keys = 1, .inboxes = 1};
  EXPECT_EQ(store_->config_cache().CountsOf(venue), all);
  field.label = "Renamed";
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<CustomField>{field, 1}}, {})));
  Reopen();
  EXPECT_EQ(store_->config_cache().CountsOf(venue), all);
  EXPECT_EQ(store_->config_cache().CountsOf(Scope::Of(VenuesGroupId{"g"})), ConfigCache::ScopeCounts());

  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<WebhookId>{webhook->id}}, {})));
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<ConfigChange::CustomFieldId>{{field.uuid}}}, {})));
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<ApiKeyId>{key.id}}, {})));
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<InboxId>{inbox.id}}, {})));
  EXPECT_EQ(store_->config_cache().CountsOf(venue), ConfigCache::ScopeCounts());
}

TEST_F(StoreConformance, LetsOneOfTwoEditsOfOneVersionThrough) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  Webhook one = *webhook, other = *webhook;
  one.name = "One";
  other.name = "Other";
  const auto [first, second] = DoTogether(store_->SaveConfig({ConfigChange::Put<Webhook>{one, 1}}, {}),
                                          store_->SaveConfig({ConfigChange::Put<Webhook>{other, 1}}, {}));
  EXPECT_TRUE(first);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Kind::kVersionConflict);
}

}  // namespace
}  // namespace shakehook
