// Router finds the handler of a request by method and path. Routes are a table built in code: api/all_routes.h names
// the functions that add them.
//
// Threads: built by one thread, then immutable.
#pragma once

#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/api_request.h"
#include "api/http/compression.h"
#include "api/http/problem.h"

namespace shakehook {

struct ApiServices;

// The access that a caller needs for a route. kOpen: not even a key. kSession: to be signed in, whatever the role.
enum class Access : std::uint8_t { kOpen, kRead, kWrite, kManage, kSession };

// Both arguments outlive the coroutine.
using Handler = std::function<Async<ApiResponse>(ApiServices& services, ApiRequest& request)>;

struct Route {
  std::string_view method;  // HEAD is answered by GET
  std::string_view path;    // "/api/venues/{venue_id}/contacts"
  Access access = Access::kManage;
  Handler handler;
  std::vector<std::string_view> parameters = {};  // the allowed query parameters; any other is refused (422)
  std::vector<std::string_view> repeatable = {};  // parameters that may be given several times
  Compression compression = Compression::kAllowed;
};

class Router {
 public:
  Router();
  ~Router();

  // Precondition: there is no route of that method and path; parameters in one place of the path have one name in all
  // routes.
  void Add(Route route);

  struct Match {
    const Route* route = nullptr;
    std::vector<std::string> path;  // values of the path parameters, decoded, in order
  };
  // The problem: 404; 405 with Allow; 400 for a path that is not well encoded. Method and path are as the client sent
  // them.
  std::expected<Match, Problem> Find(std::string_view method, std::string_view path) const;

  // In the order they were added; stays valid while routes are added.
  const std::deque<Route>& routes() const { return routes_; }

 private:
  struct Node;

  std::deque<Route> routes_;
  std::unique_ptr<Node> root_;
};

}  // namespace shakehook
