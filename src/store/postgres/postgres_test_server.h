// The PostgreSQL that all tests of the program share. It starts with the first test that needs it, and ends with the
// program.
#pragma once

#include <string>

#include "testing/postgres_server.h"

namespace shakehook::postgres {

PostgresServer& TestServer();

// Runs SQL in a database of that server.
void ExecuteOnServer(std::string script, const std::string& database = "postgres");

}  // namespace shakehook::postgres
