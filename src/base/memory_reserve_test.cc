#include "base/memory_reserve.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "base/loop_work.h"

namespace shakehook {
namespace {

constexpr std::size_t kMebibyte = 1024 * 1024;
constexpr std::size_t kChunkBytes = 4096;

// The process may write to no more memory than now.
void AllowNoMoreMemory() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line) && !line.starts_with("VmData:")) {
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_DATA, &limit);
  limit.rlim_cur = std::stoul(line.substr(7)) * 1024;
  ::setrlimit(RLIMIT_DATA, &limit);
}

using Chunks = std::vector<std::unique_ptr<char[]>>;

// Allocates until the system gives no more. Returns what there was.
Chunks TakeAll() {
  Chunks chunks;
  chunks.reserve(64 * 1024);
  AllowNoMoreMemory();
  const RefusableWork refusable;
  try {
    for (;;) chunks.push_back(std::make_unique<char[]>(kChunkBytes));
  } catch (const std::bad_alloc&) {
  }
  return chunks;
}

bool Fails() {
  try {
    ::operator delete(::operator new(kMebibyte));  // as a call, it is not left out by the compiler
    return false;
  } catch (const std::bad_alloc&) {
    return true;
  }
}

bool FailsForARequest() {
  SetLoopWork({"GET", "/api/events"});
  const bool failed = Fails();
  SetLoopWork({});
  return failed;
}

// The exit codes say where the child was not as it should be.
[[noreturn]] void RunOutOfMemory() {
  KeepMemoryReserve();
  Chunks all = TakeAll();
  if (!FailsForARequest()) std::_Exit(1);
  if (MemoryIsShort()) std::_Exit(2);
  {
    SetLoopWork({"GET", "/api/events"});
    const UnrefusableWork unrefusable;
    if (Fails()) std::_Exit(9);
  }
  if (CurrentLoopWork() != LoopWork{"GET", "/api/events"}) std::_Exit(10);
  SetLoopWork({});
  // An allocation that belongs to no request goes on.
  Chunks more;
  more.reserve(8 * kMebibyte / kChunkBytes);
  while (more.size() < 8 * kMebibyte / kChunkBytes) more.push_back(std::make_unique<char[]>(kChunkBytes));
  if (MemoryIsShort()) std::_Exit(3);
  void* volatile frame = std::aligned_alloc(16, 12 * kMebibyte);  // volatile: it is not left out by the compiler
  if (frame == nullptr) std::_Exit(4);
  if (!MemoryIsShort()) std::_Exit(5);
  if (!FailsForARequest()) std::_Exit(6);
  RefillMemoryReserve();
  if (!MemoryIsShort()) std::_Exit(7);
  // With memory again, the reserve is filled first.
  std::free(frame);
  all.clear();
  more.clear();
  RefillMemoryReserve();
  if (MemoryIsShort()) std::_Exit(8);
  std::_Exit(0);
}

TEST(MemoryReserveDeathTest, KeepsWorkThatCannotBeRefusedGoingAndRefusesRequests) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers bring an allocator of their own";
#endif
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  GTEST_SKIP() << "sanitizers bring an allocator of their own";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(RunOutOfMemory(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace shakehook
