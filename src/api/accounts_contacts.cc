// /api/venues/{venue_id}/accounts[/{id}] and .../contacts[/{id}]: one implementation for both kinds.
//
// A change is built on the loop and stored by comparing versions: what was refused because something changed meanwhile
// is read and built again. A creation goes without a read first, because its id is nearly always new.
#include "api/all_routes.h"
#include "api/audit.h"
#include "api/etag.h"
#include "api/field_reader.h"
#include "api/inbox_log.h"
#include "api/json_body.h"
#include "api/loop_turn.h"
#include "api/page.h"
#include "api/resource_change.h"
#include "api/response.h"
#include "api/visible.h"
#include "base/check.h"

namespace shakehook {
namespace {

// More contacts than this are not freed in one transaction; the account must be emptied first.
constexpr std::size_t kFreedContactsMax = 10'000;

std::string LocationOf(const ResourceBasis& basis, const ResourceId& id) {
  std::string location = "/api/venues/";
  location += basis.venue->id.text;
  location += '/';
  location += CollectionOf(basis.kind);
  location += '/';
  location += id.text;
  return location;
}

// The one resource that the path names; 404 where there is none (any more).
Async<std::expected<StoredResource, Problem>> FindOne(ApiServices& services, ApiRequest& request, const VenueId& venue,
                                                      ResourceKind kind) {
  const std::string& id = request.Path("id");
  if (!IsValidTextId(id)) co_return std::unexpected(NotFound(NounOf(kind)));
  std::vector<ResourceId> ids;
  ids.push_back({id});
  auto found = co_await services.store.GetResources(venue, kind, std::move(ids), request.asker());
  if (!found) co_return std::unexpected(FromRefusal(found.error(), NounOf(kind)));
  std::optional<StoredResource>& stored = found->front();
  if (!stored || stored->data.empty()) co_return std::unexpected(NotFound(NounOf(kind)));
  co_return *std::move(stored);
}

HttpResponse ResourceResponse(int status, std::string data, std::int64_t version) {
  return WithEtag(JsonResponse(status, std::move(data)), version);
}

// --- GET ---

Async<Answer> ListResources(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  const auto basis = ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), kind);
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
  const auto listed = co_await services.store.ListResources(std::move(query));
  if (!listed) co_return std::unexpected(FromRefusal(listed.error(), NounOf(kind)));
  PageBody body;
  const std::size_t size = PageSize(listed->size(), page.limit);
  TurnBudget budget;
  for (std::size_t i = 0; i < size; ++i) {
    if (budget.Spend(3 * (*listed)[i].data.size())) co_await NextTurn(request.loop);
    body.Add(basis->CurrentData((*listed)[i].data));
  }
  std::optional<std::string> last_key;
  if (listed->size() > size) last_key = (*listed)[size - 1].id.text;
  co_return JsonResponse(200, body.Finish(CollectionOf(kind), last_key));
}

Async<Answer> GetResource(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  const auto basis = ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), kind);
  if (!basis) co_return std::unexpected(basis.error());
  auto stored = co_await FindOne(services, request, basis->venue->id, kind);
  if (!stored) co_return std::unexpected(std::move(stored.error()));
  co_return ResourceResponse(200, basis->CurrentData(std::move(stored->data)), stored->version);
}

// --- POST ---

// The id that a creation chose; nothing: it chose none.
std::expected<std::optional<ResourceId>, Problem> ChosenId(const Json& body) {
  const Json* const id = body.Find("id");
  if (id == nullptr) return std::nullopt;
  if (id->text() == nullptr || !IsValidTextId(*id->text())) {
    return std::unexpected(Invalid("id", std::string(kTextIdRule)));
  }
  return ResourceId{*id->text()};
}

// What a creation goes by after it was refused as stale: nothing where the id was never used.
Async<std::expected<std::optional<StoredResource>, Problem>> FindDeleted(ApiServices& services, ApiRequest& request,
                                                                         const ResourceBasis& basis, ResourceId id) {
  std::vector<ResourceId> ids;
  ids.push_back(std::move(id));
  auto found = co_await services.store.GetResources(basis.venue->id, basis.kind, std::move(ids), request.asker());
  if (!found) co_return std::unexpected(FromRefusal(found.error(), NounOf(basis.kind)));
  if (found->front() && !found->front()->data.empty()) {
    co_return std::unexpected(FromRefusal({.kind = Refusal::Kind::kExists}, NounOf(basis.kind)));
  }
  co_return std::move(found->front());
}

Async<Answer> CreateResource(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  auto basis = ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), kind);
  if (!basis) co_return std::unexpected(basis.error());
  const auto patch = JsonBody(request);
  if (!patch) co_return std::unexpected(patch.error());
  auto chosen = ChosenId(*patch);
  if (!chosen) co_return std::unexpected(std::move(chosen.error()));
  const ResourceId id = *chosen ? **chosen : ResourceId{services.NewUuid().ToString()};

  std::optional<StoredResource> deleted;  // an earlier one of the same id
  std::optional<EditTurns::Turn> turn;
  for (int attempt = 0; attempt < kChangeAttemptsMax; ++attempt) {
    Resource resource(kind);
    resource.id = id;
    ChangeOrigin origin{.timestamp = services.clock.Now()};
    if (deleted) origin = {deleted->version, NextTimestamp(origin.timestamp, deleted->last_timestamp)};
    resource.created_at = origin.timestamp;
    if (auto errors = Merge(resource, *patch, basis->fields); !errors.empty()) {
      co_return std::unexpected(Invalid(std::move(errors)));
    }
    std::vector<ResourceChange> changes;
    changes.push_back(BuildPut(services, *basis, resource, Verb::kCreated, origin));
    HttpResponse response = ResourceResponse(201, changes[0].data, origin.expected_version + 1);
    response.headers.emplace_back("Location", LocationOf(*basis, id));
    const auto applied = co_await services.store.Apply(std::move(changes), request.Keep(response));
    if (applied) co_return response;
    if (applied.error().kind != Refusal::Kind::kStale) {
      co_return std::unexpected(FromChangeRefusal(applied.error(), *basis, services.directory(), ""));
    }
    basis = ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), kind);
    if (!basis) co_return std::unexpected(basis.error());
    if (!turn) {
      auto taken = co_await services.turns.Take(request.loop, {NounOf(kind), basis->venue->id.text, id.text});
      if (!taken) co_return std::unexpected(std::move(taken.error()));
      turn.emplace(*std::move(taken));
    }
    auto found = co_await FindDeleted(services, request, *basis, id);
    if (!found) co_return std::unexpected(std::move(found.error()));
    deleted = *std::move(found);
  }
  co_return std::unexpected(FromRefusal({.kind = Refusal::Kind::kStale}, NounOf(kind)));
}

// --- PATCH ---

Async<Answer> EditResource(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  auto basis = ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), kind);
  if (!basis) co_return std::unexpected(basis.error());
  const auto patch = JsonBody(request);
  if (!patch) co_return std::unexpected(patch.error());
  const auto turn =
      co_await services.turns.Take(request.loop, {NounOf(kind), basis->venue->id.text, request.Path("id")});
  if (!turn) co_return std::unexpected(turn.error());
  for (int attempt = 0; attempt < kChangeAttemptsMax; ++attempt) {
    const auto stored = co_await FindOne(services, request, basis->venue->id, kind);
    if (!stored) co_return std::unexpected(stored.error());
    if (auto matches = CheckIfMatch(request.http, stored->version); !matches) {
      co_return std::unexpected(std::move(matches.error()));
    }
    const Resource before = basis->Parse(stored->data);
    Resource resource = before;
    if (auto errors = Merge(resource, *patch, basis->fields); !errors.empty()) {
      co_return std::unexpected(Invalid(std::move(errors)));
    }
    if (resource == before) co_return ResourceResponse(200, ToData(resource), stored->version);
    const ChangeOrigin origin{stored->version, NextTimestamp(services.clock.Now(), stored->last_timestamp)};
    std::vector<ResourceChange> changes;
    changes.push_back(BuildPut(services, *basis, resource, Verb::kUpdated, origin));
    HttpResponse response = ResourceResponse(200, changes[0].data, stored->version + 1);
    const auto applied = co_await services.store.Apply(std::move(changes), std::nullopt);
    if (applied) co_return response;
    if (applied.error().kind != Refusal::Kind::kStale) {
      co_return std::unexpected(FromChangeRefusal(applied.error(), *basis, services.directory(), ""));
    }
    basis = ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), kind);
    if (!basis) co_return std::unexpected(basis.error());
  }
  co_return std::unexpected(FromRefusal({.kind = Refusal::Kind::kStale}, NounOf(kind)));
}

// --- DELETE ---

// The changes that free an account's contacts: each is a contact.updated without account_id.
Async<std::expected<std::vector<ResourceChange>, Problem>> FreeContacts(ApiServices& services, ApiRequest& request,
                                                                        ResourceId account) {
  const auto basis =
      ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), ResourceKind::kContact);
  if (!basis) co_return std::unexpected(basis.error());
  const auto contacts =
      co_await services.store.ContactsOf(basis->venue->id, account, kFreedContactsMax + 1, request.asker());
  if (!contacts) co_return std::unexpected(FromRefusal(contacts.error(), "account"));
  if (contacts->size() > kFreedContactsMax) {
    co_return std::unexpected(Conflict("The account has more than " + std::to_string(kFreedContactsMax) +
                                       " contacts; move them to another account, or delete them, first."));
  }
  Json freed{Json::Object()};
  freed.Add("account_id", nullptr);
  std::vector<ResourceChange> changes;
  changes.reserve(contacts->size() + 1);
  TurnBudget budget;
  for (const StoredResource& contact : *contacts) {
    if (budget.Spend(3 * contact.data.size())) co_await NextTurn(request.loop);
    Resource resource = basis->Parse(contact.data);
    CHECK(Merge(resource, freed, basis->fields).empty());
    changes.push_back(BuildPut(services, *basis, resource, Verb::kUpdated,
                               {contact.version, NextTimestamp(services.clock.Now(), contact.last_timestamp)}));
  }
  co_return changes;
}

// The resource is deleted afterwards. `kMissing` where there is none (any more).
enum class Deletion { kDone, kMissing };
Async<std::expected<Deletion, Problem>> Delete(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  const auto venue = FindVisibleVenue(services.directory(), *request.key, request.Path("venue_id"));
  if (!venue) co_return std::unexpected(venue.error());
  const auto turn = co_await services.turns.Take(request.loop, {NounOf(kind), (*venue)->id.text, request.Path("id")});
  if (!turn) co_return std::unexpected(turn.error());
  std::vector<EditTurns::Turn> turns_of_contacts;
  for (int attempt = 0; attempt < kChangeAttemptsMax; ++attempt) {
    const auto basis = ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), kind);
    if (!basis) co_return std::unexpected(basis.error());
    const auto stored = co_await FindOne(services, request, basis->venue->id, kind);
    if (!stored && stored.error().status == 404) co_return Deletion::kMissing;
    if (!stored) co_return std::unexpected(stored.error());
    if (auto matches = CheckIfMatch(request.http, stored->version); !matches) {
      co_return std::unexpected(std::move(matches.error()));
    }
    std::vector<ResourceChange> changes;
    if (kind == ResourceKind::kAccount) {
      auto freed = co_await FreeContacts(services, request, stored->id);
      if (!freed) co_return std::unexpected(std::move(freed.error()));
      changes = *std::move(freed);
    }
    changes.push_back(BuildDelete(services, *basis, stored->id,
                                  {stored->version, NextTimestamp(services.clock.Now(), stored->last_timestamp)}));
    std::vector<EditTurns::Name> freed;
    for (const ResourceChange& change : changes) {
      if (change.kind == ResourceKind::kContact && kind == ResourceKind::kAccount) {
        freed.push_back({NounOf(change.kind), basis->venue->id.text, change.id.text});
      }
    }
    const auto applied = co_await services.store.Apply(std::move(changes), std::nullopt);
    if (applied) co_return Deletion::kDone;
    if (applied.error().kind != Refusal::Kind::kStale) {
      co_return std::unexpected(FromChangeRefusal(applied.error(), *basis, services.directory(), ""));
    }
    // Somebody changes its contacts all the time. Whoever has turns for an account takes those for contacts behind it.
    if (!turns_of_contacts.empty() || freed.empty()) continue;
    auto taken = co_await services.turns.TakeAll(request.loop, std::move(freed));
    if (!taken) co_return std::unexpected(std::move(taken.error()));
    turns_of_contacts = *std::move(taken);
  }
  co_return std::unexpected(FromRefusal({.kind = Refusal::Kind::kStale}, NounOf(kind)));
}

// Of one that is deleted: its data in payloads, in what receivers answered, in inboxes. Recorded first; what cuts it
// short, asking again goes on.
Async<Answer> Erase(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  const auto venue = FindVisibleVenue(services.directory(), *request.key, request.Path("venue_id"));
  if (!venue) co_return std::unexpected(venue.error());
  const ResourceId id{request.Path("id")};
  std::optional<AuditEntry> audit =
      MakeAuditEntry(services, ActorOf(request),
                     {.action = AuditAction::kResourceErased,
                      .subject = AuditEntry::Subject{.kind = std::string(NounOf(kind)), .id = id.text},
                      .detail = "in the venue " + (*venue)->id.text});
  std::optional<Position> before;
  do {
    const auto step =
        co_await services.store.EraseHistory((*venue)->id, kind, id, before, std::exchange(audit, std::nullopt));
    if (!step && step.error().kind == Refusal::Kind::kMissing) co_return std::unexpected(NotFound(NounOf(kind)));
    // Somebody made it again meanwhile.
    if (!step) co_return std::unexpected(FromRefusal(step.error(), NounOf(kind)));
    before = step->next;
  } while (before);
  services.inboxes.EraseResource((*venue)->id, id);
  co_return NoContent();
}

Async<Answer> DeleteResource(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  ParameterReader parameters(request);
  const bool erase = parameters.Flag("erase");
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto deleted = co_await Delete(services, request, kind);
  if (!deleted) co_return std::unexpected(deleted.error());
  if (erase && IsValidTextId(request.Path("id"))) co_return co_await Erase(services, request, kind);
  if (*deleted == Deletion::kMissing) co_return std::unexpected(NotFound(NounOf(kind)));
  co_return NoContent();
}

using ResourceHandler = Async<Answer> (*)(ApiServices&, ApiRequest&, ResourceKind);

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
