// The stable code of why an attempt failed, which clients and notices turn into sentences: its class, but for
// responses, whose causes need different cures. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "model/delivery.h"

namespace shakehook {

inline constexpr int kGoneStatus = 410;

// The code of a webhook that the server disabled after too many days of nothing but failures.
inline constexpr std::string_view kFailedTooLongCode = "failed_too_long";

// Returns the code of a failure; "" where there was none. `status`: of the response, if one came.
std::string_view FailureCode(FailureClass failure, std::optional<int> status);

}  // namespace shakehook
