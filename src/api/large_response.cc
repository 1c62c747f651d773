#include "api/large_response.h"

#include "api/http/tenant.h"

namespace shakehook {
namespace {

// A response takes the memory of its rows and of its text.
constexpr std::size_t kResponseIsMadeOf = 2;
// A change takes the memory of the record as it is stored, of the new one, of its event and of its search text.
constexpr std::size_t kChangeIsMadeOf = 4;
constexpr std::size_t kLittleBytes = 64 * 1024;

std::string OwnerOf(const ApiServices& services, const ApiRequest& request) {
  return TenantOf(request.principal->scope, services.config_cache());
}

}  // namespace

bool TakeRoom(ApiServices& services, ApiRequest& request, RoomFor what, std::size_t bytes) {
  ResponseRoom* const room = request.http.room;
  if (room == nullptr || bytes <= kLittleBytes) return true;
  if (what == RoomFor::kAnswer) return room->Take(OwnerOf(services, request), kResponseIsMadeOf * bytes);
  return room->TakeForWork(OwnerOf(services, request), kChangeIsMadeOf * bytes);
}

Async<bool> WaitForRoom(ApiServices& services, ApiRequest& request, RoomFor what, std::size_t bytes) {
  if (TakeRoom(services, request, what, bytes)) co_return true;
  ResponseRoom& room = *request.http.room;
  const std::string owner = OwnerOf(services, request);
  if (what == RoomFor::kAnswer) co_return co_await room.TakeSoon(owner, kResponseIsMadeOf * bytes);
  co_return co_await room.TakeForWorkSoon(owner, kChangeIsMadeOf * bytes);
}

Problem NoRoom() {
  return Unavailable(
      "The server has no room for another large request or response at the moment. Nothing was changed; try again.");
}

}  // namespace shakehook
