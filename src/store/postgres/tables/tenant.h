// The tenant that leads every key of the tables. There is one now; a number for each will let tenants live in databases
// of their own.
#pragma once

namespace shakehook::postgres {

inline constexpr int kTenant = 1;

}  // namespace shakehook::postgres
