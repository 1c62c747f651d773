// The responses that handlers make.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "net/http_server.h"

namespace shakehook {

// `body` is JSON already.
HttpResponse JsonResponse(int status, std::string body);
HttpResponse JsonResponse(int status, const Json& body);
// 204.
HttpResponse NoContent();

// Adds ETag for a version of a resource (see etag.h); chains.
HttpResponse WithEtag(HttpResponse response, std::int64_t version);
HttpResponse WithLocation(HttpResponse response, std::string location);

}  // namespace shakehook
