// The memory reserve is address space that is kept free for work that nobody could refuse: accepting and closing
// connections, telling the loops of commits, recording results. When the system gives the process no more memory, an
// allocation of such work takes a piece of the reserve and goes on.
//
// Work for which one caller can be refused (a request, a read) gets std::bad_alloc at once; its caller answers 503.
// While the reserve is short, callers of MemoryIsShort begin nothing new.
//
// It costs no memory until it is used: its pages are not touched. SQLite, OpenSSL and c-ares do not take from it; each
// of them tells that it has no memory.
//
// Threads: any.
#pragma once

#include "base/loop_work.h"

namespace shakehook {

// Makes the reserve, and has operator new and Asio take from it. Once, at start-up.
void KeepMemoryReserve();

// Tells whether less than half of the reserve is left and a piece of it was taken within the last second.
bool MemoryIsShort();

// Puts back what was taken, as far as the system gives memory again. Cheap where nothing was taken.
void RefillMemoryReserve();

// While one exists, the calling thread's work may be refused: a failed allocation throws std::bad_alloc. The work of a
// request on a loop (base/loop_work.h) needs none.
class RefusableWork {
 public:
  RefusableWork();
  ~RefusableWork();
  RefusableWork(const RefusableWork&) = delete;
  RefusableWork& operator=(const RefusableWork&) = delete;
};

// The opposite, within the work of a request: what must not fail halfway, and destructors that allocate.
class UnrefusableWork {
 public:
  UnrefusableWork();
  ~UnrefusableWork();
  UnrefusableWork(const UnrefusableWork&) = delete;
  UnrefusableWork& operator=(const UnrefusableWork&) = delete;

 private:
  const LoopWork work_;
  const int refusable_works_;
};

}  // namespace shakehook
