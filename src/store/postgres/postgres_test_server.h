// The PostgreSQL that all tests of the program share. It starts with the first test that needs it, and ends with the
// program.
#pragma once

#include "testing/postgres_server.h"

namespace shakehook::postgres {

PostgresServer& TestServer();

}  // namespace shakehook::postgres
