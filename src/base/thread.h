// A thread's name and its share of the processor.
#pragma once

namespace shakehook {

// Sets the name that tools show for the calling thread (top -H, perf); 15 bytes at most.
void NameThread(const char* name);

// Gives the calling thread only the processor time that other threads leave: it makes way as soon as one of them has
// work, and still gets a small share when they always have work.
void YieldToOtherThreads();
// The same, with next to nothing while there is nothing left: for work that nobody waits for.
void TakeOnlyIdleTime();

}  // namespace shakehook
