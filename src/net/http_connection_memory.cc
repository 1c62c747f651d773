#include "net/http_connection_memory.h"

#include <optional>
#include <utility>

#include "net/http_server_connection.h"
#include "net/http_server_lane.h"

namespace shakehook {
namespace {

// How often a connection that waits for room looks for it.
constexpr Milliseconds kRoomLookInterval{20};
// A response is not waited for where those in its way are not read, or are made very slowly.
constexpr Milliseconds kShortPatience{3'000};

using Verdict = HttpServerMemory::Verdict;

}  // namespace

HttpConnectionMemory::HttpConnectionMemory(HttpServerLane& lane, const HttpServerConnection& connection)
    : lane_(lane), connection_(connection), held_(lane.shared().held), worked_on_(lane.shared().worked_on) {}

void HttpConnectionMemory::BeginRequest() {
  held_.PassTo("");
  work_factor_ = 0;
}

bool HttpConnectionMemory::HoldWhatCame(std::size_t bytes) {
  return held_.Resize(bytes) == Verdict::kHeld || HoldAtOthersCost(bytes);
}

bool HttpConnectionMemory::HoldAtOthersCost(std::size_t bytes) {
  return lane_.EndSlowest(bytes, connection_) > 0 && held_.Resize(bytes) == Verdict::kHeld;
}

Async<bool> HttpConnectionMemory::HoldBody(std::string owner, std::size_t bytes, std::size_t work_factor) {
  held_.PassTo(std::move(owner));
  work_factor_ = work_factor;
  return HoldSoon(held_, bytes);
}

Async<bool> HttpConnectionMemory::HoldWork(std::size_t body_bytes) {
  if (work_factor_ == 0) co_return true;
  worked_on_.PassTo(held_.owner());
  co_return co_await HoldSoon(worked_on_, work_factor_ * body_bytes);
}

Async<bool> HttpConnectionMemory::HoldSoon(HttpServerMemory::Hold& hold, std::size_t bytes, Patience patience) {
  const std::string nobody;
  std::uint64_t releases = 0;
  std::optional<SteadyTime> released_at;
  const SteadyTime until = lane_.Now() + lane_.shared().options.limits.room_wait_max;
  std::optional<HttpServerLane::RoomWait> wait;
  for (;;) {
    const Verdict verdict = hold.Resize(bytes);
    if (verdict == Verdict::kHeld) co_return true;
    // Others go for what all share, not for what the owner itself has used up.
    if (verdict == Verdict::kFull && &hold == &held_ && lane_.EndSlowest(bytes, connection_) > 0) continue;
    if (verdict == Verdict::kShareFull && &hold == &held_ && lane_.EndStalled(hold.owner()) > 0) continue;
    if (!wait && !lane_.MayWaitForRoom()) co_return false;
    if (!wait) wait.emplace(lane_);
    if (!connection_.wanted() || lane_.Now() >= until) co_return false;
    const std::uint64_t now_released = hold.memory().releases(verdict == Verdict::kFull ? nobody : hold.owner());
    if (!released_at || now_released != releases) released_at = lane_.Now();
    releases = now_released;
    if (patience == Patience::kShort && lane_.Now() - *released_at >= kShortPatience) co_return false;
    co_await SleepUntil(lane_.loop(), lane_.Now() + kRoomLookInterval);
  }
}

bool HttpConnectionMemory::HoldResponse(std::size_t bytes) {
  return held_.Resize(bytes) == Verdict::kHeld || HoldAtOthersCost(bytes);
}

void HttpConnectionMemory::EndWork() {
  worked_on_.Release();
  work_beside_ = 0;
}

void HttpConnectionMemory::Release() {
  held_.Release();
  EndWork();
}

// --- For handlers ---

bool ResponseRoom::Take(const std::string& owner, std::size_t bytes) {
  if (!memory_.owned()) memory_.held_.PassTo(owner);
  return memory_.held_.Resize(bytes) == Verdict::kHeld;
}

Async<bool> ResponseRoom::TakeSoon(std::string owner, std::size_t bytes) {
  if (!memory_.owned()) memory_.held_.PassTo(std::move(owner));
  return memory_.HoldSoon(memory_.held_, bytes, HttpConnectionMemory::Patience::kShort);
}

bool ResponseRoom::TakeForWork(const std::string& owner, std::size_t bytes) {
  HttpServerMemory::Hold& work = memory_.worked_on_;
  if (work.owner().empty()) work.PassTo(owner);
  const std::size_t body = work.bytes() - memory_.work_beside_;
  if (work.Resize(body + bytes) != Verdict::kHeld) return false;
  memory_.work_beside_ = bytes;
  return true;
}

Async<bool> ResponseRoom::TakeForWorkSoon(std::string owner, std::size_t bytes) {
  if (TakeForWork(owner, bytes)) co_return true;
  HttpServerMemory::Hold& work = memory_.worked_on_;
  const std::size_t body = work.bytes() - memory_.work_beside_;
  if (!co_await memory_.HoldSoon(work, body + bytes)) co_return false;
  memory_.work_beside_ = bytes;
  co_return true;
}

}  // namespace shakehook
