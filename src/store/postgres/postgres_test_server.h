// The PostgreSQL that all tests of the program share. It starts with the first test that needs it, and ends with the
// program.
#pragma once

#include <cstdint>
#include <string>

#include "testing/postgres_server.h"

namespace shakehook::postgres {

PostgresServer& TestServer();

// Returns the result of "SELECT" with this behind it, as `value`.
std::int64_t IntegerOnServer(std::string rest, const std::string& database);
// Runs SQL in a database of that server.
void ExecuteOnServer(std::string script, const std::string& database = "postgres");

}  // namespace shakehook::postgres
