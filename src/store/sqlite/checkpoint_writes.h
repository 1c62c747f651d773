// The VFS of the thread that checkpoints: the system's own, but that the pages which are written to the database go to
// the disk a few at a time, each few waited for, and not all together when SQLite syncs the file. The log is synced a
// thousand times a second meanwhile, and each of these syncs waits for what the disk was given before: up to 6 ms for
// the thousand pages of a checkpoint, 0.5 ms for 64, less than 0.1 for 8. PostgreSQL does so too
// (checkpoint_flush_after).
//
// Safety: SQLite still syncs the file itself before the log begins anew. An error of the disk's that shows before is
//         the write's, so that SQLite takes nothing of that time over the log for moved.
#pragma once

#include "store/sqlite/sqlite.h"

namespace shakehook::sqlite {

// Registers the VFS and answers its name. Any thread.
const char* WrittenInPieces();

// By which descriptor the connection's database is written out; before, it is left to SQLite. See SecondDescriptor.
void WriteOutBy(Connection& connection, int descriptor);

}  // namespace shakehook::sqlite
