// Tells whether the other side of a connection is still there.
#pragma once

#include "base/time.h"

namespace shakehook {

// While a request is worked on for longer than this, its connection is checked at this interval.
inline constexpr Milliseconds kHangUpCheck{250};

// Tells whether the client hung up, or closed its sending side, even if bytes that it sent before are unread.
bool HasHungUp(int socket);

}  // namespace shakehook
