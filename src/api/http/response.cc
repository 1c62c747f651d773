#include "api/http/response.h"

#include "api/http/etag.h"

namespace shakehook {

HttpResponse JsonResponse(int status, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.reserve(6);  // with ETag, Location and the headers that every response carries
  response.headers.emplace_back("Content-Type", "application/json");
  return response;
}

HttpResponse JsonResponse(int status, const Json& body) { return JsonResponse(status, ToString(body)); }

HttpResponse NoContent() { return {.status = 204}; }

HttpResponse WithEtag(HttpResponse response, std::int64_t version) {
  response.headers.emplace_back("ETag", EtagOf(version));
  return response;
}

HttpResponse WithLocation(HttpResponse response, std::string location) {
  response.headers.emplace_back("Location", std::move(location));
  return response;
}

}  // namespace shakehook
