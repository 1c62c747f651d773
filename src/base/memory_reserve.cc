#include "base/memory_reserve.h"

#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

#include "base/log.h"
#include "base/loop_work.h"

namespace shakehook {
namespace {

// Larger pieces may not be found again where the memory that was freed is scattered.
constexpr std::size_t kPieceBytes = 512 * 1024;
constexpr std::size_t kPieces = 64;
constexpr std::size_t kShortBelow = kPieces / 2;
constexpr std::int64_t kShortMs = 1'000;
// If the reserve is used up, the thread waits for others to free memory: so often, so long each time.
constexpr int kWaits = 500;
constexpr useconds_t kWaitMicroseconds = 10'000;
constexpr std::int64_t kLogIntervalMs = 10'000;

// The handler of failed allocations has no argument, so that what it needs is reached by name.
struct Reserve {
  // Null: the piece was taken.
  std::array<std::atomic<void*>, kPieces> pieces{};
  std::atomic<std::size_t> left = 0;
  std::atomic<std::int64_t> taken_at_ms = 0;
  std::atomic<std::int64_t> logged_at_ms = 0;
  std::atomic<std::uint64_t> taken = 0;
  std::atomic<bool> kept = false;
};

constinit Reserve reserve;
thread_local constinit int refusable_works = 0;

std::int64_t NowMs() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return time.tv_sec * 1'000 + time.tv_nsec / 1'000'000;
}

// A method in capitals, or "reading" and "answering" (net/http_server_connection.cc): HttpServerConnection answers 503.
bool IsOfRequest(const LoopWork& work) {
  return work.object == "a request" || (!work.verb.empty() && work.verb.front() >= 'A' && work.verb.front() <= 'Z');
}

bool MayBeRefused() { return refusable_works > 0 || IsOfRequest(CurrentLoopWork()); }

bool FreePiece() {
  for (auto& piece : reserve.pieces) {
    if (piece.load(std::memory_order_relaxed) == nullptr) continue;
    void* const memory = piece.exchange(nullptr);
    if (memory == nullptr) continue;  // another thread was faster
    reserve.left.fetch_sub(1);
    reserve.taken_at_ms = NowMs();
    reserve.taken.fetch_add(1);
    std::free(memory);
    return true;
  }
  return false;
}

// Returns false if the allocation is to fail; else it is tried again.
bool MakeRoom(int& waits) {
  if (!reserve.kept || MayBeRefused()) return false;
  if (FreePiece()) return true;
  if (++waits > kWaits) return false;
  reserve.taken_at_ms = NowMs();
  ::usleep(kWaitMicroseconds);
  return true;
}

void MakeRoomOrThrow() {
  static thread_local constinit int waits = 0;
  static thread_local constinit std::int64_t waited_at_ms = 0;
  // Waits of an earlier allocation do not count.
  if (const std::int64_t now = NowMs(); now - std::exchange(waited_at_ms, now) > kShortMs) waits = 0;
  if (!MakeRoom(waits)) throw std::bad_alloc();
}

}  // namespace

void KeepMemoryReserve() {
  reserve.kept = true;
  reserve.taken = 1;
  RefillMemoryReserve();
  reserve.taken = 0;
  std::set_new_handler(MakeRoomOrThrow);
}

bool MemoryIsShort() {
  return reserve.kept.load(std::memory_order_relaxed) && reserve.left.load(std::memory_order_relaxed) < kShortBelow &&
         NowMs() - reserve.taken_at_ms < kShortMs;
}

void RefillMemoryReserve() {
  if (reserve.taken.load(std::memory_order_relaxed) == 0) return;
  for (auto& piece : reserve.pieces) {
    if (piece.load(std::memory_order_relaxed) != nullptr) continue;
    void* const memory = std::malloc(kPieceBytes);
    if (memory == nullptr) break;
    void* none = nullptr;
    if (piece.compare_exchange_strong(none, memory)) {
      reserve.left.fetch_add(1);
    } else {
      std::free(memory);
    }
  }
  const std::int64_t now = NowMs();
  const std::size_t left = reserve.left;
  if (left == kPieces) reserve.taken = 0;
  if (left >= kShortBelow || now - reserve.logged_at_ms < kLogIntervalMs) return;
  reserve.logged_at_ms = now;
  LogWarning("the system gives the server no more memory: requests are refused and deliveries wait",
             {{"reserve_left_kb", std::to_string(left * kPieceBytes / 1024)}});
}

UnrefusableWork::UnrefusableWork() : work_(CurrentLoopWork()), refusable_works_(std::exchange(refusable_works, 0)) {
  SetLoopWork({});
}
UnrefusableWork::~UnrefusableWork() {
  SetLoopWork(work_);
  refusable_works = refusable_works_;
}

RefusableWork::RefusableWork() { ++refusable_works; }
RefusableWork::~RefusableWork() { --refusable_works; }

}  // namespace shakehook

// Asio allocates the frames of coroutines and what it waits with by this function of the C library; here it takes from
// the reserve. It does so for requests too: when a wait begins, its coroutine has been left already, and an exception
// would end the loop.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  const shakehook::UnrefusableWork unrefusable;
  int waits = 0;
  for (;;) {
    void* memory = nullptr;
    const int error = ::posix_memalign(&memory, alignment < sizeof(void*) ? sizeof(void*) : alignment, bytes);
    if (error == 0) return memory;
    if (error != ENOMEM || !shakehook::MakeRoom(waits)) return nullptr;
  }
}
