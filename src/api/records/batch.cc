// /api/venues/{venue_id}/accounts/batch and .../contacts/batch: a JSON array of merge patches by id, created where
// there is none, in one transaction. One bad item refuses all of them.
#include <unordered_map>

#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/http/json_items.h"
#include "api/http/response.h"
#include "api/records/record_request.h"
#include "base/loop_turn.h"

namespace shakehook {
namespace {

constexpr std::size_t kBatchItemsMax = 1000;

// Reads the items' ids. The problem names each item that is no object, that has a bad id, or whose id an earlier item
// has.
Async<std::expected<std::vector<RecordPut>, Problem>> ReadItems(ApiServices& services, Loop& loop,
                                                                const JsonItems& patches) {
  std::vector<RecordPut> items;
  items.reserve(patches.size());
  std::unordered_map<std::string, std::size_t> seen;
  std::vector<FieldError> errors;
  TurnBudget budget;
  for (std::size_t i = 0; i < patches.size(); ++i) {
    if (budget.Spend(patches.BytesOf(i))) co_await NextTurn(loop);
    Json room;
    const Json& patch = *co_await patches.Get(loop, i, room);
    RecordPut item{.bytes = patches.BytesOf(i)};
    const Json* const id = patch.Find("id");
    if (patch.object() == nullptr) {
      errors.push_back({PathOfItem(i, ""), WrongType("an object", patch)});
    } else if (id == nullptr) {
      item.id.text = services.NewUuid().ToString();
      item.has_new_id = true;
    } else if (id->text() == nullptr || !IsValidTextId(*id->text())) {
      errors.push_back({PathOfItem(i, "id"), BadTextId()});
    } else if (const auto [first, is_new] = seen.emplace(*id->text(), i); !is_new) {
      errors.push_back({PathOfItem(i, "id"), {"id_repeated", "is also the id of item {item}", first->second}});
    } else {
      item.id.text = *id->text();
    }
    items.push_back(std::move(item));
  }
  if (!errors.empty()) co_return std::unexpected(Invalid(std::move(errors)));
  co_return items;
}

HttpResponse BatchResponse(const std::vector<RecordPut>& items, const std::vector<PutResult>& results) {
  std::string body = "{\"results\":[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    body += i == 0 ? "{\"id\":" : ",{\"id\":";
    AppendJsonText(body, items[i].id.text);
    body += ",\"result\":\"";
    body += ToString(results[i]);
    body += "\"}";
  }
  body += "]}";
  return JsonResponse(200, std::move(body));
}

Async<ApiResponse> PutItems(ApiServices& services, ApiRequest& request, ResourceKind kind, const JsonItems& patches) {
  const auto items = co_await ReadItems(services, request.loop, patches);
  if (!items) co_return std::unexpected(items.error());
  request.rows_read += static_cast<std::int64_t>(items->size());
  const auto put = co_await services.records.writer.PutMany(
      TargetOf(services, request, kind), *items,
      [&](std::size_t item, Json& room) { return patches.Get(request.loop, item, room); },
      [&](const std::vector<PutResult>& results) -> std::optional<IdempotencyRecordOf<Done>> {
        if (!request.idempotent) return std::nullopt;
        return request.Keep(BatchResponse(*items, results));
      });
  if (!put) co_return std::unexpected(FromWriteRefusal(put.error(), kind));
  co_return BatchResponse(*items, *put);
}

Async<ApiResponse> PutBatch(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  if (auto venue = FindVisibleVenue(services.config_cache(), *request.principal, request.Path("venue_id")); !venue) {
    co_return std::unexpected(std::move(venue.error()));
  }
  auto patches = co_await JsonItems::Read(request, kBatchItemsMax);
  if (!patches) co_return std::unexpected(std::move(patches.error()));
  ApiResponse response = co_await PutItems(services, request, kind, *patches);
  co_await patches->Drop(request.loop);
  co_return response;
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
