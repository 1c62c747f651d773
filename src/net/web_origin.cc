#include "net/web_origin.h"

#include <utility>

namespace shakehook {
namespace {

std::string_view SchemeOf(const TargetUrl& url) {
  return url.scheme == TargetUrl::Scheme::kHttps ? "https://" : "http://";
}

}  // namespace

std::expected<WebOrigin, std::string> WebOrigin::Parse(std::string_view text) {
  auto url = ParseTargetUrl(text);
  if (!url) return std::unexpected(url.error().text());
  if (url->target != "/") return std::unexpected("The URL must have no path and no query.");
  return WebOrigin(*std::move(url));
}

std::expected<WebOrigin, std::string> WebOrigin::AtHost(std::string_view host) const {
  return Parse(std::string(SchemeOf(url_)).append(host));
}

std::string WebOrigin::ToString() const { return std::string(SchemeOf(url_)) + url_.host_header; }

}  // namespace shakehook
