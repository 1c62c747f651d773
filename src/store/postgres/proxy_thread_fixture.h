// A proxy before the tests' server that cuts connections.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
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
  Async<Done> CutAt(CuttingProxy::Side side, int number) {
    return thread_.Run<Done>([this, side, number]() -> Async<Done> {
      proxy_->CutAt(side, number);
      co_return Done();
    });
  }
  Async<bool> HasCut() {
    return thread_.Run<bool>([this]() -> Async<bool> { co_return proxy_->cut(); });
  }

 private:
  TemporaryFolder folder_;
  StoreThread thread_;
  std::optional<CuttingProxy> proxy_;
};

}  // namespace shakehook::postgres
