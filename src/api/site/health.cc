// /healthz: the process answers. /readyz: it can also take requests.
#include "api/all_routes.h"
#include "api/http/response.h"

namespace shakehook {
namespace {

Json StatusJson(std::string_view status) {
  Json json{Json::Object()};
  json.Add("status", status);
  return json;
}

Async<ApiResponse> Live(ApiServices&, ApiRequest&) { co_return JsonResponse(200, StatusJson("ok")); }

Async<ApiResponse> Ready(ApiServices& services, ApiRequest&) {
  if (services.options.draining && services.options.draining()) {
    co_return std::unexpected(
        Problem("draining", "The server is draining: it stops as soon as the requests that are running have ended.")
            .With("Retry-After", "1"));
  }
  if (!services.store.writable()) co_return std::unexpected(Unavailable("The store cannot write at the moment."));
  co_return JsonResponse(200, StatusJson("ready"));
}

}  // namespace

void AddHealthRoutes(Router& router, ApiServices&) {
  router.Add({"GET", "/healthz", Access::kOpen, Live});
  router.Add({"GET", "/readyz", Access::kOpen, Ready});
}

}  // namespace shakehook
