// The API as it runs in production: one object, several loops with a thread each, a store with threads of its own.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "api/api.h"
#include "base/secret_box.h"
#include "records/records.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

constexpr std::string_view kKey = "shk_the-admin-key-of-this-test-of-threads";

// A client with a thread of its own. It sends all its requests at once.
class Client {
 public:
  Client(Api& api, Clock& clock) : api_(api), loop_(clock) {}

  void Start(std::vector<HttpRequest> requests) {
    left_ = requests.size();
    for (HttpRequest& request : requests) {
      request.headers = {{"authorization", "Bearer " + std::string(kKey)}, {"content-type", "application/json"}};
      loop_.Spawn(Send(std::move(request)));
    }
    thread_ = std::thread([this] { loop_.Run(); });
  }
  void Join() { thread_.join(); }
  int succeeded() const { return succeeded_; }

 private:
  Async<> Send(HttpRequest request) {
    const HttpResponse response = co_await api_.Handle(loop_, std::move(request));
    if (response.status < 300) ++succeeded_;
    if (--left_ == 0) loop_.Stop();
  }

  Api& api_;
  Loop loop_;
  std::size_t left_ = 0;
  int succeeded_ = 0;
  std::thread thread_;
};

Async<> SaveKey(Store& store, Loop& loop) {
  ApiKey key;
  key.rights.Add(Right::kManage);
  key.hash = Sha256(kKey);
  EXPECT_TRUE(co_await store.SaveConfig({ConfigChange::Put<ApiKey>{key, 0}}, {}));
  loop.Stop();
}

class ApiThreads : public ::testing::Test {
 protected:
  ApiThreads() : box_(SecretBox::Key{}), policy_(AddressPolicy::Options{}) {
    auto store =
        OpenSqliteStore({.path = folder_.File("api.db"), .durable = Switch::kOff}, box_, clock_, store_random_);
    EXPECT_TRUE(store);
    store_ = *std::move(store);
    api_ = std::make_unique<Api>(*store_, records_.emplace(*store_, clock_, random_), policy_, clock_, metrics_,
                                 Api::Options{.version = "test"});
    store_->AddListener(api_->listener());
    Loop loop(clock_);
    loop.Spawn(SaveKey(*store_, loop));
    loop.Run();
  }

  // Sends each list from a loop of its own; returns how many requests succeeded.
  int Send(std::vector<std::vector<HttpRequest>> lists) {
    std::vector<std::unique_ptr<Client>> clients;
    for (auto& list : lists) {
      clients.push_back(std::make_unique<Client>(*api_, clock_));
      clients.back()->Start(std::move(list));
    }
    int succeeded = 0;
    for (const auto& client : clients) {
      client->Join();
      succeeded += client->succeeded();
    }
    return succeeded;
  }

  static HttpRequest Request(std::string method, std::string path, std::string body) {
    return {.method = std::move(method), .path = std::move(path), .body = std::move(body)};
  }

  SystemClock clock_;
  SecureRandom random_, store_random_;
  std::optional<Records> records_;
  TemporaryFolder folder_;
  SecretBox box_;
  AddressPolicy policy_;
  prometheus::Registry metrics_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Store> store_;  // destroyed first
};

TEST_F(ApiThreads, EditsOfOneContactFromSeveralLoopsAllTakeEffect) {
  constexpr int kEdits = 30;  // per loop, and there are two
  ASSERT_EQ(Send({{Request("POST", "/api/venues", R"({"id":"v","name":"V"})")}}), 1);
  ASSERT_EQ(Send({{Request("POST", "/api/venues/v/contacts", R"({"id":"c"})")}}), 1);
  std::vector<std::vector<HttpRequest>> lists(2);
  for (int i = 0; i < 2 * kEdits; ++i) {
    lists[i % 2].push_back(Request("PATCH", "/api/venues/v/contacts/c", "{\"city\":\"" + std::to_string(i) + "\"}"));
  }
  EXPECT_EQ(Send(std::move(lists)), 2 * kEdits);
}

TEST_F(ApiThreads, CreationsGoOnWhileTheConfigurationChanges) {
  constexpr int kContacts = 100;  // per loop, and there are two
  ASSERT_EQ(Send({{Request("POST", "/api/venues", R"({"id":"v","name":"V"})")}}), 1);
  std::vector<std::vector<HttpRequest>> lists(3);
  for (int i = 0; i < 2 * kContacts; ++i) lists[i % 2].push_back(Request("POST", "/api/venues/v/contacts", "{}"));
  for (int i = 0; i < 20; ++i) {
    lists[2].push_back(
        Request("POST", "/api/fields", R"({"collection":"clients","label":"L","type":"text","venue_id":"v"})"));
    lists[2].push_back(Request("POST", "/api/api-keys", R"({"name":"n","scope":{"venue_id":"v"}})"));
  }
  EXPECT_EQ(Send(std::move(lists)), 2 * kContacts + 40);
}

}  // namespace
}  // namespace shakehook
