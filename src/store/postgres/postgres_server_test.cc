#include "testing/postgres_server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/postgres_test_server.h"

namespace shakehook::postgres {

PostgresServer& TestServer() {
  static PostgresServer server;
  return server;
}

void ExecuteOnServer(std::string script, const std::string& database) {
  SystemClock clock;
  Loop loop(clock);
  Connection connection(loop, {.parameters = TestServer().ParametersFor(database),
                               .session = {},
                               .open_max = Milliseconds(60'000),
                               .silence_max = Milliseconds(60'000)});
  loop.Spawn([](Connection& one, std::string text, Loop& stopped) -> Async<> {
    co_await one.Open();
    co_await one.Execute(std::move(text));
    stopped.Stop();
  }(connection, std::move(script), loop));
  loop.Run();
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
