#include "testing/postgres_server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/postgres_test_server.h"

namespace shakehook::postgres {

PostgresServer& TestServer() {
  static PostgresServer server;
  return server;
}

namespace {

struct ValueColumns : Columns<Column<"value", std::int64_t>> {};

// Runs `work` with a connection to the database.
void WithConnection(const std::string& database, std::function<Async<>(Connection&)> work) {
  SystemClock clock;
  Loop loop(clock);
  Connection connection(loop, {.parameters = TestServer().ParametersFor(database),
                               .session = {},
                               .open_max = Milliseconds(60'000),
                               .silence_max = Milliseconds(60'000)});
  loop.Spawn([](Connection& one, std::function<Async<>(Connection&)> run, Loop& stopped) -> Async<> {
    co_await one.Open();
    co_await run(one);
    stopped.Stop();
  }(connection, std::move(work), loop));
  loop.Run();
}

}  // namespace

void ExecuteOnServer(std::string script, const std::string& database) {
  WithConnection(database, [script](Connection& connection) { return connection.Execute(script); });
}

std::int64_t IntegerOnServer(std::string rest, const std::string& database) {
  std::int64_t value = 0;
  WithConnection(database, [&](Connection& connection) -> Async<> {
    const auto rows = co_await connection.Run(Select<ValueColumns>("FROM (SELECT " + rest + " AS value) t").With());
    value = rows[0].Get<"value">();
  });
  return value;
}

namespace {

TEST(PostgresServer, LeavesNothingBehind) {
  auto server = std::make_unique<PostgresServer>();
  const std::filesystem::path folder = server->ParametersFor("postgres")[0].second;
  EXPECT_TRUE(std::filesystem::exists(folder / ".s.PGSQL.5432"));
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace shakehook::postgres
