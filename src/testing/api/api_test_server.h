// ApiTestServer is the HTTP API over a real store on a file, on one loop and a virtual clock, without sockets and
// without the delivery engine. For tests of src/api.
//
// Threads: one.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/api.h"
#include "base/check.h"
#include "base/json.h"
#include "base/secret_box.h"
#include "jobs/jobs.h"
#include "records/records.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/api/openapi_spec.h"
#include "testing/simulated_clock.h"
#include "testing/temporary_folder.h"

namespace shakehook {

class ApiTestServer {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  struct Response {
    int status = 0;
    std::string body;
    Headers headers;

    // The first header of that name, in this spelling; empty: none.
    std::string Header(std::string_view name) const {
      for (const auto& [header, value] : headers) {
        if (header == name) return value;
      }
      return "";
    }
    // The body as JSON; null if it is not JSON.
    Json json() const {
      auto parsed = ParseJson(body);
      return parsed ? *std::move(parsed) : Json();
    }
    // A text member of the body; empty if there is none.
    std::string Text(std::string_view key) const {
      const Json parsed = json();
      const Json* const member = parsed.Find(key);
      return member != nullptr && member->text() != nullptr ? *member->text() : "";
    }
    // The fields that a 422 names, in order, with commas between.
    std::string BadFields() const {
      std::string fields;
      const Json parsed = json();
      const Json* const errors = parsed.Find("errors");
      if (errors == nullptr) return fields;
      for (const Json& error : *errors->array()) {
        if (!fields.empty()) fields += ',';
        fields += *error.Find("field")->text();
      }
      return fields;
    }
  };

  // `mail`: sends the e-mails to users; null: there is no mail server.
  explicit ApiTestServer(Api::Options options = {.version = "test"},
                         std::function<Async<MailResult>(MailMessage)> mail = nullptr)
      : options_(std::move(options)), mail_(std::move(mail)) {
    options_.box = &box_;
    Start();
    admin_key_ = MakeKey(Scope::All());
    key_ = admin_key_;
  }
  ~ApiTestServer() { Stop(); }

  SimulatedClock& clock() { return clock_; }
  Loop& loop() { return *loop_; }
  Store& store() { return *store_; }
  const SecretBox& box() const { return box_; }
  std::string database() const { return folder_.File("api.db"); }
  Api& api() { return *api_; }
  const std::string& admin_key() const { return admin_key_; }
  AddressPolicy& policy() { return policy_; }
  // While true every commit fails as on a full disk.
  bool fail_commits = false;

  // The key that Call sends; empty: none.
  void Use(std::string key) { key_ = std::move(key); }
  void UseAdmin() { key_ = admin_key_; }

  // Saves a key directly in the store.
  std::string MakeKey(Scope scope, std::vector<Right> rights = {Right::kManage},
                      std::optional<Timestamp> expires_at = std::nullopt) {
    ApiKey key;
    key.id = {Uuid::MakeV7(clock_.Now(), random_)};
    const std::string token = "shk_test-key-" + key.id.ToString();
    key.name = "test";
    key.scope = std::move(scope);
    for (const Right right : rights) key.rights.Add(right);
    key.hash = Sha256(token);
    key.prefix = token.substr(0, 12);
    key.expires_at = expires_at;
    key.created_at = clock_.Now();
    bool saved = false;
    loop_->Spawn(Save(*store_, std::move(key), &saved));
    while (!saved) Step();
    return token;
  }

  // A body is sent as application/json unless `headers` has a content-type. The response is checked by openapi.json.
  Response Call(std::string_view method, std::string_view path, std::string_view body = {}, Headers headers = {}) {
    auto pending = Begin(method, path, body, std::move(headers));
    while (!*pending) Step();
    Response response = Take(*pending);
    ExpectDescribed(method, path, response);
    return response;
  }

  using Pending = std::shared_ptr<std::optional<HttpResponse>>;
  // Starts a request; it goes on with Step() and Settle().
  Pending Begin(std::string_view method, std::string_view path, std::string_view body = {}, Headers headers = {}) {
    return BeginAt(*api_, method, path, body, std::move(headers));
  }
  // The same at another API over the store, as another node has it.
  Pending BeginAt(Api& api, std::string_view method, std::string_view path, std::string_view body, Headers headers) {
    HttpRequest request;
    request.method = method;
    const auto question = path.find('?');
    request.path = path.substr(0, question);
    if (question != std::string_view::npos) request.query = path.substr(question + 1);
    request.body = body;
    bool typed = body.empty();
    for (auto& [name, value] : headers) typed = typed || name == "content-type";
    if (!typed) request.headers.emplace_back("content-type", "application/json");
    if (!key_.empty()) request.headers.emplace_back("authorization", "Bearer " + key_);
    for (auto& header : headers) request.headers.push_back(std::move(header));
    auto response = std::make_shared<std::optional<HttpResponse>>();
    loop_->Spawn(CallApi(api, *loop_, std::move(request), response));
    return response;
  }
  static Response Take(std::optional<HttpResponse>& response) {
    return {response->status, std::move(response->body), std::move(response->headers)};
  }

  // Runs a coroutine to its end.
  template <class T>
  T Await(Async<T> coroutine) {
    std::optional<T> result;
    loop_->Spawn(Run(std::move(coroutine), &result));
    while (!result) Step();
    return *std::move(result);
  }

  // The payloads of all events, oldest first.
  std::vector<std::string> Payloads() {
    const auto events = Await(store_->ListEvents({.limit = 10'000}));
    CHECK(events);
    std::vector<std::string> payloads;
    for (const ListedEvent& listed : *events) payloads.insert(payloads.begin(), listed.event->payload);
    return payloads;
  }

  // Runs what is ready; if nothing is, lets time pass to the next timer.
  void Step() {
    if (loop_->Poll() > 0) return;
    const auto next = loop_->NextTimer();
    CHECK(next);
    clock_.AdvanceTo(*next);
    loop_->RunTimers();
  }
  // Runs what is ready; no time passes.
  void Settle() {
    while (loop_->Poll() > 0) {
    }
  }

  // The options hold from the next Reopen on.
  Api::Options& options() { return options_; }
  // The process ends and starts again on the same file.
  void Reopen() {
    Stop();
    Start();
  }

 private:
  static void ExpectDescribed(std::string_view method, std::string_view path, const Response& response) {
    static const OpenApiSpec spec;
    for (const std::string& fault : spec.FaultsOf(method, path.substr(0, path.find('?')), response.status,
                                                  response.Header("Content-Type"), response.body)) {
      ADD_FAILURE() << method << " " << path << " answered what openapi.json does not say: " << fault;
    }
  }

  static Async<> CallApi(Api& api, Loop& loop, HttpRequest request, Pending response) {
    *response = co_await api.Handle(loop, std::move(request));
  }
  template <class T>
  static Async<> Run(Async<T> coroutine, std::optional<T>* result) {
    *result = co_await std::move(coroutine);
  }
  static Async<> Save(Store& store, ApiKey key, bool* saved) {
    *saved = (co_await store.SaveConfig({ConfigChange::Put<ApiKey>{std::move(key), 0}}, {})).has_value();
    CHECK(*saved);
  }

  void Start() {
    registry_ = std::make_unique<prometheus::Registry>();
    loop_ = std::make_unique<Loop>(clock_);
    auto store = OpenSqliteStore({.path = database(),
                                  .execution = SqliteOptions::Execution::kInline,
                                  .durable = Switch::kOff,
                                  .fail_commit = [this] { return fail_commits; }},
                                 box_, clock_, store_random_);
    CHECK(store);
    store_ = *std::move(store);
    if (mail_) options_.mail = MailSender{.loop = loop_.get(), .from = "hooks@example.com", .send = mail_};
    records_ = std::make_unique<Records>(*store_, clock_, api_random_);
    api_ = std::make_unique<Api>(*store_, *records_, policy_, clock_, *registry_, options_);
    store_->AddListener(api_->listener());
    jobs_ = std::make_unique<Jobs>(*store_, *records_, *loop_, *registry_, Jobs::Options());
    jobs_->Start();
  }
  void Stop() {
    // The store drops the coroutines that wait in it while everything that they refer to still exists; then the loop
    // drops the rest.
    store_.reset();
    loop_.reset();
    jobs_.reset();
    api_.reset();
    records_.reset();
  }

  Api::Options options_;
  std::function<Async<MailResult>(MailMessage)> mail_;
  SimulatedClock clock_;
  SeededRandom random_{1};
  SeededRandom store_random_{2};
  SeededRandom api_random_{3};
  TemporaryFolder folder_;
  SecretBox box_{SecretBox::Key{}};
  AddressPolicy policy_{AddressPolicy::Options{}};
  std::string admin_key_;
  std::string key_;
  std::unique_ptr<prometheus::Registry> registry_;
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Records> records_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Jobs> jobs_;
};

// A server with the group g1 of the venues v1 and v2, and the venue v3 of no group.
class ApiTest : public ::testing::Test, public ApiTestServer {
 protected:
  explicit ApiTest(Api::Options options = {.version = "test"}) : ApiTestServer(std::move(options)) {
    CHECK(Call("POST", "/api/venues-groups", R"({"id":"g1","name":"Group"})").status == 201);
    CHECK(Call("POST", "/api/venues", R"({"id":"v1","name":"One","venues_group_id":"g1"})").status == 201);
    CHECK(Call("POST", "/api/venues", R"({"id":"v2","name":"Two","venues_group_id":"g1"})").status == 201);
    CHECK(Call("POST", "/api/venues", R"({"id":"v3","name":"Three"})").status == 201);
  }
};

}  // namespace shakehook
