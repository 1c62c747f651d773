// ApiRequest is a request as a handler sees it: matched to a route, authenticated, its path and query taken apart.
//
// Ownership: lives in Api::Handle's frame; handlers refer to it.
// Threads:   on its loop.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http/browser_session.h"
#include "api/http/idempotent.h"
#include "api/http/problem.h"
#include "api/http/quotas.h"
#include "model/principal.h"
#include "store/config_cache.h"
#include "trace/tracer.h"

namespace shakehook {

struct Route;

using NamedValues = std::vector<std::pair<std::string, std::string>>;

struct ApiRequest {
  Loop& loop;
  const HttpRequest& http;
  const Route* route = nullptr;
  SharedPrincipal principal;                             // who asks; null only on a route that is open
  std::optional<BrowserSession> browser = std::nullopt;  // absent: an API key asks
  std::vector<std::string> path;                         // values of the route's path parameters, decoded, in order
  NamedValues query;                                     // decoded; only names that the route knows
  std::optional<IdempotentPost> idempotent = std::nullopt;
  std::shared_ptr<Quotas::Account> account = nullptr;  // null: on a route that is open
  // A long body, which was read in turns before its handler runs; JsonBody takes it.
  std::optional<std::expected<Json, Problem>> read_body = std::nullopt;
  std::int64_t rows_read = 0;                        // counted by the handler, for the account
  std::optional<RequestTrace> trace = std::nullopt;  // absent: not traced

  RequestTrace* tracing() { return trace ? &*trace : nullptr; }
  // Precondition: the route has a parameter of that name.
  const std::string& Path(std::string_view name) const;
  // Returns null if it is not given.
  const std::string* Query(std::string_view name) const;
  // Returns the values in the order given.
  std::vector<std::string> QueryAll(std::string_view name) const;
  // The asker for reads of the store. Precondition: the route is not open.
  Asker asker() const { return {.tenant = principal->scope, .key = principal->id, .gone = http.gone}; }
  // Returns the response that the store keeps for its verb: `response`, or what `respond` makes of the verb's result on
  // a thread of the store. nullopt if the request has no Idempotency-Key.
  std::optional<IdempotencyRecordOf<Done>> Keep(const HttpResponse& response) const {
    if (!idempotent) return std::nullopt;
    return idempotent->Keep<Done>([response](const Done&) { return response; });
  }
  template <class T>
  std::optional<IdempotencyRecordOf<T>> Keep(HttpResponse (*respond)(const T& result)) const {
    if (!idempotent) return std::nullopt;
    return idempotent->Keep<T>(respond);
  }
};

}  // namespace shakehook
