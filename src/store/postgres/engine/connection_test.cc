#include "store/postgres/engine/connection.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "base/clock.h"
#include "store/postgres/postgres_test_server.h"

namespace shakehook::postgres {
namespace {

struct AColumns : Columns<Column<"$1 AS a", std::int64_t>> {};
struct TextColumns : Columns<Column<"$1 AS text", std::string>> {};
struct SleepColumns : Columns<Column<"pg_sleep($1)::text AS slept", std::string>> {};

class PostgresConnection : public testing::Test {
 protected:
  Connection::Options Options() {
    return {.parameters = TestServer().ParametersFor("postgres"),
            .session = {{"statement_timeout", "60s"}},
            .open_max = Milliseconds(60'000),
            .silence_max = Milliseconds(60'000)};
  }

  // Runs the coroutine to its end, in real time.
  void Run(std::function<Async<>()> begin) {
    bool done = false;
    loop_.Spawn(RunAndStop(std::move(begin), done));
    loop_.Run();
    loop_.context().restart();
    ASSERT_TRUE(done);
  }

  // Returns the error that the coroutine throws.
  template <class T>
  static Async<std::optional<PostgresError>> ErrorOf(Async<T> coroutine) {
    try {
      co_await std::move(coroutine);
    } catch (const PostgresError& error) {
      co_return error;
    }
    ADD_FAILURE() << "no error";
    co_return std::nullopt;
  }

  SystemClock clock_;
  Loop loop_{clock_};

 private:
  Async<> RunAndStop(std::function<Async<>()> begin, bool& done) {
    co_await begin();
    done = true;
    loop_.Stop();
  }
};

TEST_F(PostgresConnection, RunsAPipelineInOneGo) {
  Connection connection(loop_, Options());
  Run([&]() -> Async<> {
    co_await connection.Open();
    co_await connection.Execute("CREATE TEMPORARY TABLE t (id uuid, name text, n int2, bytes bytea)");
    Uuid first, second;
    second.bytes.fill(0xfe);
    ArrayOf<Uuid> ids;
    ArrayOf<std::optional<std::string>> names;
    ids.Add(first);
    ids.Add(second);
    names.Add("one");
    names.Add(std::nullopt);
    struct RowColumns : Columns<Column<"id", Uuid>, Column<"name", std::optional<std::string>>, Column<"n", int>,
                                Column<"bytes", std::string>> {};
    Pipeline pipeline;
    pipeline.Add(Statement("BEGIN").With());
    const auto inserted = pipeline.Add(Statement("INSERT INTO t (id, name, n, bytes) SELECT u.id, u.name, $3, $4"
                                                 " FROM unnest($1::uuid[], $2::text[]) AS u (id, name)")
                                           .With(ids, names, -5, Blob{std::string_view("\0\xff", 2)}));
    const auto selected = pipeline.Add(Select<RowColumns>("FROM t ORDER BY id").With());
    pipeline.Add(Statement("COMMIT").With());
    Results results = co_await connection.Run(std::move(pipeline));
    EXPECT_EQ(results.Changed(inserted), 2);
    const auto rows = results.Take(selected);
    EXPECT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].Get<"name">(), "one");
    EXPECT_EQ(rows[1].Get<"id">(), second);
    EXPECT_EQ(rows[1].Get<"name">(), std::nullopt);
    EXPECT_EQ(rows[1].Get<"n">(), -5);
    EXPECT_EQ(rows[1].Get<"bytes">(), std::string("\0\xff", 2));
  });
}

TEST_F(PostgresConnection, SendsArraysOfAllKinds) {
  Connection connection(loop_, Options());
  struct SumColumns
      : Columns<Column<"(SELECT sum(n)::int8 FROM unnest($1::int8[]) AS u (n)) AS sum", std::int64_t>,
                Column<"cardinality($2::bytea[]) AS blobs", int>, Column<"cardinality($3::text[]) AS none", int>> {};
  Run([&]() -> Async<> {
    co_await connection.Open();
    const std::vector<std::int64_t> numbers = {std::numeric_limits<std::int64_t>::max(), -7, 3};
    const std::vector<Blob> blobs = {{"a"}, {""}};
    const auto rows = co_await connection.Run(Select<SumColumns>("").With(numbers, blobs, std::vector<std::string>()));
    EXPECT_EQ(rows[0].Get<"sum">(), std::numeric_limits<std::int64_t>::max() - 4);
    EXPECT_EQ(rows[0].Get<"blobs">(), 2);
    EXPECT_EQ(rows[0].Get<"none">(), 0);
  });
}

TEST_F(PostgresConnection, GoesOnAfterAStatementThatFails) {
  Connection connection(loop_, Options());
  Run([&]() -> Async<> {
    co_await connection.Open();
    for (int round = 0; round < 2; ++round) {
      Pipeline pipeline;
      pipeline.Add(Statement("BEGIN").With());
      pipeline.Add(Statement("SELECT 1 / $1").With(0));
      pipeline.Add(Select<AColumns>("").With(1));  // its preparation is not reached
      const auto error = co_await ErrorOf(connection.Run(std::move(pipeline)));
      EXPECT_EQ(error->state(), "22012") << error->what();
      EXPECT_FALSE(error->lost());
      co_await connection.Run(Statement("ROLLBACK").With());
      const auto rows = co_await connection.Run(Select<AColumns>("").With(7));
      EXPECT_EQ(rows[0].Get<"a">(), 7);
    }
  });
}

TEST_F(PostgresConnection, SaysWhatAnErrorIsWithoutTheValuesInIt) {
  Connection connection(loop_, Options());
  Run([&]() -> Async<> {
    co_await connection.Open();
    co_await connection.Execute("CREATE TEMPORARY TABLE t (secret text PRIMARY KEY)");
    const Statement insert("INSERT INTO t (secret) VALUES ($1)");
    co_await connection.Run(insert.With("hush"));
    const auto error = co_await ErrorOf(connection.Run(insert.With("hush")));
    EXPECT_EQ(error->state(), kUniqueViolation);
    EXPECT_EQ(std::string(error->what()).find("hush"), std::string::npos);
  });
}

TEST_F(PostgresConnection, RefusesANulInATextAndKeepsItInBytes) {
  Connection connection(loop_, Options());
  Run([&]() -> Async<> {
    co_await connection.Open();
    const std::string with_nul("a\0b", 3);
    const auto error = co_await ErrorOf(connection.Run(Select<TextColumns>("").With(with_nul)));
    EXPECT_EQ(error->state(), "22021") << error->what();
    struct BytesColumns : Columns<Column<"$1::bytea AS bytes", std::string>> {};
    const auto rows = co_await connection.Run(Select<BytesColumns>("").With(Blob{with_nul}));
    EXPECT_EQ(rows[0].Get<"bytes">(), with_nul);
  });
}

// Neither side reads on while it cannot write: both directions have to be awaited.
TEST_F(PostgresConnection, SendsAndReturnsValuesFarBeyondTheSocketsBuffers) {
  Connection connection(loop_, Options());
  Run([&]() -> Async<> {
    co_await connection.Open();
    const std::string text(4'000'000, 'x');
    Pipeline pipeline;
    std::vector<RowsPlace<TextColumns>> places;
    for (int i = 0; i < 4; ++i) places.push_back(pipeline.Add(Select<TextColumns>("").With(text)));
    Results results = co_await connection.Run(std::move(pipeline));
    for (const auto place : places) EXPECT_TRUE(results.Take(place)[0].Get<"text">() == text);
  });
}

TEST_F(PostgresConnection, EndsAStatementThatTakesTooLong) {
  auto options = Options();
  options.session = {{"statement_timeout", "50ms"}};
  Connection connection(loop_, options);
  Run([&]() -> Async<> {
    co_await connection.Open();
    const auto error = co_await ErrorOf(connection.Run(Statement("SELECT pg_sleep($1)").With(60)));
    EXPECT_EQ(error->state(), kQueryCanceled) << error->what();
    const auto rows = co_await connection.Run(Select<AColumns>("").With(7));
    EXPECT_EQ(rows[0].Get<"a">(), 7);
  });
}

TEST_F(PostgresConnection, CancelsWhatAnotherConnectionRuns) {
  Connection slow(loop_, Options());
  Connection other(loop_, Options());
  std::optional<PostgresError> error;
  Run([&]() -> Async<> {
    co_await slow.Open();
    co_await other.Open();
    bool ended = false;
    loop_.Spawn([](Connection& connection, std::optional<PostgresError>& failure, bool& done) -> Async<> {
      failure = co_await ErrorOf(connection.Run(Statement("SELECT pg_sleep($1)").With(60)));
      done = true;
    }(slow, error, ended));
    for (int i = 0; i < 100'000 && !ended; ++i) co_await other.Cancel(slow);
    EXPECT_TRUE(ended);
    EXPECT_EQ(error->state(), kQueryCanceled) << error->what();
    const auto rows = co_await slow.Run(Select<AColumns>("").With(7));
    EXPECT_EQ(rows[0].Get<"a">(), 7);
  });
}

TEST_F(PostgresConnection, IsLostWithAnErrorWhenItsServerEndsIt) {
  Connection connection(loop_, Options());
  Connection other(loop_, Options());
  Run([&]() -> Async<> {
    co_await connection.Open();
    co_await other.Open();
    const auto error =
        co_await ErrorOf(connection.Run(Statement("SELECT pg_terminate_backend(pg_backend_pid())").With()));
    EXPECT_TRUE(error->lost()) << error->what();
    EXPECT_FALSE(connection.open());
    co_await connection.Open();
    const auto rows = co_await connection.Run(Select<AColumns>("").With(7));
    EXPECT_EQ(rows[0].Get<"a">(), 7);
  });
}

TEST_F(PostgresConnection, HearsThatItIsLostWhileItRunsNothing) {
  Connection connection(loop_, Options());
  Connection other(loop_, Options());
  Run([&]() -> Async<> {
    co_await connection.Open();
    co_await other.Open();
    bool lost = false;
    connection.OnLost([&] { lost = true; });
    co_await other.Run(Statement("SELECT pg_terminate_backend($1::int4)").With(connection.backend_pid()));
    for (int i = 0; i < 1'000 && !lost; ++i) co_await other.Run(Statement("SELECT pg_sleep(0.01)").With());
    EXPECT_TRUE(lost);
    EXPECT_FALSE(connection.open());
  });
}

TEST_F(PostgresConnection, IsLostWhenItsServerCrashesAndOpensAgain) {
  Connection connection(loop_, Options());
  Run([&]() -> Async<> {
    co_await connection.Open();
    TestServer().Crash();
    const auto error = co_await ErrorOf(connection.Run(Select<AColumns>("").With(1)));
    EXPECT_TRUE(error->lost()) << error->what();
    co_await connection.Open();
    const auto rows = co_await connection.Run(Select<AColumns>("").With(7));
    EXPECT_EQ(rows[0].Get<"a">(), 7);
  });
}

TEST_F(PostgresConnection, IsLostWhenItsServerIsSilent) {
  auto options = Options();
  options.silence_max = Milliseconds(100);
  options.open_max = Milliseconds(100);
  Connection connection(loop_, options);
  Connection second(loop_, options);
  Run([&]() -> Async<> {
    co_await connection.Open();
    TestServer().Freeze();
    const auto error = co_await ErrorOf(connection.Run(Select<AColumns>("").With(1)));
    EXPECT_TRUE(error->lost()) << error->what();
    const auto refused = co_await ErrorOf(second.Open());
    EXPECT_TRUE(refused->lost()) << refused->what();
    TestServer().Thaw();
  });
}

TEST_F(PostgresConnection, SaysWhyItCannotConnect) {
  auto options = Options();
  options.parameters = TestServer().ParametersFor("nowhere");
  Connection connection(loop_, options);
  Run([&]() -> Async<> {
    const auto error = co_await ErrorOf(connection.Open());
    EXPECT_TRUE(error->lost());
    EXPECT_NE(std::string(error->what()).find("database \"nowhere\" does not exist"), std::string::npos)
        << error->what();
  });
}

TEST_F(PostgresConnection, HearsNotificationsWhileItRunsNothing) {
  Connection listener(loop_, Options());
  Connection teller(loop_, Options());
  Run([&]() -> Async<> {
    co_await listener.Open();
    co_await teller.Open();
    std::string heard;
    listener.OnNotified([&](std::string_view channel, std::string_view payload) {
      heard = std::string(channel) + ": " + std::string(payload);
    });
    co_await listener.Run(Statement("LISTEN news").With());
    co_await teller.Run(Statement("SELECT pg_notify('news', $1)").With("hello"));
    for (int i = 0; i < 1'000 && heard.empty(); ++i) co_await teller.Run(Statement("SELECT pg_sleep(0.01)").With());
    EXPECT_EQ(heard, "news: hello");
  });
}

TEST_F(PostgresConnection, RefusesToReadAColumnOfAnotherTypeOrNull) {
  Connection connection(loop_, Options());
  struct UuidColumns : Columns<Column<"$1 AS id", Uuid>> {};
  Run([&]() -> Async<> {
    co_await connection.Open();
    EXPECT_EQ((co_await ErrorOf(connection.Run(Select<UuidColumns>("").With(5))))->state(), "42804");
    const auto rows = co_await connection.Run(Select<AColumns>("").With(std::optional<std::int64_t>()));
    EXPECT_THROW(rows[0].Get<"a">(), PostgresError);
  });
}

TEST_F(PostgresConnection, MayBeDestroyedWhileAStatementRuns) {
  auto connection = std::make_unique<Connection>(loop_, Options());
  Run([&]() -> Async<> {
    co_await connection->Open();
    loop_.Spawn([](Connection& running) -> Async<> {
      co_await running.Run(Statement("SELECT pg_sleep($1)").With(60));
      ADD_FAILURE() << "it goes on";
    }(*connection));
    loop_.Post([&] { connection.reset(); });
    Connection other(loop_, Options());
    co_await other.Open();
    EXPECT_EQ(connection, nullptr);
  });
}

}  // namespace
}  // namespace shakehook::postgres
