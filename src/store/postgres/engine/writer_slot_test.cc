#include "store/postgres/engine/writer_slot.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "store/postgres/engine/migrations.h"
#include "store/postgres/postgres_test_server.h"
#include "testing/cutting_proxy.h"
#include "testing/temporary_folder.h"

namespace shakehook::postgres {
namespace {

struct CountColumns : Columns<Column<"count(*) AS rows", int>> {};

class WriterSlots : public testing::Test {
 protected:
  WriterSlots() {
    Run([this]() -> Async<> {
      co_await direct_.Open();
      co_await direct_.Execute("CREATE DATABASE slots");
    });
    Run([this]() -> Async<> {
      Connection connection(loop_, Options(TestServer().ParametersFor("slots")));
      co_await connection.Open();
      EXPECT_EQ(co_await Migrate(connection), "");
      co_await connection.Execute("CREATE TABLE done (number int8 NOT NULL)");
    });
  }
  ~WriterSlots() override {
    Run([this]() -> Async<> { co_await direct_.Execute("DROP DATABASE slots WITH (FORCE)"); });
  }

  static Connection::Options Options(std::vector<std::pair<std::string, std::string>> parameters) {
    return {.parameters = std::move(parameters),
            .session = {},
            .open_max = Milliseconds(60'000),
            .silence_max = Milliseconds(60'000)};
  }
  // The database through the proxy.
  Connection::Options Proxied() const {
    auto parameters = TestServer().ParametersFor("slots");
    parameters[0].second = folder_.path().string();
    return Options(std::move(parameters));
  }

  void Run(std::function<Async<>()> begin) {
    bool done = false;
    loop_.Spawn(RunAndStop(std::move(begin), done));
    loop_.Run();
    loop_.context().restart();
    ASSERT_TRUE(done);
  }

  static Async<Stored<Done>> Insert(int number, Transaction& transaction) {
    transaction.writes.Add(Statement("INSERT INTO done (number) VALUES ($1)").With(number));
    co_return Done();
  }
  Async<int> CountOf(int number) {
    Connection connection(loop_, Options(TestServer().ParametersFor("slots")));
    co_await connection.Open();
    const auto rows = co_await connection.Run(Select<CountColumns>("FROM done WHERE number = $1").With(number));
    co_return rows[0].Get<"rows">();
  }

  SystemClock clock_;
  Loop loop_{clock_};
  Connection direct_{loop_, Options(TestServer().ParametersFor("postgres"))};
  TemporaryFolder folder_;

 private:
  Async<> RunAndStop(std::function<Async<>()> begin, bool& done) {
    co_await begin();
    done = true;
    loop_.Stop();
  }
};

TEST_F(WriterSlots, ChangeNothingForAVerbThatRefuses) {
  int committed = 0;
  WriterSlot slot(loop_, Options(TestServer().ParametersFor("slots")), {}, [&](Transaction&) { ++committed; }, {});
  Run([&]() -> Async<> {
    co_await slot.Claim();
    const auto refused = co_await slot.Run<Done>([](Transaction& transaction) -> Async<Stored<Done>> {
      transaction.writes.Add(Statement("INSERT INTO done (number) VALUES ($1)").With(1));
      co_return std::unexpected(Refusal{.kind = Refusal::Kind::kMissing});
    });
    EXPECT_EQ(refused.error().kind, Refusal::Kind::kMissing);
    EXPECT_TRUE(co_await slot.Run<Done>([](Transaction& transaction) { return Insert(2, transaction); }));
    EXPECT_EQ(co_await CountOf(1), 0);
    EXPECT_EQ(co_await CountOf(2), 1);
    EXPECT_EQ(committed, 1);
  });
}

TEST_F(WriterSlots, RefuseWhoWasReplaced) {
  WriterSlot old(loop_, Options(TestServer().ParametersFor("slots")), {}, [](Transaction&) {}, {});
  WriterSlot now(loop_, Options(TestServer().ParametersFor("slots")), {}, [](Transaction&) {}, {});
  WriterSlot other(loop_, Options(TestServer().ParametersFor("slots")), {.node = 2, .slot = 0}, [](Transaction&) {},
                   {});
  Run([&]() -> Async<> {
    co_await old.Claim();
    co_await other.Claim();
    EXPECT_TRUE(co_await old.Run<Done>([](Transaction& transaction) { return Insert(1, transaction); }));
    co_await now.Claim();
    const auto refused = co_await old.Run<Done>([](Transaction& transaction) { return Insert(2, transaction); });
    EXPECT_EQ(refused.error().kind, Refusal::Kind::kUnavailable);
    EXPECT_EQ(co_await CountOf(2), 0);
    EXPECT_TRUE(co_await now.Run<Done>([](Transaction& transaction) { return Insert(3, transaction); }));
    EXPECT_TRUE(co_await other.Run<Done>([](Transaction& transaction) { return Insert(4, transaction); }));
  });
}

TEST_F(WriterSlots, TakeOneTransactionAfterTheOther) {
  WriterSlot slot(loop_, Options(TestServer().ParametersFor("slots")), {}, [](Transaction&) {}, {});
  Run([&]() -> Async<> {
    co_await slot.Claim();
    int ended = 0;
    for (int i = 0; i < 20; ++i) {
      loop_.Spawn([](WriterSlot& one, int number, int& count) -> Async<> {
        EXPECT_TRUE(co_await one.Run<Done>([number](Transaction& transaction) { return Insert(number, transaction); }));
        EXPECT_EQ(count++, number);
      }(slot, i, ended));
    }
    EXPECT_TRUE(co_await slot.Run<Done>([](Transaction& transaction) { return Insert(20, transaction); }));
    EXPECT_EQ(ended, 20);
  });
}

// The connection breaks at the Nth request, or at the Nth answer: then the server may have committed.
TEST_F(WriterSlots, DoOnceWhatTheyAreAskedForWhereverTheConnectionBreaks) {
  CuttingProxy proxy(loop_, folder_.File(".s.PGSQL.5432"),
                     TestServer().ParametersFor("slots")[0].second + "/.s.PGSQL.5432");
  int committed = 0;
  WriterSlot slot(loop_, Proxied(), {}, [&](Transaction&) { ++committed; }, {});
  Run([&]() -> Async<> {
    co_await slot.Claim();
    int number = 0;
    for (const auto side : {CuttingProxy::Side::kRequest, CuttingProxy::Side::kAnswer}) {
      for (int at = 1;; ++at) {
        ++number;
        proxy.CutAt(side, at);
        EXPECT_TRUE(
            co_await slot.Run<Done>([number](Transaction& transaction) { return Insert(number, transaction); }));
        EXPECT_EQ(co_await CountOf(number), 1) << "cut at " << at;
        EXPECT_EQ(committed, number);
        if (!proxy.cut()) break;
        EXPECT_LT(at, 20);
      }
      EXPECT_GE(number, 3) << "at BEGIN, at COMMIT, and a run that passes";
    }
  });
}

TEST_F(WriterSlots, SayThatTheDatabaseIsAwayAndGoOnWhenItIsBack) {
  WriterSlot slot(loop_, Options(TestServer().ParametersFor("slots")), {}, [](Transaction&) {}, {});
  Run([&]() -> Async<> {
    co_await slot.Claim();
    EXPECT_TRUE(co_await slot.Run<Done>([](Transaction& transaction) { return Insert(1, transaction); }));
    TestServer().Crash();
    EXPECT_TRUE(co_await slot.Run<Done>([](Transaction& transaction) { return Insert(2, transaction); }));
    EXPECT_EQ(co_await CountOf(1), 1);
    EXPECT_EQ(co_await CountOf(2), 1);
    if (!direct_.open()) co_await direct_.Open();
  });
}

}  // namespace
}  // namespace shakehook::postgres
