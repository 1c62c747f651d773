#include "api/api.h"

#include <algorithm>
#include <atomic>

#include "api/access/authentication.h"
#include "api/all_routes.h"
#include "api/commit_feed.h"
#include "api/http/access_log.h"
#include "api/http/compression.h"
#include "api/http/json_body.h"
#include "api/http/parameter_reader.h"
#include "api/http/quota_refusals.h"
#include "api/http/request_metrics.h"
#include "api/http/request_trace.h"
#include "api/http/tenant.h"
#include "api/site/dashboard.h"
#include "api/webhooks/inbox_log.h"
#include "store/owner_scope.h"

namespace shakehook {
namespace {

constexpr std::size_t kBatchBytesMax = 16 * 1024 * 1024;
constexpr std::size_t kOpenBodyBytesMax = HttpServer::Limits().unasked_body_bytes_max;
constexpr std::string_view kVenues = "/api/venues/{venue_id}";
constexpr std::string_view kInboxes = "/inbox/";
constexpr std::string_view kImports = "/imports";
constexpr std::string_view kOwnSession = "/api/session";
// The memory that a request's work takes, as a multiple of its body, for HttpServerMemory.
constexpr std::size_t kJsonWorkFactor = 4;
constexpr std::size_t kImportWorkFactor = 2;

// Adds the headers that every response carries, unless its handler set them (the page of /docs may be cached).
void AddSecurityHeaders(HttpResponse& response) {
  const auto add = [&](std::string_view name, std::string_view value) {
    if (std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first) ==
        response.headers.end()) {
      response.headers.emplace_back(name, value);
    }
  };
  add("X-Content-Type-Options", "nosniff");
  add("Cache-Control", "no-store");
}

// Returns whose records a request is about: a key that sees all works for the venue of its path.
// Precondition: the caller is known, and so is the route.
Scope ConcernedScope(const ApiRequest& request) {
  const Scope& scope = request.principal->scope;
  const bool of_venue = scope.kind == Scope::Kind::kAll && request.route->path.starts_with(kVenues);
  return of_venue ? Scope::Of(VenueId{request.path.front()}) : scope;
}

}  // namespace

struct Api::State {
  State(Store& store, Records& records, const AddressPolicy& policy, Clock& clock, prometheus::Registry& registry,
        Options options)
      : services{store, records, policy, clock, registry, std::move(options), inboxes, feed},
        dashboard(services.options.dashboard),
        metrics(registry, Routes()),
        quotas({services.options.rate_limit, services.options.key_quota, services.options.tenant_quota}),
        quota_refusals(registry) {}

  const std::deque<Route>& Routes() {
    AddAllRoutes(router, services);
    return router.routes();
  }

  // Finds the route and checks everything that a handler may rely on.
  std::expected<Done, Problem> Prepare(ApiRequest& request);
  std::expected<Done, Problem> Identify(ApiRequest& request, Access access);
  // Finds the owner of the body that follows the head.
  Async<std::expected<BodyAdmission, Problem>> Admit(ApiRequest& request);
  // Finds the session, if the request is a browser's, and answers.
  Async<ApiResponse> HandleWithSession(ApiRequest& request);
  Async<ApiResponse> HandlePrepared(ApiRequest& request);
  Async<ApiResponse> HandleOnce(ApiRequest& request);
  // Returns the response that is kept under the request's Idempotency-Key, or the problem that the key was used with
  // another body; nullopt: none is kept.
  Async<Stored<std::optional<ApiResponse>>> FindKept(const ApiRequest& request);
  // Returns how long the request is held back.
  Microseconds DelayOf(const ApiRequest& request) const;
  Async<> Compress(ApiRequest& request, HttpResponse& response);

  // Waits for a stream's next piece, which its opener is charged for.
  Async<std::optional<std::string>> NextCharged(std::shared_ptr<Quotas::Account> account,
                                                Async<std::optional<std::string>> next);

  InboxLog inboxes;
  CommitFeed feed;
  ApiServices services;
  const Dashboard dashboard;
  Router router;
  RequestMetrics metrics;
  Quotas quotas;
  QuotaRefusals quota_refusals;
  RunningPosts running;
  ResponseCompressor compressor;
  std::atomic<bool> logs_access{services.options.access_log == Switch::kOn};
};

std::expected<Done, Problem> Api::State::Prepare(ApiRequest& request) {
  auto match = router.Find(request.http.method, request.http.path);
  const Access access = match ? match->route->access : Access::kRead;
  // A caller without rights is not told what exists, except for what is open to all.
  const bool guarded = match ? access != Access::kOpen : request.http.path.starts_with("/api/");
  if (guarded) {
    if (auto identified = Identify(request, access); !identified) return identified;
    const SteadyTime now = services.clock.Steady();
    if (const auto excess = quotas.Take(*request.principal, services.config_cache(), now, request.account)) {
      return std::unexpected(quota_refusals.Refuse(*excess));
    }
  }
  if (!match) return std::unexpected(std::move(match.error()));
  request.route = match->route;
  SetLoopWork({request.route->method, request.route->path});
  request.path = std::move(match->path);
  if (guarded) {
    if (auto allowed = CheckAccess(*request.principal, access); !allowed) return allowed;
  }
  // Pages and probes accept any query; a route that needs a key accepts only the parameters that it knows.
  if (guarded && !request.http.query.empty()) {
    auto query = ParseQuery(request.http.query, request.route->parameters, request.route->repeatable);
    if (!query) return std::unexpected(std::move(query.error()));
    request.query = *std::move(query);
  }
  if (guarded && !request.http.body.empty()) {
    if (auto plain = CheckContentEncoding(request.http); !plain) return plain;
  }
  if (guarded && request.http.method == "POST") {
    if (const std::string* const header = request.http.Header("idempotency-key")) {
      auto post = IdempotentPost::Read(*header, request.principal->id, request.http, services.clock.Now());
      if (!post) return std::unexpected(std::move(post.error()));
      request.idempotent = *post;
    }
  }
  return Done();
}

std::expected<Done, Problem> Api::State::Identify(ApiRequest& request, Access access) {
  if (request.browser) {
    request.principal = request.browser->principal;
    if (auto own = CheckNotForged(request.http, *request.browser, services.options.public_url); !own) return own;
    // A password that somebody else gave is good for one thing: to be changed.
    if (request.browser->user->must_change_password == Switch::kOn && request.http.path != kOwnSession) {
      return std::unexpected(Problem("password-change-needed", "Change your password first (PATCH /api/session)."));
    }
    return Done();
  }
  if (access == Access::kSession) return std::unexpected(Problem("not-signed-in", "You are not signed in."));
  auto key = Authenticate(request.http, services.config_cache(), services.clock.Now());
  if (!key) return std::unexpected(std::move(key.error()));
  request.principal = *std::move(key);
  return Done();
}

Async<std::expected<BodyAdmission, Problem>> Api::State::Admit(ApiRequest& request) {
  const HttpRequest& http = request.http;
  const auto match = router.Find(http.method, http.path);
  const bool open = match ? match->route->access == Access::kOpen : !http.path.starts_with("/api/");
  if (open) {
    const bool inbox = match && http.path.starts_with(kInboxes) &&
                       services.config_cache().FindInboxByToken(http.path.substr(kInboxes.size()));
    if (inbox) co_return BodyAdmission{.owner = "inboxes"};
    co_return std::unexpected(
        Problem("too-large", "Without an API key, a body may have {max} bytes at most.", kOpenBodyBytesMax));
  }
  if (HasSessionCookie(http)) {
    auto browser = co_await FindBrowserSession(services, http);
    if (!browser) co_return std::unexpected(std::move(browser.error()));
    request.browser = *std::move(browser);
  }
  if (auto identified = Identify(request, match ? match->route->access : Access::kRead); !identified) {
    co_return std::unexpected(std::move(identified.error()));
  }
  if (!match) co_return std::unexpected(match.error());
  if (auto allowed = CheckAccess(*request.principal, match->route->access); !allowed) {
    co_return std::unexpected(std::move(allowed.error()));
  }
  const bool import = http.path.ends_with(kImports);
  co_return BodyAdmission{.owner = TenantOf(request.principal->scope, services.config_cache()),
                          .work_factor = import ? kImportWorkFactor : kJsonWorkFactor};
}

Async<ApiResponse> Api::State::HandleOnce(ApiRequest& request) {
  IdempotentPost& post = *request.idempotent;
  const auto hold = running.Enter(post.key);
  if (!hold) co_return std::unexpected(StillRunning());
  post.request = co_await RequestDigest(request.loop, *request.http.Header("idempotency-key"), request.http);
  auto kept = co_await FindKept(request);
  if (!kept) co_return std::unexpected(FromRefusal(kept.error(), "answer"));
  if (*kept) co_return **std::move(kept);
  auto response = co_await request.route->handler(services, request);
  if (response) co_return response;
  // Another process may have answered the key since. Its change is then the reason of the refusal, whatever that says.
  kept = co_await FindKept(request);
  if (kept && *kept) co_return **std::move(kept);
  co_return response;
}

Async<Stored<std::optional<ApiResponse>>> Api::State::FindKept(const ApiRequest& request) {
  const IdempotentPost& post = *request.idempotent;
  auto kept =
      co_await services.store.FindIdempotencyRecord(post.key, post.at - kIdempotencyRecordsKept, request.asker());
  if (!kept) co_return std::unexpected(kept.error());
  if (!*kept) co_return std::nullopt;
  if ((*kept)->request != post.request) {
    co_return ApiResponse(std::unexpected(
        Invalid("Idempotency-Key", {"idempotency_key_reused", "was used with another body within the last 24 hours"})));
  }
  co_return ApiResponse(ReadResponse((*kept)->response));
}

Async<ApiResponse> Api::State::HandleWithSession(ApiRequest& request) {
  auto browser = co_await FindBrowserSession(services, request.http);
  if (!browser) co_return std::unexpected(std::move(browser.error()));
  request.browser = *std::move(browser);
  co_return co_await HandlePrepared(request);
}

Async<ApiResponse> Api::State::HandlePrepared(ApiRequest& request) {
  if (auto prepared = Prepare(request); !prepared) co_return std::unexpected(std::move(prepared.error()));
  if (request.trace && request.principal) {
    request.trace->tenant = {std::hash<Scope>()(OwnerOf(ConcernedScope(request), services.config_cache()))};
  }
  if (const Microseconds delay = DelayOf(request); delay > Microseconds(0)) {
    co_await SleepUntil(request.loop, services.clock.Steady() + delay);
  }
  // A batch or a file is read by its handler.
  const bool one_value = !request.route->path.ends_with("/batch") && !request.route->path.ends_with(kImports);
  if (one_value && request.http.body.size() > kLongBodyBytes) co_await ReadLongBody(request);
  if (request.idempotent) co_return co_await HandleOnce(request);
  co_return co_await request.route->handler(services, request);
}

Microseconds Api::State::DelayOf(const ApiRequest& request) const {
  const auto& change_delay = services.options.change_delay;
  if (!change_delay || !request.principal || request.http.method == "GET") return Microseconds(0);
  return change_delay(ConcernedScope(request));
}

// Strangers make no work: the routes that are open to all are left as they are.
Async<> Api::State::Compress(ApiRequest& request, HttpResponse& response) {
  const Route* const route = request.route;
  if (route == nullptr || route->method != "GET" || route->access == Access::kOpen) co_return;
  if (route->compression == Compression::kNever) co_return;
  co_await compressor.Compress(request.loop, request.http, services.records.random, response);
}

Api::Api(Store& store, Records& records, const AddressPolicy& policy, Clock& clock, prometheus::Registry& metrics,
         Options options)
    : state_(std::make_unique<State>(store, records, policy, clock, metrics, std::move(options))) {}

Api::~Api() = default;

Async<HttpResponse> Api::Handle(Loop& loop, HttpRequest http) {
  State& state = *state_;
  const SteadyTime started = state.services.clock.Steady();
  ApiRequest request{.loop = loop, .http = http};
  request.trace = BeginRequestTrace(state.services.options.tracer, http);
  ApiResponse result;
  if (Dashboard::Owns(http.path)) {
    result = state.dashboard.Get(http, state.services.records.random);
  } else if (HasSessionCookie(http)) {
    result = co_await state.HandleWithSession(request);
  } else {
    result = co_await state.HandlePrepared(request);
  }
  HttpResponse response = result ? *std::move(result) : ToResponse(result.error());
  AddSecurityHeaders(response);
  const auto bytes = static_cast<std::int64_t>(http.body.size() + response.body.size());
  co_await state.Compress(request, response);
  const SteadyTime ended = state.services.clock.Steady();
  if (request.account) {
    state.quotas.Charge(*request.account, bytes, request.rows_read, ended);
    if (response.stream) {
      response.stream = [&state, account = request.account, stream = std::move(response.stream)] {
        return state.NextCharged(account, stream());
      };
    }
  }
  state.metrics.Count(request.route, response.status, ended - started);
  EndRequestTrace(request, response);
  if (state.logs_access.load(std::memory_order_relaxed)) {
    LogAccess(request, response, ended - started, state.services.options.trusted_proxies);
  }
  co_return response;
}

Async<std::optional<std::string>> Api::State::NextCharged(std::shared_ptr<Quotas::Account> account,
                                                          Async<std::optional<std::string>> next) {
  auto piece = co_await std::move(next);
  if (piece) quotas.Charge(*account, static_cast<std::int64_t>(piece->size()), 0, services.clock.Steady());
  co_return piece;
}

Async<std::expected<BodyAdmission, HttpResponse>> Api::Admit(Loop& loop, const HttpRequest& http) {
  State& state = *state_;
  const SteadyTime started = state.services.clock.Steady();
  ApiRequest request{.loop = loop, .http = http};
  auto admission = co_await state.Admit(request);
  if (admission) co_return *std::move(admission);
  HttpResponse response = ToResponse(admission.error());
  AddSecurityHeaders(response);
  const Microseconds took = state.services.clock.Steady() - started;
  state.metrics.Count(nullptr, response.status, took);
  if (state.logs_access.load(std::memory_order_relaxed)) {
    LogAccess(request, response, took, state.services.options.trusted_proxies);
  }
  co_return std::unexpected(std::move(response));
}

std::size_t Api::BodyBytesMax(const HttpRequest& request) {
  const bool batch = request.path.starts_with("/api/venues/") && request.path.ends_with("/batch");
  if (batch) return kBatchBytesMax;
  const bool import = request.path.starts_with("/api/venues/") && request.path.ends_with(kImports);
  return import ? kImportBytesMax : HttpServer::kBodyBytesMax;
}

HttpResponse Api::Refuse(int status, std::string_view detail) {
  Sentence sentence = Sentence::OfText(std::string(detail));
  HttpResponse response = ToResponse(status == 503 ? Unavailable(std::move(sentence))
                                                   : Problem(ProblemKind::OfStatus(status), std::move(sentence)));
  AddSecurityHeaders(response);
  return response;
}

void Api::SetAccessLog(Switch access_log) { state_->logs_access = access_log == Switch::kOn; }

CommitListener& Api::listener() { return state_->feed; }

}  // namespace shakehook
