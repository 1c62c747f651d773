#include "api/http/router.h"

#include "api/http/percent_coding.h"
#include "base/check.h"

namespace shakehook {

// A place in the tree of paths. A literal segment goes before a parameter.
struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::vector<const Route*> routes;  // one for each method
};

namespace {

// Removes the next segment of a path, with the slash before it, and returns it.
std::string_view TakeSegment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

Problem NoSuchPath() { return {"not-found", "There is nothing at this path."}; }

std::string AllowOf(const std::vector<const Route*>& routes) {
  std::string allow;
  for (const Route* route : routes) {
    if (!allow.empty()) allow += ", ";
    allow += route->method;
    if (route->method == "GET") allow += ", HEAD";
  }
  return allow;
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::Add(Route route) {
  Node* node = root_.get();
  for (std::string_view rest = route.path; !rest.empty();) {
    CHECK(rest.front() == '/');
    const std::string_view segment = TakeSegment(rest);
    std::unique_ptr<Node>& next = segment.starts_with('{') ? node->parameter : node->literals[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  for (const Route* other : node->routes) CHECK(other->method != route.method);
  node->routes.push_back(&routes_.emplace_back(std::move(route)));
}

std::expected<Router::Match, Problem> Router::Find(std::string_view method, std::string_view path) const {
  if (!path.starts_with('/')) return std::unexpected(NoSuchPath());
  Match match;
  const Node* node = root_.get();
  while (!path.empty()) {
    const std::string_view encoded = TakeSegment(path);
    std::optional<std::string> segment = PercentDecode(encoded, PlusSign::kItself);
    if (!segment) return std::unexpected(Problem("malformed", "The path is not well percent-encoded UTF-8."));
    if (const auto literal = node->literals.find(*segment); literal != node->literals.end()) {
      node = literal->second.get();
    } else if (node->parameter && !segment->empty()) {
      node = node->parameter.get();
      match.path.push_back(*std::move(segment));
    } else {
      return std::unexpected(NoSuchPath());
    }
  }
  if (node->routes.empty()) return std::unexpected(NoSuchPath());
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Route* route : node->routes) {
    if (route->method != wanted) continue;
    match.route = route;
    return match;
  }
  return std::unexpected(Problem("method-not-allowed", "The method {method} is not allowed for this path.", method)
                             .With("Allow", AllowOf(node->routes)));
}

}  // namespace shakehook
