// What a thread says of itself to the system.
#pragma once

namespace shakehook {

// What tools show of the calling thread (top -H, perf); 15 bytes at most.
void NameThread(const char* name);

// The calling thread takes only what the others leave: as soon as one of them has something to do, it is that one's
// turn. It still gets a small share where there is never anything left.
void YieldToOtherThreads();

}  // namespace shakehook
