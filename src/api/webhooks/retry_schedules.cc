// /api/retry-schedules: the waits of the schedules that a webhook may have.
#include "api/all_routes.h"
#include "api/http/response.h"

namespace shakehook {
namespace {

Json ScheduleJson(const std::vector<Milliseconds>& waits) {
  Json::Array array;
  for (const Milliseconds wait : waits) array.emplace_back(static_cast<std::int64_t>(wait.count()));
  Json json{Json::Object()};
  json.Add("waits_ms", Json(std::move(array)));
  return json;
}

Async<ApiResponse> GetRetrySchedules(ApiServices& services, ApiRequest&) {
  Json json{Json::Object()};
  json.Add("standard", ScheduleJson(services.options.retry_waits.standard));
  json.Add("extended", ScheduleJson(services.options.retry_waits.extended));
  co_return JsonResponse(200, json);
}

}  // namespace

void AddRetryScheduleRoutes(Router& router, ApiServices&) {
  router.Add({"GET", "/api/retry-schedules", Access::kRead, GetRetrySchedules});
}

}  // namespace shakehook
