#include "testing/postgres_server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "store/postgres/postgres_test_server.h"

namespace shakehook::postgres {

PostgresServer& TestServer() {
  static PostgresServer server;
  return server;
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
