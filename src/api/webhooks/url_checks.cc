// /api/url-checks: tells whether a webhook may have a URL, for a form that shows it while somebody types. The verdict
// is the same as when the webhook is saved; nothing is stored, resolved or dialled.
#include "api/all_routes.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "api/webhooks/webhook_settings.h"

namespace shakehook {
namespace {

Async<ApiResponse> CheckUrl(ApiServices& services, ApiRequest& request) {
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  const std::string url = fields.RequiredText("url", kUrlBytesMax);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  Json json{Json::Object()};
  json.Add("url", url);
  const auto reason = WhyUrlIsRefused(url, services.policy);
  json.Add("reason", reason ? Json(reason->text()) : Json());
  json.Add("code", reason ? Json(reason->code()) : Json());
  json.Add("params", reason ? reason->params() : Json(Json::Object()));
  co_return JsonResponse(200, json);
}

}  // namespace

void AddUrlCheckRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/api/url-checks", Access::kManage, CheckUrl});
}

}  // namespace shakehook
