#include "api/authentication.h"

namespace shakehook {
namespace {

constexpr std::string_view kScheme = "bearer ";

// The key in the header's value; empty: it names another scheme.
std::string_view TokenOf(std::string_view authorization) {
  if (authorization.size() < kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = authorization[i];
    if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != kScheme[i]) return {};
  }
  authorization.remove_prefix(kScheme.size());
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  return authorization;
}

Problem Unauthorized(std::string detail, std::string challenge) {
  return {.status = 401,
          .detail = std::move(detail),
          .headers = {{"WWW-Authenticate", "Bearer realm=\"shakehook\"" + std::move(challenge)}}};
}

}  // namespace

std::expected<SharedApiKey, Problem> Authenticate(const HttpRequest& request, const Directory& directory,
                                                  Timestamp now) {
  const std::string* const authorization = request.Header("authorization");
  const std::string_view token = authorization == nullptr ? std::string_view() : TokenOf(*authorization);
  if (token.empty()) {
    return std::unexpected(Unauthorized("An API key is needed: Authorization: Bearer <API key>.", ""));
  }
  SharedApiKey key = directory.FindApiKeyByHash(Sha256(token));
  if (!key || (key->expires_at && *key->expires_at <= now)) {
    return std::unexpected(Unauthorized("The API key is not valid, or no longer so.", ", error=\"invalid_token\""));
  }
  return key;
}

std::expected<Done, Problem> CheckAccess(const ApiKey& key, Access access) {
  switch (access) {
    case Access::kOpen:
      return Done();
    case Access::kRead:
      if (key.rights.Has(Right::kRead)) return Done();
      return std::unexpected(Forbidden("The API key lacks the right \"read\"."));
    case Access::kWrite:
      if (key.rights.Has(Right::kWrite)) return Done();
      return std::unexpected(Forbidden("The API key lacks the right \"write\"."));
    case Access::kManage:
      if (key.rights.Has(Right::kManage)) return Done();
      return std::unexpected(Forbidden("The API key lacks the right \"manage\"."));
  }
  return Done();
}

std::expected<Done, Problem> CheckAdmin(const ApiKey& key) {
  if (key.scope.kind == Scope::Kind::kAll) return Done();
  return std::unexpected(Forbidden("Only an admin key may do this."));
}

}  // namespace shakehook
