// LoopWork names what a thread's loop works on: a route of the API, or another part of the server. LoopWatch tells it
// of a turn that took too long.
//
// A turn begins without a name. Whoever begins something sets it, and a coroutine that has waited sets it again.
//
// Threads: each thread has its own.
#pragma once

#include <string_view>

namespace shakehook {

// Both texts live as long as the program's loops; neither holds anything that came from outside.
struct LoopWork {
  std::string_view verb;    // "POST", "reading"
  std::string_view object;  // "/api/venues/{venue_id}/contacts/batch", "a request"

  bool operator==(const LoopWork&) const = default;
};

inline thread_local constinit LoopWork current_loop_work;

inline LoopWork CurrentLoopWork() { return current_loop_work; }
inline void SetLoopWork(LoopWork work) { current_loop_work = work; }

// Keeps the name over a wait: made before it, Restore called behind it.
class KeptLoopWork {
 public:
  void Restore() const { SetLoopWork(work_); }

 private:
  const LoopWork work_ = CurrentLoopWork();
};

}  // namespace shakehook
