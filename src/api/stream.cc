// /api/stream: server-sent events (the HTML standard, section 9.2) of the deliveries and attempts of the key's scope.
#include <algorithm>
#include <atomic>
#include <memory>

#include "api/all_routes.h"
#include "api/authentication.h"
#include "api/commit_feed.h"
#include "api/delivery_json.h"
#include "api/visible.h"

namespace shakehook {
namespace {

constexpr std::size_t kStreamsMax = 256;
constexpr Milliseconds kHeartbeat{15'000};
// How soon a stream notices that the server drains, its client has gone or its key is no longer valid.
constexpr Milliseconds kTick{1'000};
// How soon it notices that its session has ended, which it must ask the store.
constexpr Milliseconds kSessionCheck{5'000};
// What one write carries at most, but for a last message that does not fit.
constexpr std::size_t kPieceBytes = 64 * 1024;

void AppendMessage(std::string& piece, std::string_view name, const Json& data) {
  piece += "event: ";
  piece += name;
  piece += "\ndata: ";
  AppendJson(piece, data);
  piece += "\n\n";
}

// Counts the streams that are open.
//
// Threads: from any thread.
class StreamCount {
 public:
  // Holds one place while it lives.
  class Place {
   public:
    explicit Place(StreamCount& count) : count_(count) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { --count_.open_; }

   private:
    StreamCount& count_;
  };

  // Null: all are taken.
  std::unique_ptr<Place> Enter() {
    if (++open_ > kStreamsMax) {
      --open_;
      return nullptr;
    }
    return std::make_unique<Place>(*this);
  }

 private:
  std::atomic<std::size_t> open_ = 0;
};

// One client's stream.
//
// Ownership: belongs to the response; what it refers to outlives it.
// Threads:   lives on its connection's loop.
class DeliveryStream {
 public:
  DeliveryStream(ApiServices& services, const ApiRequest& request, std::unique_ptr<StreamCount::Place> place)
      : services_(services),
        loop_(request.loop),
        key_(request.key),
        browser_(request.browser),
        place_(std::move(place)),
        subscription_(services.feed, loop_, std::nullopt),
        heartbeat_at_(loop_.clock().Steady() + kHeartbeat),
        session_check_at_(loop_.clock().Steady() + kSessionCheck) {}

  // The next piece; nothing ends the stream. An empty piece lets the server look whether the client is still there.
  Async<std::optional<std::string>> Next();

 private:
  Async<bool> MayGoOn();
  void AppendItem(std::string& piece, const FeedItem& item) const;

  ApiServices& services_;
  Loop& loop_;
  const SharedApiKey key_;
  const std::optional<BrowserSession> browser_;
  const std::unique_ptr<StreamCount::Place> place_;
  CommitFeed::Subscription subscription_;
  SteadyTime heartbeat_at_, session_check_at_;
  bool begun_ = false;
  bool ended_ = false;
};

Async<std::optional<std::string>> DeliveryStream::Next() {
  if (!begun_) {
    begun_ = true;
    co_return ": the deliveries of your scope, as they happen\n\n";
  }
  if (ended_ || !co_await MayGoOn()) co_return std::nullopt;
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

Async<bool> DeliveryStream::MayGoOn() {
  if (services_.options.draining && services_.options.draining()) co_return false;
  if (browser_) {
    if (loop_.clock().Steady() < session_check_at_) co_return true;
    session_check_at_ = loop_.clock().Steady() + kSessionCheck;
    co_return co_await IsStillOn(services_, *browser_);
  }
  const SharedApiKey key = services_.directory().FindApiKey(key_->id);
  if (!key || key->hash != key_->hash || key->scope != key_->scope || !key->rights.Has(Right::kRead)) co_return false;
  co_return !key->expires_at || services_.clock.Now() < *key->expires_at;
}

void DeliveryStream::AppendItem(std::string& piece, const FeedItem& item) const {
  if (!CanSee(services_.directory(), *key_, item.webhook->scope)) return;
  if (!item.attempt) {
    AppendMessage(piece, "delivery", DeliveryJson(item.delivery));
    return;
  }
  Json data{Json::Object()};
  data.Add("delivery", DeliveryJson(item.delivery));
  data.Add("attempt", AttemptJson(*item.attempt, item.delivery, *item.webhook, std::nullopt));
  AppendMessage(piece, "attempt", data);
}

Async<Answer> OpenStream(ApiServices& services, ApiRequest& request, StreamCount& count) {
  auto place = count.Enter();
  if (!place) co_return std::unexpected(Unavailable("Too many streams are open; try again later."));
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "text/event-stream");
  response.headers.emplace_back("X-Accel-Buffering", "no");  // a proxy is to pass on each message at once
  response.stream = [stream = std::make_shared<DeliveryStream>(services, request, std::move(place))] {
    return stream->Next();
  };
  co_return response;
}

}  // namespace

void AddStreamRoutes(Router& router, ApiServices&) {
  const auto count = std::make_shared<StreamCount>();
  router.Add(
      {"GET", "/api/stream", Access::kRead, [count](ApiServices& services, ApiRequest& request) -> Async<Answer> {
         return OpenStream(services, request, *count);
       }});
}

}  // namespace shakehook
