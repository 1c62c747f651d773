// A test of the HttpClient over real sockets: the client lives on a loop with a thread of its own, the test posts from
// outside and waits. For tests only.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/loop.h"
#include "net/http_client.h"

namespace shakehook {

class HttpClientFixture : public testing::Test {
 protected:
  static constexpr Milliseconds kPatience{5000};  // for requests that should not time out

  ~HttpClientFixture() override { StopClient(); }

  // If this is not called, the first Post starts a client that may go to 127.0.0.0/8, also without TLS.
  void StartClient(std::vector<std::string> allowed, const std::string& ca_file = "", std::string name_servers = "") {
    AddressPolicy::Options options{.allow_http = true};
    for (const std::string& range : allowed) options.allowed_targets.push_back(AddressRange::Parse(range).value());
    policy_ = std::make_unique<AddressPolicy>(std::move(options));
    trust_ = TlsTrust::Load(ca_file).value();
    client_ = std::make_unique<HttpClient>(
        loop_, *policy_, trust_, HttpClient::Options{.name_servers = std::move(name_servers), .egress = egress_});
    thread_ = std::thread([this] { loop_.Run(); });
  }

  void StopClient() {
    if (!thread_.joinable()) return;
    loop_.Stop();
    thread_.join();
    client_.reset();
  }

  std::future<Exchange> Begin(const std::string& url, Milliseconds timeout = kPatience, std::string body = "{}") {
    if (!client_) StartClient({"127.0.0.0/8"});
    PostRequest request{.url = std::make_shared<TargetUrl>(ParseTargetUrl(url).value()),
                        .headers = "Content-Type: application/json\r\n",
                        .body = std::make_shared<const std::string>(std::move(body)),
                        .deadline = clock_.Steady() + timeout};
    auto promise = std::make_shared<std::promise<Exchange>>();
    std::future<Exchange> future = promise->get_future();
    loop_.Post([this, request = std::move(request), promise]() mutable {
      loop_.Spawn(Fulfil(*client_, std::move(request), std::move(promise)));
    });
    return future;
  }

  Exchange Post(const std::string& url, Milliseconds timeout = kPatience, std::string body = "{}") {
    return Begin(url, timeout, std::move(body)).get();
  }

  static Async<> Fulfil(HttpClient& client, PostRequest request, std::shared_ptr<std::promise<Exchange>> promise) {
    promise->set_value(co_await client.Post(std::move(request)));
  }

  SystemClock clock_;
  Egress egress_;  // the client that is started gets it
  std::unique_ptr<AddressPolicy> policy_;
  std::shared_ptr<TlsTrust> trust_;
  Loop loop_{clock_};
  std::unique_ptr<HttpClient> client_;
  std::thread thread_;
};

inline std::string Local(std::uint16_t port, const std::string& path = "/", const std::string& scheme = "http") {
  return scheme + "://127.0.0.1:" + std::to_string(port) + path;
}

}  // namespace shakehook
