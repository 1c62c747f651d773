// What a thread says of itself to the system.
#pragma once

namespace shakehook {

// What tools show of the calling thread (top -H, perf); 15 bytes at most.
void NameThread(const char* name);

// The calling thread takes only what the others leave: as soon as one of them has something to do, it is that one's
// turn. It still gets a small share where there is never anything left.
void YieldToOtherThreads();

// The calling thread is the one that the others wait for: where several want the processor it runs at once, in short
// turns (Linux 6.12 and newer), and before all others where the system lets it (root, CAP_SYS_NICE, LimitNICE).
void GoBeforeOtherThreads();

}  // namespace shakehook
