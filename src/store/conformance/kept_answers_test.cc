// The kept answers to POSTs with an Idempotency-Key, in every Store.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

TEST_F(StoreConformance, KeepsAnAnswerExactlyIfTheChangeIsKept) {
  MakeVenue();
  const KeptAnswer answer{
      .key = Sha256("key"), .request = Sha256("body"), .answer = "201 created", .created_at = clock_.Now()};
  const auto find = [&] { return *Do(store_->FindAnswer(answer.key, clock_.Now() - Milliseconds(1'000))); };
  ASSERT_FALSE(Do(store_->Apply({Change(EventType::kContactUpdated, "none", 3)}, answer)));
  EXPECT_FALSE(find());
  fail_commits_ = true;
  ASSERT_FALSE(Do(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, answer)));
  fail_commits_ = false;
  EXPECT_FALSE(find());
  ASSERT_TRUE(Do(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, answer)));
  Reopen();
  ASSERT_TRUE(find());
  EXPECT_EQ(find()->answer, "201 created");
  EXPECT_EQ(find()->request, answer.request);
  clock_.Advance(Milliseconds(2'000));
  EXPECT_FALSE(find());
}

TEST_F(StoreConformance, ReplacesAKeptAnswer) {
  MakeVenue();
  KeptAnswer answer{
      .key = Sha256("key"), .request = Sha256("body"), .answer = "201 pending", .created_at = clock_.Now()};
  ASSERT_TRUE(Do(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, answer)));
  answer.answer = "201 done";
  ASSERT_TRUE(Do(store_->ReplaceAnswer(answer)));
  Reopen();
  const auto found = *Do(store_->FindAnswer(answer.key, clock_.Now() - Milliseconds(1'000)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->answer, "201 done");
}

}  // namespace
}  // namespace shakehook
