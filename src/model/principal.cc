#include "model/principal.h"

namespace shakehook {

Principal Principal::Of(const ApiKey& key) {
  return {.kind = Kind::kApiKey,
          .id = key.id.uuid,
          .name = key.name,
          .scope = key.scope,
          .rights = key.rights,
          .expires_at = key.expires_at};
}

Principal Principal::Of(const User& user) {
  Principal principal{
      .kind = Kind::kUser, .id = user.id.uuid, .name = user.name, .scope = user.scope, .role = user.role};
  principal.rights.Add(user.role == Role::kViewer ? Right::kRead : Right::kManage);
  return principal;
}

}  // namespace shakehook
