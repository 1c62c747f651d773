#include "api/http/access_log.h"

#include <string>

#include "api/http/client_address.h"
#include "base/log.h"

namespace shakehook {
namespace {

constexpr std::string_view kInbox = "/inbox/";

std::string AskerOf(const ApiRequest& request) {
  if (!request.principal) return "";
  const bool is_user = request.principal->kind == Principal::Kind::kUser;
  return (is_user ? "user:" : "key:") + request.principal->id.ToString();
}

}  // namespace

void LogAccess(const ApiRequest& request, const HttpResponse& response, Microseconds took,
               std::span<const AddressRange> trusted_proxies) {
  const HttpRequest& http = request.http;
  const bool inbox = http.path.starts_with(kInbox);
  LogInfo("request", {{"method", http.method},
                      {"path", inbox ? std::string(kInbox) + "***" : http.path},
                      {"status", std::to_string(response.status)},
                      {"ms", std::to_string(took.count() / 1000)},
                      {"bytes_in", std::to_string(http.body.size())},
                      {"bytes_out", std::to_string(response.body.size())},
                      {"from", ClientAddressOf(http, trusted_proxies).to_string()},
                      {"by", AskerOf(request)}});
}

}  // namespace shakehook
