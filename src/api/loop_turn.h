// Long work on a loop is cut into pieces, so that other requests get their turn in between.
#pragma once

#include "base/loop.h"

namespace shakehook {

// How many resources a handler builds before it lets others run: about a millisecond.
inline constexpr std::size_t kResourcesPerTurn = 128;

// Goes on after what waits on the loop has run. The calling coroutine runs on `loop`.
Async<> NextTurn(Loop& loop);

}  // namespace shakehook
