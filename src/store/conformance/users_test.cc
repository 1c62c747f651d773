// Users, their sessions, and the audit log in every Store.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class UserConformance : public StoreConformance {
 protected:
  User MakeUser(const std::string& email, Role role = Role::kAdministrator, Scope scope = {}) {
    User user{.id = {Uuid::MakeV7(clock_.Now(), random_)},
              .name = "Ada",
              .email = email,
              .role = role,
              .scope = std::move(scope),
              .language = "fr",
              .password_hash = "$argon2id$",
              .created_at = clock_.Now()};
    EXPECT_TRUE(Put(user, 0));
    return user;
  }
  Stored<Done> Put(const User& user, std::int64_t expected_version) {
    return Do(store_->SaveConfig({ConfigChange::Put<User>{user, expected_version}}, {}));
  }
  AuditEntry Entry(AuditAction action, std::string detail = "") {
    return {.id = Uuid::MakeV7(clock_.Now(), random_),
            .at = clock_.Now(),
            .actor = {.kind = AuditActorKind::kUser, .id = "u", .name = "Ada"},
            .action = action,
            .detail = std::move(detail)};
  }
  Session MakeSession(const User& user, const std::string& token) {
    return {.token_hash = Sha256(token),
            .user_id = user.id,
            .epoch = user.epoch,
            .created_at = clock_.Now(),
            .last_used_at = clock_.Now()};
  }
  Stored<Done> Begin(const User& user, const std::string& token) {
    return Do(store_->BeginSession(MakeSession(user, token), Entry(AuditAction::kSessionCreated)));
  }
  std::optional<Session> Find(const std::string& token) { return *Do(store_->FindSession(Sha256(token))); }
  std::vector<ListedAuditEntry> Audit(AuditQuery query = {}) { return *Do(store_->ListAudit(std::move(query))); }
};

TEST_F(UserConformance, KeepsUsersOverAReopening) {
  MakeVenue();
  const User user = MakeUser("Ada@example.com", Role::kManager, Scope::Of(VenueId{"v"}));
  ASSERT_TRUE(Begin(user, "token"));
  const User stored = *store_->config_cache().FindUser(user.id);
  EXPECT_EQ(stored.last_signed_in_at, clock_.Now());
  Reopen();
  EXPECT_EQ(*store_->config_cache().FindUser(user.id), stored);
  EXPECT_EQ(*store_->config_cache().FindUserByEmail("ada@EXAMPLE.com"), stored);
}

TEST_F(UserConformance, KeepsLinksAndSecondFactorsOverAReopening) {
  User user = MakeUser("ada@example.com");
  user.password_hash.clear();
  user.must_change_password = Switch::kOn;
  user.link = {.kind = UserLink::Kind::kReset, .token_hash = Sha256("token"), .expires_at = clock_.Now()};
  user.second_factor = {.secret = std::string("\0\xff secret", 9),
                        .confirmed = Switch::kOn,
                        .used_step = 59'000'000,
                        .recovery_hashes = {Sha256("one"), Sha256("two")}};
  ASSERT_TRUE(Put(user, 1));
  user.version = 2;
  EXPECT_EQ(*store_->config_cache().FindUser(user.id), user);
  Reopen();
  EXPECT_EQ(*store_->config_cache().FindUser(user.id), user);
  user.link.reset();
  user.second_factor.reset();
  ASSERT_TRUE(Put(user, 2));
  user.version = 3;
  Reopen();
  EXPECT_EQ(*store_->config_cache().FindUser(user.id), user);
}

TEST_F(UserConformance, ListsTheSessionsOfAUserWithWhereTheyBegan) {
  const User user = MakeUser("ada@example.com");
  const User other = MakeUser("eva@example.com");
  std::vector<Session> begun;
  for (const std::string token : {"one", "two"}) {
    clock_.Advance(Milliseconds(1));
    begun.push_back(MakeSession(user, token));
    begun.back().network = "192.0.2.7";
    begun.back().device = "Firefox on Linux";
    ASSERT_TRUE(Do(store_->BeginSession(begun.back(), Entry(AuditAction::kSessionCreated))));
  }
  ASSERT_TRUE(Begin(other, "three"));
  EXPECT_EQ(*Do(store_->ListSessions(user.id)), (std::vector<Session>{begun[1], begun[0]}));
  EXPECT_EQ(*Find("one"), begun[0]);
  ASSERT_TRUE(Do(store_->EndSession(Sha256("two"), Entry(AuditAction::kSessionEnded))));
  EXPECT_EQ(Do(store_->ListSessions(user.id))->size(), 1u);
}

TEST_F(UserConformance, RefusesATakenAddressAndAScopeThatDoesNotExist) {
  const User user = MakeUser("ada@example.com");
  User other{.id = {Uuid::MakeV7(clock_.Now(), random_)}, .email = "ADA@example.com"};
  EXPECT_EQ(Put(other, 0).error().kind, Kind::kExists);
  other.email = "bob@example.com";
  other.scope = Scope::Of(VenueId{"none"});
  EXPECT_EQ(Put(other, 0).error().kind, Kind::kMissing);
  EXPECT_EQ(Put(user, 0).error().kind, Kind::kExists);
  EXPECT_EQ(Put(user, 7).error().kind, Kind::kVersionConflict);
}

TEST_F(UserConformance, KeepsTheLastAdministrator) {
  User user = MakeUser("ada@example.com");
  user.role = Role::kViewer;
  EXPECT_EQ(Put(user, 1).error().kind, Kind::kLast);
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Delete<UserId>{user.id, {}}}, {})).error().kind, Kind::kLast);
  MakeUser("eva@example.com");
  EXPECT_TRUE(Put(user, 1));
}

TEST_F(UserConformance, NamesTheUsersThatAVenueHolds) {
  MakeVenue();
  MakeUser("max@example.com", Role::kManager, Scope::Of(VenueId{"v"}));
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Delete<VenueId>{{"v"}, {}}}, {})).error(),
            (Refusal{.kind = Kind::kNotEmpty, .detail = "1 user"}));
}

TEST_F(UserConformance, KeepsSessionsUntilTheyEnd) {
  const User user = MakeUser("ada@example.com");
  ASSERT_TRUE(Begin(user, "one"));
  ASSERT_TRUE(Begin(user, "two"));
  const Session session = MakeSession(user, "one");
  clock_.Advance(Milliseconds(1'000));
  ASSERT_TRUE(Do(store_->UseSession(Sha256("one"), clock_.Now())));
  ASSERT_TRUE(Do(store_->UseSession(Sha256("one"), clock_.Now() - Milliseconds(500))));
  Reopen();
  EXPECT_EQ(Find("one")->last_used_at, clock_.Now());
  EXPECT_EQ(Find("one")->created_at, session.created_at);
  EXPECT_EQ(Find("one")->user_id, user.id);
  ASSERT_TRUE(Do(store_->EndSession(Sha256("one"), Entry(AuditAction::kSessionEnded))));
  EXPECT_FALSE(Find("one"));
  EXPECT_TRUE(Find("two"));
  EXPECT_EQ(Do(store_->EndSession(Sha256("one"), Entry(AuditAction::kSessionEnded))).error().kind, Kind::kMissing);
  EXPECT_EQ(Audit({.action = AuditAction::kSessionEnded}).size(), 1u);
}

TEST_F(UserConformance, EndsTheSessionsOfAUserUnderAnotherEpochAndOfOneThatIsDeleted) {
  User user = MakeUser("ada@example.com");
  MakeUser("eva@example.com");
  ASSERT_TRUE(Begin(user, "one"));
  user.name = "Ida";
  ASSERT_TRUE(Put(user, 1));
  EXPECT_TRUE(Find("one"));
  const User before = user;
  ++user.epoch;
  ASSERT_TRUE(Put(user, 2));
  EXPECT_FALSE(Find("one"));
  EXPECT_EQ(Begin(before, "two").error().kind, Kind::kMissing);
  ASSERT_TRUE(Begin(user, "two"));
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<UserId>{user.id, {}}}, {})));
  EXPECT_FALSE(Find("two"));
  EXPECT_EQ(Begin(user, "three").error().kind, Kind::kMissing);
}

TEST_F(UserConformance, KeepsABoundedNumberOfSessions) {
  const User user = MakeUser("ada@example.com");
  for (std::size_t i = 0; i <= kSessionsPerUserMax; ++i) {
    clock_.Advance(Milliseconds(1));
    ASSERT_TRUE(Begin(user, std::to_string(i)));
  }
  EXPECT_FALSE(Find("0"));
  EXPECT_TRUE(Find("1"));
  clock_.Advance(kSessionIdleMax + Milliseconds(1));
  ASSERT_TRUE(Begin(user, "new"));
  EXPECT_FALSE(Find("50"));
  EXPECT_TRUE(Find("new"));
}

TEST_F(UserConformance, WritesTheAuditEntryExactlyIfTheChangeIsMade) {
  User user{.id = {Uuid::MakeV7(clock_.Now(), random_)}, .email = "a@b", .role = Role::kAdministrator};
  ConfigChange change{ConfigChange::Put<User>{user, 0}};
  AuditEntry entry = Entry(AuditAction::kUserCreated, "detail");
  entry.subject = AuditEntry::Subject{.kind = "user", .id = user.id.ToString(), .name = "Ada"};
  change.audit.push_back(entry);
  fail_commits_ = true;
  EXPECT_FALSE(Do(store_->SaveConfig(change, {})));
  fail_commits_ = false;
  EXPECT_TRUE(Audit().empty());
  ASSERT_TRUE(Do(store_->SaveConfig(change, {})));
  EXPECT_FALSE(Do(store_->SaveConfig(change, {})));
  Reopen();
  ASSERT_EQ(Audit().size(), 1u);
  EXPECT_EQ(Audit()[0].entry, entry);
}

TEST_F(UserConformance, ListsTheAuditLogNewestFirst) {
  std::vector<Timestamp> times;
  for (const AuditAction action :
       {AuditAction::kUserCreated, AuditAction::kSecretRevealed, AuditAction::kUserCreated}) {
    clock_.Advance(Milliseconds(1'000));
    times.push_back(clock_.Now());
    ASSERT_TRUE(Do(store_->WriteAudit(Entry(action))));
  }
  const auto all = Audit();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].entry.at, times[2]);
  EXPECT_EQ(Audit({.action = AuditAction::kUserCreated}).size(), 2u);
  EXPECT_EQ(Audit({.since = times[1], .until = times[2]}).size(), 1u);
  EXPECT_EQ(Audit({.before = all[0].position, .limit = 1})[0].entry.at, times[1]);
}

// Strangers make failed sign-ins; these cannot push out other entries.
TEST_F(UserConformance, KeepsABoundedNumberOfFailedSignIns) {
  ASSERT_TRUE(Do(store_->WriteAudit(Entry(AuditAction::kSecretRevealed))));
  for (std::int64_t i = 0; i < kFailedSignInsKept + 600; ++i) {
    ASSERT_TRUE(Do(store_->WriteAudit(Entry(AuditAction::kSessionFailed))));
  }
  const auto failed = Audit({.action = AuditAction::kSessionFailed, .limit = 20'000});
  EXPECT_LE(static_cast<std::int64_t>(failed.size()), kFailedSignInsKept + 256);
  EXPECT_GE(static_cast<std::int64_t>(failed.size()), kFailedSignInsKept);
  EXPECT_EQ(Audit({.action = AuditAction::kSecretRevealed}).size(), 1u);
}

// Neither another scope nor a noisy actor in the same scope pushes out the entries of others.
TEST_F(UserConformance, NobodyPushesOutTheAuditEntriesOfOthers) {
  const auto write = [this](std::string actor, Scope scope, AuditAction action = AuditAction::kSecretRevealed) {
    AuditEntry entry = Entry(action);
    entry.actor.id = std::move(actor);
    entry.actor.scope = std::move(scope);
    ASSERT_TRUE(Do(store_->WriteAudit(std::move(entry))));
  };
  const Scope noisy = Scope::Of(VenueId{"noisy"});
  for (int i = 0; i < 10; ++i) {
    write("admin", Scope::All(), AuditAction::kUserCreated);
    write("neighbour", Scope::Of(VenueId{"quiet"}), AuditAction::kSecretRotated);
    write("colleague", noisy, AuditAction::kApiKeyCreated);
    write("user of that e-mail", Scope::All(), AuditAction::kSessionFailed);
  }
  for (std::int64_t i = 0; i < kAuditEntriesOfScopeKept + 600; ++i) write("noisy", noisy);
  for (std::int64_t i = 0; i < kFailedSignInsKept + 600; ++i) write("", Scope::All(), AuditAction::kSessionFailed);

  for (const AuditAction action :
       {AuditAction::kUserCreated, AuditAction::kSecretRotated, AuditAction::kApiKeyCreated}) {
    EXPECT_EQ(Audit({.action = action}).size(), 10u) << ToString(action);
  }
  const auto kept = Audit({.action = AuditAction::kSecretRevealed, .limit = 100'000});
  EXPECT_LE(static_cast<std::int64_t>(kept.size()), kAuditEntriesOfScopeKept + 256);
  EXPECT_GE(static_cast<std::int64_t>(kept.size()), kAuditEntriesOfScopeKept - 10);
  std::size_t of_user = 0;
  for (const auto& failed : Audit({.action = AuditAction::kSessionFailed, .limit = 20'000})) {
    of_user += failed.entry.actor.id.empty() ? 0 : 1;
  }
  EXPECT_EQ(of_user, 10u);
}

// Two actors with about as many entries lose about as many.
TEST_F(UserConformance, WhoHasMostAuditEntriesLosesTheOldest) {
  const Scope scope = Scope::Of(VenueId{"v"});
  const std::int64_t each = kAuditEntriesOfScopeKept * 3 / 5;
  for (std::int64_t i = 0; i < each; ++i) {
    for (const char* actor : {"a", "b"}) {
      AuditEntry entry = Entry(AuditAction::kSecretRevealed, std::to_string(i));
      entry.actor.id = actor;
      entry.actor.scope = scope;
      ASSERT_TRUE(Do(store_->WriteAudit(std::move(entry))));
    }
  }
  std::map<std::string, std::int64_t> kept;
  std::map<std::string, std::string> newest;
  for (const auto& listed : Audit({.limit = 100'000})) {
    ++kept[listed.entry.actor.id];
    newest.try_emplace(listed.entry.actor.id, listed.entry.detail);
  }
  for (const char* actor : {"a", "b"}) {
    EXPECT_NEAR(static_cast<double>(kept[actor]), static_cast<double>(kAuditEntriesOfScopeKept) / 2, 256) << actor;
    EXPECT_EQ(newest[actor], std::to_string(each - 1)) << actor;
  }
}

TEST_F(UserConformance, DropsAuditEntriesOfLongAgoAndNoneForAClockThatJumpsAheadForAMoment) {
  ASSERT_TRUE(Do(store_->WriteAudit(Entry(AuditAction::kUserCreated))));
  const auto write = [this](int count) {
    for (int i = 0; i < count; ++i) ASSERT_TRUE(Do(store_->WriteAudit(Entry(AuditAction::kSecretRevealed))));
  };
  write(600);
  AuditEntry ahead = Entry(AuditAction::kSecretRevealed);
  ahead.at += 10 * kAuditAgeMax;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(Do(store_->WriteAudit(ahead)));
  write(300);
  EXPECT_EQ(Audit({.action = AuditAction::kUserCreated}).size(), 1u);
  clock_.Advance(kAuditAgeMax + Milliseconds(1));
  write(600);
  EXPECT_EQ(Audit({.action = AuditAction::kUserCreated}).size(), 0u);
}

}  // namespace
}  // namespace shakehook
