// The access log: a line for each answered request, where the operator asks for it. It has what was asked, by whom and
// how it was answered, but no query and no body, and of an inbox's address the token is left out.
//
// Threads: from any thread.
#pragma once

#include <span>

#include "api/http/api_request.h"
#include "net/address_policy.h"

namespace shakehook {

void LogAccess(const ApiRequest& request, const HttpResponse& response, Microseconds took,
               std::span<const AddressRange> trusted_proxies);

}  // namespace shakehook
