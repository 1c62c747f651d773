// The embedded store under the conformance suite.
#include "store/conformance/store_harness.h"

#include <gtest/gtest.h>

#include "base/secret_box.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

class SqliteHarness final : public StoreHarness {
 public:
  std::unique_ptr<Store> Open(Clock& clock, Random& random, std::function<bool()> fail_commit) override {
    auto store = OpenSqliteStore({.path = folder_.File("store.db"),
                                  .execution = SqliteOptions::Execution::kInline,
                                  .durable = Switch::kOff,
                                  .fail_commit = std::move(fail_commit)},
                                 box_, clock, random);
    EXPECT_TRUE(store) << store.error();
    return store ? *std::move(store) : nullptr;
  }

 private:
  TemporaryFolder folder_;
  const SecretBox box_{SecretBox::Key{}};
};

}  // namespace

std::unique_ptr<StoreHarness> MakeStoreHarness() { return std::make_unique<SqliteHarness>(); }

}  // namespace shakehook
