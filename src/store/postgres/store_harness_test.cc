// The PostgreSQL store under the conformance suite. src/CMakeLists.txt lists the suites that are run on it; a suite
// that comes to a verb that is not built yet fails.
#include "store/conformance/store_harness.h"

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "base/secret_box.h"
#include "store/postgres/postgres_test_server.h"
#include "store/postgres/store_so_far_fixture.h"

namespace shakehook {
namespace {

using postgres::ExecuteOnServer;
using postgres::PostgresOptions;
using postgres::StoreSoFar;
using postgres::TestServer;

constexpr std::chrono::seconds kWaitMax{60};

// A database of its own for each test.
class PostgresHarness final : public StoreHarness {
 public:
  PostgresHarness() { ExecuteOnServer("CREATE DATABASE conformance"); }
  ~PostgresHarness() override { ExecuteOnServer("DROP DATABASE conformance WITH (FORCE)"); }

  std::unique_ptr<Store> Open(Clock& clock, Random& random, std::function<bool()> fail_commit) override {
    auto store = std::make_unique<StoreSoFar>(
        PostgresOptions{.parameters = TestServer().ParametersFor("conformance"), .fail_commit = std::move(fail_commit)},
        box_, clock, random);
    const std::string failure = store->Open();
    EXPECT_EQ(failure, "");
    return failure.empty() ? std::move(store) : nullptr;
  }

  bool Wait(Loop& loop) override {
    const asio::executor_work_guard<Executor> work(loop.executor());
    loop.context().restart();
    return loop.context().run_one_for(kWaitMax) > 0;
  }

 private:
  const SecretBox box_{SecretBox::Key{}};
};

}  // namespace

std::unique_ptr<StoreHarness> MakeStoreHarness() { return std::make_unique<PostgresHarness>(); }

}  // namespace shakehook
