// /api/stream: server-sent events (the HTML standard, section 9.2) of the deliveries and attempts of the key's scope.
#include <algorithm>
#include <memory>
#include <unordered_map>

#include "api/access/authentication.h"
#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/commit_feed.h"
#include "api/deliveries/delivery_json.h"
#include "api/http/tenant.h"

namespace shakehook {
namespace {

constexpr std::size_t kStreamsMax = 256;
// The most streams of one key or user, and of one tenant, so that nobody's streams keep out those of others.
constexpr std::size_t kStreamsPerKeyMax = 32;
constexpr std::size_t kStreamsPerTenantMax = 64;
constexpr Milliseconds kHeartbeat{15'000};
// The longest time until a stream notices that the server drains, its client has gone or its key is no longer valid.
constexpr Milliseconds kTick{1'000};
// The longest time until it notices that its session has ended, which it must ask the store.
constexpr Milliseconds kSessionCheck{5'000};
// The most bytes of one write, except for a last message that does not fit.
constexpr std::size_t kPieceBytes = 64 * 1024;

void AppendMessage(std::string& piece, std::string_view name, const Json& data) {
  piece += "event: ";
  piece += name;
  piece += "\ndata: ";
  AppendJson(piece, data);
  piece += "\n\n";
}

// Counts the open streams: all of them, those of each key and those of each tenant.
//
// Threads: from any thread.
class StreamCount {
 public:
  // Holds one place while it lives.
  class Place {
   public:
    Place(StreamCount& count, std::string key, std::string tenant)
        : count_(count), key_(std::move(key)), tenant_(std::move(tenant)) {
      count_.open_gauge_.Increment();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
      count_.open_gauge_.Decrement();
      count_.Leave(key_, tenant_);
    }

   private:
    StreamCount& count_;
    const std::string key_, tenant_;
  };

  explicit StreamCount(prometheus::Gauge& open) : open_gauge_(open) {}

  // The problem: 429 if the key or the tenant has its share already, 503 if all places are taken.
  std::expected<std::unique_ptr<Place>, Problem> Enter(const std::string& key, const std::string& tenant) {
    const MutexLock lock(mutex_);
    if (Of(key) >= kStreamsPerKeyMax) return std::unexpected(TooMany("The API key or user has", kStreamsPerKeyMax));
    if (Of(tenant) >= kStreamsPerTenantMax) return std::unexpected(TooMany("The tenant has", kStreamsPerTenantMax));
    if (open_ >= kStreamsMax) return std::unexpected(Unavailable("Too many streams are open; try again later."));
    auto place = std::make_unique<Place>(*this, key, tenant);
    ++open_;
    ++of_[key];
    ++of_[tenant];
    return place;
  }

 private:
  static Problem TooMany(std::string_view who, std::size_t open) {
    return Problem("too-many-requests", "{who} {count} streams open already; close one first.", who, open)
        .With("Retry-After", "5");
  }

  std::size_t Of(const std::string& whose) const REQUIRES(mutex_) {
    const auto found = of_.find(whose);
    return found == of_.end() ? 0 : found->second;
  }
  void Leave(const std::string& key, const std::string& tenant) {
    const MutexLock lock(mutex_);
    --open_;
    for (const std::string& whose : {key, tenant}) {
      if (--of_[whose] == 0) of_.erase(whose);
    }
  }

  prometheus::Gauge& open_gauge_;
  Mutex mutex_;
  std::size_t open_ GUARDED_BY(mutex_) = 0;
  // By "key:..." and by the result of TenantOf.
  std::unordered_map<std::string, std::size_t> of_ GUARDED_BY(mutex_);
};

// DeliveryStream is one client's stream.
//
// Ownership: belongs to the response; everything that it refers to outlives it.
// Threads:   lives on its connection's loop.
class DeliveryStream {
 public:
  DeliveryStream(ApiServices& services, const ApiRequest& request, std::unique_ptr<StreamCount::Place> place)
      : services_(services),
        loop_(request.loop),
        principal_(request.principal),
        browser_(request.browser),
        place_(std::move(place)),
        subscription_(services.feed, loop_, std::nullopt),
        heartbeat_at_(loop_.clock().Steady() + kHeartbeat),
        session_check_at_(loop_.clock().Steady() + kSessionCheck) {}

  // Returns the next piece; nullopt ends the stream. After an empty piece the server checks whether the client is still
  // there.
  Async<std::optional<std::string>> Next();

 private:
  Async<bool> CheckPrincipal();
  void AppendItem(std::string& piece, const FeedItem& item) const;

  ApiServices& services_;
  Loop& loop_;
  const SharedPrincipal principal_;
  const std::optional<BrowserSession> browser_;
  const std::unique_ptr<StreamCount::Place> place_;
  CommitFeed::Subscription subscription_;
  SteadyTime heartbeat_at_, session_check_at_;
  bool begun_ = false;
  bool ended_ = false;
};

Async<std::optional<std::string>> DeliveryStream::Next() {
  SetLoopWork({"GET", "/api/stream"});
  if (!begun_) {
    begun_ = true;
    co_return ": the deliveries of your scope, as they happen\n\n";
  }
  if (ended_ || !co_await CheckPrincipal()) co_return std::nullopt;
  co_await subscription_.Wait(std::min(heartbeat_at_, loop_.clock().Steady() + kTick));
  std::string piece;
  while (piece.size() < kPieceBytes) {
    const FeedItem* const item = subscription_.Take();
    if (item == nullptr) break;
    AppendItem(piece, *item);
  }
  const SteadyTime now = loop_.clock().Steady();
  if (subscription_.lagged()) {
    AppendMessage(piece, "lagged", Json(Json::Object()));
    ended_ = true;
  } else if (piece.empty() && now >= heartbeat_at_) {
    piece = ": heartbeat\n\n";
  }
  if (!piece.empty()) heartbeat_at_ = now + kHeartbeat;
  co_return piece;
}

Async<bool> DeliveryStream::CheckPrincipal() {
  if (services_.options.draining && services_.options.draining()) co_return false;
  if (browser_) {
    if (loop_.clock().Steady() < session_check_at_) co_return true;
    session_check_at_ = loop_.clock().Steady() + kSessionCheck;
    co_return co_await IsStillOn(services_, *browser_);
  }
  co_return MayGoOn(services_.config_cache(), *principal_, services_.clock.Now());
}

void DeliveryStream::AppendItem(std::string& piece, const FeedItem& item) const {
  if (!CanSee(services_.config_cache(), *principal_, item.webhook->scope)) return;
  if (!item.attempt) {
    AppendMessage(piece, "delivery", DeliveryJson(item.delivery));
    return;
  }
  Json data{Json::Object()};
  data.Add("delivery", DeliveryJson(item.delivery));
  data.Add("attempt", AttemptJson(*item.attempt, item.delivery, *item.webhook, std::nullopt, UrlViewOf(*principal_)));
  AppendMessage(piece, "attempt", data);
}

Async<ApiResponse> OpenStream(ApiServices& services, ApiRequest& request, StreamCount& count) {
  auto place = count.Enter("key:" + request.principal->id.ToString(),
                           TenantOf(request.principal->scope, services.config_cache()));
  if (!place) co_return std::unexpected(std::move(place.error()));
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "text/event-stream");
  // Tells a proxy to pass on each message at once, without waiting until there is enough to compress.
  response.headers.emplace_back("X-Accel-Buffering", "no");
  response.headers.emplace_back("Cache-Control", "no-store, no-transform");
  response.stream = [stream = std::make_shared<DeliveryStream>(services, request, *std::move(place))] {
    return stream->Next();
  };
  co_return response;
}

}  // namespace

void AddStreamRoutes(Router& router, ApiServices& services) {
  const auto count = std::make_shared<StreamCount>(services.counters.stream_clients);
  router.Add(
      {"GET", "/api/stream", Access::kRead, [count](ApiServices& services, ApiRequest& request) -> Async<ApiResponse> {
         return OpenStream(services, request, *count);
       }});
}

}  // namespace shakehook
