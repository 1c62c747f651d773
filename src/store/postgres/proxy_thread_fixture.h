// A proxy before the tests' server that cuts connections.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/postgres/engine/store_thread.h"
#include "store/postgres/postgres_test_server.h"
#include "testing/cutting_proxy.h"
#include "testing/temporary_folder.h"

namespace shakehook::postgres {

// A CuttingProxy on a thread of its own, before the tests' server.
class ProxyThread {
 public:
  ProxyThread() {
    const std::string server = TestServer().ParametersFor("stores")[0].second + "/.s.PGSQL.5432";
    proxy_.emplace(thread_.loop(), folder_.File(".s.PGSQL.5432"), server);
  }
  ~ProxyThread() { thread_.Stop(); }

  std::vector<std::pair<std::string, std::string>> Parameters() const {
    auto parameters = TestServer().ParametersFor("stores");
    parameters[0].second = folder_.path().string();
    return parameters;
  }
  // Runs `group` several times: the connection breaks at its first request to the server, then at its second, and so on
  // up to one that it does not send, and the same for the server's answers. `place` says where. After the last answer
  // the group is committed.
  void BreakEverywhere(const std::function<void(const std::string& place)>& group) {
    for (const auto side : {CuttingProxy::Side::kRequest, CuttingProxy::Side::kAnswer}) {
      int at = 1;
      for (bool cut = true; cut; ++at) {
        ASSERT_LT(at, kMessagesMax) << "a group's statements are few messages";
        OnProxy([&] { proxy_->CutAt(side, at); });
        group((side == CuttingProxy::Side::kRequest ? "request " : "answer ") + std::to_string(at));
        ASSERT_FALSE(testing::Test::HasFatalFailure());
        OnProxy([&] { cut = proxy_->cut(); });
      }
      EXPECT_GT(at, kMessagesMin) << "a group's statements are some messages";
    }
    OnProxy([&] { proxy_->CutAt(CuttingProxy::Side::kRequest, 1'000); });
  }

 private:
  static constexpr int kMessagesMin = 5, kMessagesMax = 30;

  // Returns when `task` has run on the proxy's thread.
  void OnProxy(const std::function<void()>& task) {
    std::promise<void> done;
    thread_.loop().Post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  TemporaryFolder folder_;
  StoreThread thread_;
  std::optional<CuttingProxy> proxy_;
};

}  // namespace shakehook::postgres
