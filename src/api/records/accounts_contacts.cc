// /api/venues/{venue_id}/accounts[/{id}] and .../contacts[/{id}]: one implementation for both kinds.
// records/record_writer.h writes them.
#include "api/access/audit.h"
#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/http/etag.h"
#include "api/http/json_body.h"
#include "api/http/page_response.h"
#include "api/http/response.h"
#include "api/large_response.h"
#include "api/records/record_request.h"
#include "api/webhooks/inbox_log.h"
#include "base/loop_turn.h"

namespace shakehook {
namespace {

std::string LocationOf(const WriteTarget& target, const ResourceId& id) {
  std::string location = "/api/venues/";
  location += target.venue.text;
  location += '/';
  location += CollectionOf(target.kind);
  location += '/';
  location += id.text;
  return location;
}

HttpResponse ResourceResponse(int status, std::string data, std::int64_t version) {
  return WithEtag(JsonResponse(status, std::move(data)), version);
}

// --- GET ---

Async<ApiResponse> ListResources(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  const auto basis = ReadRecordBasis(services, request, kind);
  if (!basis) co_return std::unexpected(basis.error());
  ParameterReader parameters(request);
  const PageRequest page = ReadPage(parameters, CollectionOf(kind), IsValidTextId);
  ResourceQuery query{.venue_id = basis->venue->id,
                      .kind = kind,
                      .search = SearchQuery(parameters.Text("q")),
                      .email = parameters.Text("email"),
                      .account_id = parameters.Text("account_id"),
                      .after = page.after,
                      .limit = page.limit + 1,
                      .asker = request.asker()};
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  auto listed = co_await ReadRows(
      services, request, NounOf(kind), {.what = RoomFor::kAnswer},
      [&services, &query] { return services.store.ListResources(ResourceQuery(query)); },
      [](const StoredResource& row) { return row.data.size(); });
  if (!listed) co_return std::unexpected(std::move(listed.error()));
  std::size_t bytes = 0;
  for (const StoredResource& row : *listed) bytes += row.data.size();
  co_return co_await RespondWithPage(request.loop, page, *std::move(listed),
                                     [&](StoredResource& row) { return basis->CurrentData(std::move(row.data)); },
                                     kById, {.bytes = bytes});
}

Async<ApiResponse> GetResource(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  const auto basis = ReadRecordBasis(services, request, kind);
  if (!basis) co_return std::unexpected(basis.error());
  auto stored = co_await services.records.writer.Find(TargetOf(services, request, kind), {request.Path("id")});
  if (!stored) co_return std::unexpected(FromWriteRefusal(stored.error(), kind));
  co_return ResourceResponse(200, basis->CurrentData(std::move(stored->data)), stored->version);
}

// --- POST ---

// Returns the id that a creation chose; nullopt: it chose none.
std::expected<std::optional<ResourceId>, Problem> ChosenId(const Json& body) {
  const Json* const id = body.Find("id");
  if (id == nullptr) return std::nullopt;
  if (id->text() == nullptr || !IsValidTextId(*id->text())) {
    return std::unexpected(Invalid("id", BadTextId()));
  }
  return ResourceId{*id->text()};
}

Async<ApiResponse> CreateResource(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  if (auto venue = FindVisibleVenue(services.config_cache(), *request.principal, request.Path("venue_id")); !venue) {
    co_return std::unexpected(std::move(venue.error()));
  }
  const auto patch = JsonBody(request);
  if (!patch) co_return std::unexpected(patch.error());
  auto chosen = ChosenId(*patch);
  if (!chosen) co_return std::unexpected(std::move(chosen.error()));
  const ResourceId id = *chosen ? **chosen : ResourceId{services.NewUuid().ToString()};
  const WriteTarget target = TargetOf(services, request, kind);
  const auto respond = [&](const WrittenRecord& written) {
    return WithLocation(ResourceResponse(201, written.data, written.version), LocationOf(target, id));
  };
  const auto created = co_await services.records.writer.Create(
      target, id, *patch, [&](const WrittenRecord& written) -> std::optional<IdempotencyRecordOf<Done>> {
        if (!request.idempotent) return std::nullopt;
        return request.Keep(respond(written));
      });
  if (!created) co_return std::unexpected(FromWriteRefusal(created.error(), kind));
  co_return respond(*created);
}

// --- PATCH ---

Async<ApiResponse> EditResource(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  if (auto venue = FindVisibleVenue(services.config_cache(), *request.principal, request.Path("venue_id")); !venue) {
    co_return std::unexpected(std::move(venue.error()));
  }
  const auto patch = JsonBody(request);
  if (!patch) co_return std::unexpected(patch.error());
  auto edited = co_await services.records.writer.Edit(
      TargetOf(services, request, kind), {request.Path("id")}, *patch,
      [&](std::int64_t version) { return MatchesIfMatch(request.http, version); });
  if (!edited) co_return std::unexpected(FromWriteRefusal(edited.error(), kind));
  co_return ResourceResponse(200, std::move(edited->data), edited->version);
}

// --- DELETE ---

// Erases a deleted record's data from payloads, from receivers' responses and from inboxes. The audit log records it
// first. A request that is cut short may be sent again, and continues.
Async<ApiResponse> Erase(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  const auto venue = FindVisibleVenue(services.config_cache(), *request.principal, request.Path("venue_id"));
  if (!venue) co_return std::unexpected(venue.error());
  const ResourceId id{request.Path("id")};
  std::optional<AuditEntry> audit =
      MakeAuditEntry(services, ActorOf(request),
                     {.action = AuditAction::kResourceErased,
                      .subject = AuditEntry::Subject{.kind = std::string(NounOf(kind)), .id = id.text},
                      .details = {"in_venue", "in the venue {venue}", (*venue)->id.text}});
  std::optional<Position> before;
  do {
    const auto step =
        co_await services.store.EraseHistory((*venue)->id, kind, id, before, std::exchange(audit, std::nullopt));
    if (!step && step.error().kind == Refusal::Kind::kMissing) co_return std::unexpected(NotFound(NounOf(kind)));
    // The record was made again meanwhile.
    if (!step) co_return std::unexpected(FromRefusal(step.error(), NounOf(kind)));
    before = step->next;
  } while (before);
  services.inboxes.EraseResource((*venue)->id, id);
  co_return NoContent();
}

Async<ApiResponse> DeleteResource(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  ParameterReader parameters(request);
  const bool erase = parameters.Flag("erase");
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto deleted = co_await services.records.writer.Delete(
      TargetOf(services, request, kind), {request.Path("id")},
      [&](std::int64_t version) { return MatchesIfMatch(request.http, version); });
  const bool gone = !deleted && deleted.error().kind == WriteRefusal::Kind::kMissing;
  if (!deleted && !(gone && erase)) co_return std::unexpected(FromWriteRefusal(deleted.error(), kind));
  if (erase && IsValidTextId(request.Path("id"))) co_return co_await Erase(services, request, kind);
  if (gone) co_return std::unexpected(NotFound(NounOf(kind)));
  co_return NoContent();
}

using ResourceHandler = Async<ApiResponse> (*)(ApiServices&, ApiRequest&, ResourceKind);

Handler Of(ResourceKind kind, ResourceHandler handler) {
  return [kind, handler](ApiServices& services, ApiRequest& request) { return handler(services, request, kind); };
}

}  // namespace

void AddResourceRoutes(Router& router, ApiServices&) {
  struct Paths {
    ResourceKind kind;
    std::string_view list, one;
    std::vector<std::string_view> parameters;
  };
  for (const auto& [kind, list, one, parameters] : {Paths{ResourceKind::kAccount,
                                                          "/api/venues/{venue_id}/accounts",
                                                          "/api/venues/{venue_id}/accounts/{id}",
                                                          {"q", "limit", "cursor"}},
                                                    Paths{ResourceKind::kContact,
                                                          "/api/venues/{venue_id}/contacts",
                                                          "/api/venues/{venue_id}/contacts/{id}",
                                                          {"q", "email", "account_id", "limit", "cursor"}}}) {
    router.Add({"GET", list, Access::kRead, Of(kind, ListResources), parameters});
    router.Add({"POST", list, Access::kWrite, Of(kind, CreateResource)});
    router.Add({"GET", one, Access::kRead, Of(kind, GetResource)});
    router.Add({"PATCH", one, Access::kWrite, Of(kind, EditResource)});
    router.Add({"DELETE", one, Access::kWrite, Of(kind, DeleteResource), {"erase"}});
  }
}

}  // namespace shakehook
