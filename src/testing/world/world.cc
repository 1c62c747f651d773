#include "testing/world/world.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/encoding.h"
#include "testing/run_for.h"
#include "testing/world/world_client.h"

namespace shakehook {
namespace {

constexpr std::string_view kAdminKey = "shk_the-admin-key-of-the-simulated-world";
// Some simulations have far more webhooks on one venue than people may have.
constexpr std::size_t kWebhooksOfScopeMax = 10'000;

Async<> CallService(Service& service, Loop& loop, HttpRequest request, std::optional<HttpResponse>* response) {
  *response = co_await service.Handle(loop, std::move(request));
}

Async<> SaveAdminKey(Store& store, Clock& clock, Random& random, bool* saved) {
  ApiKey key;
  key.id = {Uuid::MakeV7(clock.Now(), random)};
  key.name = "bootstrap";
  key.rights.Add(Right::kManage);
  key.hash = Sha256(kAdminKey);
  key.created_at = clock.Now();
  *saved = (co_await store.SaveConfig({ConfigChange::Put<ApiKey>{key, 0}}, {})).has_value();
}

}  // namespace

World::World(Options options)
    : options_(std::move(options)),
      clock_(options_.start),
      random_(options_.seed),
      box_(SecretBox::Key{}),
      policy_({.allowed_targets = {*AddressRange::Parse("127.0.0.0/8")}, .allow_http = true}) {
  script = [](const ReceivedRequest&) { return SimulatedResponse(); };
  Start();
  bool saved = false;
  loop_->Spawn(SaveAdminKey(*store_, clock_, random_, &saved));
  Settle();
  CHECK(saved);
}

World::~World() { Stop(); }

void World::Start() {
  metrics_ = std::make_shared<prometheus::Registry>();
  loop_ = std::make_unique<Loop>(clock_);
  store_random_ = std::make_unique<SeededRandom>(random_.Next64());
  service_random_ = std::make_unique<SeededRandom>(random_.Next64());
  auto store = OpenSqliteStore({.path = database(),
                                .execution = SqliteOptions::Execution::kInline,
                                .durable = options_.durable,
                                .config_limits = {.webhooks = kWebhooksOfScopeMax},
                                // Small, so that a few deliveries make many blocks and steps.
                                .owed_block = 2,
                                .discard_step_rows = 2,
                                .fail_commit = options_.fail_commit},
                               box_, clock_, *store_random_);
  CHECK(store);
  store_ = *std::move(store);
  std::vector<Dispatcher::Lane> lanes;
  for (int i = 0; i < options_.lanes; ++i) {
    lane_randoms_.push_back(std::make_unique<SeededRandom>(random_.Next64()));
    transports_.push_back(options_.make_transport ? options_.make_transport(*loop_, policy_)
                                                  : std::make_unique<SimulatedTransport>(*loop_, script));
    lanes.push_back({loop_.get(), transports_.back().get(), lane_randoms_.back().get()});
  }
  service_ =
      std::make_unique<Service>(Service::Injected{.clock = clock_,
                                                  .random = *service_random_,
                                                  .store = *store_,
                                                  .policy = policy_,
                                                  .metrics = *metrics_,
                                                  .lanes = std::move(lanes),
                                                  .jobs = *loop_,
                                                  .notices = transports_[0].get()},
                                Service::Options{.delivery = options_.dispatcher,
                                                 .api = {.version = "simulated", .setup_token = options_.setup_token},
                                                 .retention = options_.retention});
  service_->Start();
  if (options_.listener == Switch::kOn) {
    listener_ = service_->MakeListener({.port = 0, .limits = options_.limits}, {loop_.get()});
    CHECK(listener_->Start());
  }
  Settle();
}

void World::Stop() {
  client_.reset();
  listener_.reset();
  // The store drops the coroutines that wait in it while everything that they refer to still exists; then the loop
  // drops the rest.
  store_.reset();
  transports_.clear();
  loop_.reset();
  service_.reset();
  lane_randoms_.clear();
}

void World::Crash() {
  Stop();
  on_crash();
  Start();
}

void World::Settle() {
  while (loop_->Poll() > 0) {
  }
}

void World::PassToNextTimer() {
  const auto next = loop_->NextTimer();
  CHECK(next);
  clock_.AdvanceTo(*next);
  loop_->RunTimers();
}

std::pair<std::string, std::string> World::AdminHeader() {
  return {"Authorization", "Bearer " + std::string(kAdminKey)};
}

WorldClient& World::UseClient() {
  if (client_) client_->ReceiveAlone();  // the server may have closed it meanwhile
  if (!client_ || client_->closed()) client_ = std::make_unique<WorldClient>(*this);
  return *client_;
}

void World::Run(Milliseconds duration) { RunFor(*loop_, clock_, duration); }

HttpRequest World::MakeRequest(std::string_view method, std::string_view path, std::string_view body) {
  HttpRequest request;
  request.method = method;
  const auto question = path.find('?');
  request.path = path.substr(0, question);
  if (question != std::string_view::npos) request.query = path.substr(question + 1);
  request.headers.emplace_back("authorization", "Bearer " + std::string(kAdminKey));
  if (!body.empty()) request.headers.emplace_back("content-type", "application/json");
  request.body = body;
  return request;
}

World::Response World::Call(std::string_view method, std::string_view path, std::string_view body,
                            std::vector<std::pair<std::string, std::string>> headers) {
  if (listener_) {
    headers.push_back(AdminHeader());
    return UseClient().Call(method, path, body, headers);
  }
  HttpRequest request = MakeRequest(method, path, body);
  std::ranges::move(headers, std::back_inserter(request.headers));
  std::optional<HttpResponse> response;
  loop_->Spawn(CallService(*service_, *loop_, std::move(request), &response));
  for (;;) {
    Settle();
    if (response) break;
    PassToNextTimer();
  }
  return {response->status, std::move(response->body), std::move(response->headers)};
}

std::optional<World::Response> World::CallAndCrash(std::string_view method, std::string_view path,
                                                   std::string_view body, int turns) {
  std::optional<HttpResponse> response;
  if (listener_) {
    UseClient().SendAlone(WorldClient::Request(method, path, body, {AdminHeader()}));
  } else {
    loop_->Spawn(CallService(*service_, *loop_, MakeRequest(method, path, body), &response));
  }
  loop_->context().restart();
  for (int turn = 0; turn < turns && loop_->context().poll_one() > 0; ++turn) {
  }
  auto received = listener_ ? client_->ReceiveAlone() : std::nullopt;
  Crash();
  if (received || !response) return received;
  return Response{response->status, std::move(response->body), std::move(response->headers)};
}

Json World::Response::json() const {
  auto parsed = ParseJson(body);
  return parsed ? *std::move(parsed) : Json();
}

std::string World::Response::Text(std::string_view key) const {
  const Json parsed = json();
  const Json* const member = parsed.Find(key);
  return member != nullptr && member->text() != nullptr ? *member->text() : "";
}

}  // namespace shakehook
