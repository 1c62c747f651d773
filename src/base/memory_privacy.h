// Keeps secrets in memory from being written to a disk.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace shakehook {

// From now on the system makes no core dump of this process, and no other process of the same user may look into its
// memory; root may (docs/operations.md). Not inherited over exec.
void ForbidCoreDumps();
// Undoes that, for an engineer who needs a core dump.
void AllowCoreDumps();

// Overwrites a text that is not needed any more, and empties it.
void Wipe(std::string& text);
void Wipe(std::array<std::uint8_t, 32>& key);

}  // namespace shakehook
