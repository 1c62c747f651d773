// The VFS of the thread that checkpoints: the system's own, except that database pages are written to the disk a few at
// a time, each few waited for, and not all together when SQLite syncs the file. The log is synced a thousand times a
// second meanwhile, and each of these syncs waits for the writes that the disk got before: up to 6 ms for the thousand
// pages of a checkpoint, 0.5 ms for 64, less than 0.1 for 8. PostgreSQL does so too (checkpoint_flush_after).
//
// Safety: SQLite still syncs the file itself before the log starts over. An error of the disk that shows before then
//         fails the write, so that SQLite counts none of these pages as moved.
#pragma once

#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

// Registers the VFS and returns its name. Any thread.
const char* WrittenInPieces();

// Sets the descriptor by which the connection's database is written out; until then SQLite's sync does it. See
// SecondDescriptor.
void WriteOutBy(Connection& connection, int descriptor);

}  // namespace shakehook::sqlite
