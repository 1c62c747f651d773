#include "api/http/api_request.h"

#include <algorithm>

#include "api/http/router.h"
#include "base/check.h"

namespace shakehook {

const std::string& ApiRequest::Path(std::string_view name) const {
  std::size_t index = 0;
  std::string_view rest = route->path;
  for (std::size_t open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
    rest.remove_prefix(open + 1);
    if (rest.substr(0, rest.find('}')) == name) return path[index];
    ++index;
  }
  CHECK(!"the route has such a parameter");
}

const std::string* ApiRequest::Query(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &NamedValues::value_type::first);
  return found == query.end() ? nullptr : &found->second;
}

std::vector<std::string> ApiRequest::QueryAll(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [given, value] : query) {
    if (given == name) values.push_back(value);
  }
  return values;
}

}  // namespace shakehook
