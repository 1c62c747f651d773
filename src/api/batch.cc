// /api/venues/{venue_id}/accounts/batch and .../contacts/batch: a JSON array of merge patches by id, created where
// there is none, in one transaction. One bad item refuses all of them.
#include <unordered_map>

#include "api/all_routes.h"
#include "api/field_reader.h"
#include "api/json_items.h"
#include "api/loop_turn.h"
#include "api/resource_change.h"
#include "api/response.h"

namespace shakehook {
namespace {

constexpr std::size_t kBatchItemsMax = 1000;

// What a batch is to make of one item.
struct Item {
  ResourceId id;
  bool made_id = false;  // by the server: there is nothing to read
};

// A batch built on one reading of what it changes.
struct Built {
  std::vector<ResourceChange> changes;
  std::vector<std::size_t> item_of;  // by change: which item it comes from
  std::string body;                  // of the answer
};

std::string PathOf(std::size_t index, std::string_view field) {
  std::string path = std::to_string(index);
  if (!field.empty()) path += '.';
  path += field;
  return path;
}

// The items with their ids. The problem names each that is no object, has a bad id, or one that stood before.
Async<std::expected<std::vector<Item>, Problem>> ReadItems(ApiServices& services, Loop& loop,
                                                           const JsonItems& patches) {
  std::vector<Item> items;
  items.reserve(patches.size());
  std::unordered_map<std::string, std::size_t> seen;
  std::vector<FieldError> errors;
  TurnBudget budget;
  for (std::size_t i = 0; i < patches.size(); ++i) {
    if (budget.Spend(patches.BytesOf(i))) co_await NextTurn(loop);
    Json room;
    const Json& patch = patches.Get(i, room);
    Item item;
    const Json* const id = patch.Find("id");
    if (patch.object() == nullptr) {
      errors.push_back({PathOf(i, ""), "must be an object, not " + std::string(patch.KindName())});
    } else if (id == nullptr) {
      item.id.text = services.NewUuid().ToString();
      item.made_id = true;
    } else if (id->text() == nullptr || !IsValidTextId(*id->text())) {
      errors.push_back({PathOf(i, "id"), std::string(kTextIdRule)});
    } else if (const auto [first, is_new] = seen.emplace(*id->text(), i); !is_new) {
      errors.push_back({PathOf(i, "id"), "stands in item " + std::to_string(first->second) + " already"});
    } else {
      item.id.text = *id->text();
    }
    items.push_back(std::move(item));
  }
  if (!errors.empty()) co_return std::unexpected(Invalid(std::move(errors)));
  co_return items;
}

// What is stored of each item; nothing for an id that never was.
Async<std::expected<std::vector<std::optional<StoredResource>>, Problem>> ReadStored(ApiServices& services,
                                                                                     ApiRequest& request,
                                                                                     const ResourceBasis& basis,
                                                                                     const std::vector<Item>& items) {
  std::vector<ResourceId> ids;
  for (const Item& item : items) {
    if (!item.made_id) ids.push_back(item.id);
  }
  std::vector<std::optional<StoredResource>> by_item(items.size());
  if (ids.empty()) co_return by_item;
  auto found = co_await services.store.GetResources(basis.venue->id, basis.kind, std::move(ids), request.asker());
  if (!found) co_return std::unexpected(FromRefusal(found.error(), NounOf(basis.kind)));
  auto next = found->begin();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].made_id) by_item[i] = std::move(*next++);
  }
  co_return by_item;
}

// Merges one item; adds its change, where there is one, and its result.
void BuildItem(ApiServices& services, const ResourceBasis& basis, const Item& item, const Json& patch,
               const std::optional<StoredResource>& stored, Built& built, std::size_t index,
               std::vector<FieldError>& errors) {
  ChangeOrigin origin{.timestamp = services.clock.Now()};
  if (stored) origin = {stored->version, NextTimestamp(origin.timestamp, stored->last_timestamp)};
  const bool is_there = stored && !stored->data.empty();
  Resource before(basis.kind);
  if (is_there) {
    before = basis.Parse(stored->data);
  } else {
    before.id = item.id;
    before.created_at = origin.timestamp;
  }
  Resource resource = before;
  for (FieldError& error : Merge(resource, patch, basis.fields)) {
    errors.push_back({PathOf(index, error.field), std::move(error.detail)});
  }
  if (!errors.empty()) return;
  std::string_view result = is_there ? "updated" : "created";
  if (is_there && resource == before) {
    result = "unchanged";
  } else {
    built.changes.push_back(BuildPut(services, basis, resource, is_there ? Verb::kUpdated : Verb::kCreated, origin));
    built.item_of.push_back(index);
  }
  built.body += index == 0 ? "{\"id\":" : ",{\"id\":";
  AppendJsonText(built.body, item.id.text);
  built.body += ",\"result\":\"";
  built.body += result;
  built.body += "\"}";
}

Async<std::expected<Built, Problem>> Build(ApiServices& services, ApiRequest& request, const ResourceBasis& basis,
                                           const JsonItems& patches, const std::vector<Item>& items) {
  const auto stored = co_await ReadStored(services, request, basis, items);
  if (!stored) co_return std::unexpected(stored.error());
  Built built{.body = "{\"results\":["};
  std::vector<FieldError> errors;
  TurnBudget budget;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t changes = built.changes.size();
    Json room;
    BuildItem(services, basis, items[i], patches.Get(i, room), (*stored)[i], built, i, errors);
    const std::size_t read = (*stored)[i] ? (*stored)[i]->data.size() : 0;
    const std::size_t made = built.changes.size() > changes ? built.changes.back().data.size() : 0;
    if (budget.Spend(patches.BytesOf(i) + read + 2 * made)) co_await NextTurn(request.loop);
  }
  if (!errors.empty()) co_return std::unexpected(Invalid(std::move(errors)));
  built.body += "]}";
  co_return built;
}

Async<std::expected<std::vector<EditTurns::Turn>, Problem>> TakeTurns(ApiServices& services, ApiRequest& request,
                                                                      const ResourceBasis& basis,
                                                                      const std::vector<Item>& items) {
  std::vector<EditTurns::Name> names;
  for (const Item& item : items) {
    if (!item.made_id) names.push_back({NounOf(basis.kind), basis.venue->id.text, item.id.text});
  }
  return services.turns.TakeAll(request.loop, std::move(names));
}

Async<Answer> PutItems(ApiServices& services, ApiRequest& request, ResourceBasis read, const JsonItems& patches) {
  const ResourceKind kind = read.kind;
  std::expected<ResourceBasis, Problem> basis = std::move(read);
  const auto items = co_await ReadItems(services, request.loop, patches);
  if (!items) co_return std::unexpected(items.error());
  std::vector<EditTurns::Turn> turns;  // once somebody else was faster
  for (int attempt = 0; attempt < kChangeAttemptsMax; ++attempt) {
    auto built = co_await Build(services, request, *basis, patches, *items);
    if (!built) co_return std::unexpected(std::move(built.error()));
    HttpResponse response = JsonResponse(200, std::move(built->body));
    // Nothing to store; but an answer that is to be kept is.
    if (built->changes.empty() && !request.idempotent) co_return response;
    const auto applied = co_await services.store.Apply(std::move(built->changes), request.Keep(response));
    if (applied) co_return response;
    const Refusal& refusal = applied.error();
    // An id that was taken since it was read is one to be edited now.
    if (refusal.kind != Refusal::Kind::kStale && refusal.kind != Refusal::Kind::kExists) {
      const std::size_t item = refusal.index < built->item_of.size() ? built->item_of[refusal.index] : 0;
      co_return std::unexpected(FromChangeRefusal(refusal, *basis, services.directory(), PathOf(item, "") + "."));
    }
    if (turns.empty()) {
      auto taken = co_await TakeTurns(services, request, *basis, *items);
      if (!taken) co_return std::unexpected(std::move(taken.error()));
      turns = *std::move(taken);
    }
    basis = ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), kind);
    if (!basis) co_return std::unexpected(basis.error());
  }
  co_return std::unexpected(FromRefusal({.kind = Refusal::Kind::kStale}, NounOf(kind)));
}

Async<Answer> PutBatch(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  auto basis = ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), kind);
  if (!basis) co_return std::unexpected(std::move(basis.error()));
  auto patches = co_await JsonItems::Read(request, kBatchItemsMax);
  if (!patches) co_return std::unexpected(std::move(patches.error()));
  Answer answer = co_await PutItems(services, request, *std::move(basis), *patches);
  co_await patches->Drop(request.loop);
  co_return answer;
}

}  // namespace

void AddBatchRoutes(Router& router, ApiServices&) {
  router.Add(
      {"POST", "/api/venues/{venue_id}/accounts/batch", Access::kWrite,
       [](ApiServices& services, ApiRequest& request) { return PutBatch(services, request, ResourceKind::kAccount); }});
  router.Add(
      {"POST", "/api/venues/{venue_id}/contacts/batch", Access::kWrite,
       [](ApiServices& services, ApiRequest& request) { return PutBatch(services, request, ResourceKind::kContact); }});
}

}  // namespace shakehook
