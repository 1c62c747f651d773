#include "api/access/requested_user.h"

#include "api/access/authentication.h"

namespace shakehook {

std::expected<SharedUser, Problem> FindRequestedUser(const ApiServices& services, const ApiRequest& request) {
  if (auto admin = CheckAdmin(*request.principal); !admin) return std::unexpected(std::move(admin.error()));
  const auto id = UserId::Parse(request.Path("id"));
  SharedUser user = id ? services.config_cache().FindUser(*id) : nullptr;
  if (!user) return std::unexpected(NotFound("user"));
  return user;
}

}  // namespace shakehook
