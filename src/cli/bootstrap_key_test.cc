#include "cli/bootstrap_key.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/secret_box.h"
#include "cli/welcome.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/simulated_clock.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

using Origin = BootstrapKey::Origin;

class BootstrapKeyTest : public testing::Test {
 protected:
  BootstrapKeyTest() {
    settings_.database_path = folder_.File("s.db");
    store_ = OpenSqliteStore({.path = settings_.database_path, .execution = SqliteOptions::Execution::kInline}, box_,
                             clock_, random_)
                 .value();
  }

  // Does what a start of the server does.
  BootstrapKey Start() {
    const BootstrapKey key = FindBootstrapKey(settings_, store_->config_cache(), random_).value();
    EXPECT_EQ(Save(key), "");
    return key;
  }
  std::string Save(const BootstrapKey& key) {
    std::string error = "not finished";
    loop_.Spawn(Run(key, error));
    while (loop_.Poll() > 0) {
    }
    return error;
  }
  Async<> Run(BootstrapKey key, std::string& error) {
    const auto saved = co_await SaveBootstrapKey(*store_, std::move(key), clock_.Now());
    error = saved ? "" : saved.error();
  }
  bool Opens(const std::string& key) {
    const auto found = store_->config_cache().FindApiKeyByHash(Sha256(key));
    return found && found->scope == Scope::All() && found->rights.Has(Right::kManage);
  }

  TemporaryFolder folder_;
  SimulatedClock clock_;
  SeededRandom random_{1};
  SecretBox box_{SecretBox::Key{}};
  Settings settings_;
  Loop loop_{clock_};
  std::unique_ptr<Store> store_;
};

const std::string kGivenKey = "a-key-of-32-or-more-characters-0";

TEST_F(BootstrapKeyTest, IsMadeOnTheFirstStartAndKept) {
  const BootstrapKey made = Start();
  EXPECT_EQ(made.origin, Origin::kMade);
  EXPECT_TRUE(made.key.starts_with("shk_"));
  EXPECT_EQ(made.key.size(), 47u);
  EXPECT_EQ(made.file, folder_.File("admin.key"));
  EXPECT_TRUE(Opens(made.key));

  const BootstrapKey again = Start();
  EXPECT_EQ(again.origin, Origin::kFile);
  EXPECT_EQ(again.key, made.key);
  EXPECT_EQ(store_->config_cache().ListApiKeys({}, 10, [](const ApiKey&) { return true; }).size(), 1u);
}

TEST_F(BootstrapKeyTest, IsNotMadeAgainWhenItsFileWasTakenAway) {
  const BootstrapKey made = Start();
  std::filesystem::remove(made.file);
  EXPECT_EQ(Start().origin, Origin::kStored);
  EXPECT_TRUE(Opens(made.key));
  EXPECT_FALSE(std::filesystem::exists(made.file));
}

TEST_F(BootstrapKeyTest, GivesWayToOneThatIsGiven) {
  const BootstrapKey made = Start();
  settings_.admin_key = kGivenKey;
  EXPECT_EQ(Start().origin, Origin::kGiven);
  EXPECT_TRUE(Opens(kGivenKey));
  EXPECT_FALSE(Opens(made.key));
  const auto keys = store_->config_cache().ListApiKeys({}, 10, [](const ApiKey&) { return true; });
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0]->name, "bootstrap");
  EXPECT_EQ(keys[0]->prefix, "");
}

TEST_F(BootstrapKeyTest, IsReadFromTheFileThatIsGiven) {
  settings_.admin_key_file = folder_.File("given");
  EXPECT_FALSE(FindBootstrapKey(settings_, store_->config_cache(), random_).has_value());
  std::ofstream(folder_.File("given")) << "short\n";
  EXPECT_EQ(FindBootstrapKey(settings_, store_->config_cache(), random_).error(),
            folder_.File("given") + ": the key must be 32 to 1024 visible ASCII characters");
  std::ofstream(folder_.File("given")) << kGivenKey << "\n";
  Start();
  EXPECT_TRUE(Opens(kGivenKey));
  EXPECT_FALSE(std::filesystem::exists(folder_.File("admin.key")));
}

TEST_F(BootstrapKeyTest, DoesNotWidenAKeyThatOpensLess) {
  ApiKey narrow{.id = {Uuid::MakeV7(clock_.Now(), random_)}, .name = "reader", .hash = Sha256(kGivenKey)};
  narrow.rights.Add(Right::kRead);
  std::string error;
  loop_.Spawn([](Store& store, ApiKey key) -> Async<> {
    co_await store.SaveConfig({ConfigChange::Put<ApiKey>{std::move(key)}}, std::nullopt);
  }(*store_, narrow));
  while (loop_.Poll() > 0) {
  }
  settings_.admin_key = kGivenKey;
  const auto key = FindBootstrapKey(settings_, store_->config_cache(), random_).value();
  EXPECT_EQ(Save(key),
            "the admin key is in use already, as the API key \"reader\", which does not open everything; "
            "choose another");
}

TEST_F(BootstrapKeyTest, IsPrintedOnlyWhenItWasJustMade) {
  const ListenAddress listening{"0.0.0.0", 8080};
  const BootstrapKey made = Start();
  EXPECT_NE(WelcomeText(settings_, listening, made, "").find(made.key), std::string::npos);
  EXPECT_EQ(WelcomeText(settings_, listening, Start(), "").find(made.key), std::string::npos);
  settings_.admin_key = kGivenKey;
  const std::string given = WelcomeText(settings_, listening, Start(), "");
  EXPECT_EQ(given.find(kGivenKey), std::string::npos);
  EXPECT_NE(given.find("http://127.0.0.1:8080/api"), std::string::npos);
  settings_.public_url = "https://hooks.example.com";
  EXPECT_NE(WelcomeText(settings_, listening, Start(), "").find("https://hooks.example.com/api"), std::string::npos);
}

TEST_F(BootstrapKeyTest, TheWelcomeLeadsToTheSetupWhileThereIsNoAdministrator) {
  const ListenAddress listening{"0.0.0.0", 8080};
  const BootstrapKey key = Start();
  EXPECT_NE(WelcomeText(settings_, listening, key, "t0ken").find("http://127.0.0.1:8080/setup?token=t0ken\n"),
            std::string::npos);
  EXPECT_NE(WelcomeText(settings_, listening, key, "").find("dashboard    http://127.0.0.1:8080/\n"),
            std::string::npos);
}

}  // namespace
}  // namespace shakehook
