#include "store/audit_shares.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

const AuditShare kOfVenue{.scope = Scope::Of(VenueId{"v"})};

TEST(AuditShares, CutNobodyWhileThereIsRoom) {
  EXPECT_TRUE(CutAuditEntries(kOfVenue, {{"a", kAuditEntriesOfScopeKept - 5}, {"b", 5}}).empty());
  EXPECT_TRUE(CutAuditEntries(kOfVenue, {}).empty());
}

TEST(AuditShares, CutWhoHasMostDownToOneNumber) {
  const std::int64_t half = kAuditEntriesOfScopeKept / 2;
  EXPECT_EQ(CutAuditEntries(kOfVenue, {{"quiet", 10}, {"a", half + 40}, {"b", half + 10}}),
            (std::vector<ActorEntries>{{"a", 45}, {"b", 15}}));
  EXPECT_EQ(CutAuditEntries(kOfVenue, {{"quiet", 10}, {"a", kAuditEntriesOfScopeKept}}),
            (std::vector<ActorEntries>{{"a", 10}}));
}

TEST(AuditShares, KeepMoreOfTheServersOwnAndFewerOfStrangers) {
  EXPECT_TRUE(CutAuditEntries({.scope = Scope::All()}, {{"a", kAuditEntriesKept}}).empty());
  EXPECT_EQ(CutAuditEntries({.failed = true}, {{"a", kFailedSignInsKept + 3}}), (std::vector<ActorEntries>{{"a", 3}}));
}

TEST(AuditShares, AreCountedNowAndThen) {
  AuditPace pace;
  int due = 0;
  for (int i = 0; i < 3 * AuditPace::kEntriesPerDrop; ++i) due += pace.CountOf(kOfVenue) ? 1 : 0;
  EXPECT_EQ(due, 3);
}

}  // namespace
}  // namespace shakehook
