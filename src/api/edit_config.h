// EditConfig edits a part of the configuration that the request's path names (a venue, a webhook …): the only loop over
// such edits. DeleteConfig deletes one.
//
//   co_return co_await EditConfig(services, request, {kNoun, request.Path("id")},
//       [&](int) -> Async<std::optional<Answer>> {
//         ... find it, check If-Match, merge the body, and answer where there is nothing to change ...
//         co_return AfterSave(co_await services.store.SaveConfig(...), kNoun, response);
//       });
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/api_services.h"
#include "api/http/api_request.h"
#include "api/http/etag.h"
#include "api/http/problem.h"
#include "api/http/response.h"
#include "records/version_conflict.h"

namespace shakehook {

struct EditedConfig {
  std::string_view noun;  // "webhook"
  std::string id;
};

// Takes the turn for the edited thing, then runs `attempt` until it answers; nullopt says that another edit was faster.
// Others wait for the turn only if their keys have the same scope: nobody outside it can hold them up.
template <class Attempt>
Async<ApiResponse> EditConfig(ApiServices& services, ApiRequest& request, EditedConfig edited, Attempt attempt) {
  const auto turn = co_await services.records.turns.Take(
      request.loop, {edited.noun, request.principal->scope.id, std::move(edited.id)});
  if (!turn) co_return std::unexpected(FromNoTurn(turn.error()));
  auto response = co_await RetryOnVersionConflict(std::move(attempt));
  if (!response) co_return std::unexpected(FromRefusal({.kind = Refusal::Kind::kVersionConflict}, edited.noun));
  co_return *std::move(response);
}

// Returns an attempt's response after the store has saved its edit or refused it, and nullopt on a version conflict.
// `from_refusal` makes the problem of any other refusal.
template <class FromStoreRefusal>
std::optional<ApiResponse> AfterSave(const Stored<Done>& saved, HttpResponse response, FromStoreRefusal from_refusal) {
  if (saved) return response;
  if (saved.error().kind == Refusal::Kind::kVersionConflict) return std::nullopt;
  return std::unexpected(from_refusal(saved.error()));
}
inline std::optional<ApiResponse> AfterSave(const Stored<Done>& saved, HttpResponse response, std::string_view noun) {
  return AfterSave(saved, std::move(response), [noun](const Refusal& refusal) { return FromRefusal(refusal, noun); });
}

template <class Id>
struct DeletedConfig {
  std::string_view noun;
  Id id;
  std::int64_t version = 0;            // as the caller found it
  std::vector<AuditEntry> audit = {};  // written in the same transaction
};

// Deletes a part of the configuration. If the request has an If-Match, that names the version which is deleted: 412 if
// it is another one, or another one by then.
template <class Id>
Async<ApiResponse> DeleteConfig(ApiServices& services, const ApiRequest& request, DeletedConfig<Id> deleted) {
  if (auto matches = CheckIfMatch(request.http, deleted.version); !matches) {
    co_return std::unexpected(std::move(matches.error()));
  }
  ConfigChange change{ConfigChange::Delete<Id>{deleted.id, GuardedVersion(request.http, deleted.version)},
                      std::move(deleted.audit)};
  const auto saved = co_await services.store.SaveConfig(std::move(change), std::nullopt);
  if (!saved) co_return std::unexpected(FromDeleteRefusal(saved.error(), deleted.noun));
  co_return NoContent();
}

}  // namespace shakehook
