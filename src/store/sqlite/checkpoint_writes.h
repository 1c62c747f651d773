// The VFS of the thread that checkpoints: the system's own, but for the database file, which is synced each time
// that some of its pages were written, and not once, at the end, for all of them. The log is synced a thousand times a
// second meanwhile, and each of these waits for what the disk was given before: some 6 ms for a few thousand pages at
// once, less than 1 ms for 64.
//
// Safety: the database is synced more often than SQLite asks for, never less.
#pragma once

namespace shakehook::sqlite {

// Registers the VFS and answers its name. Any thread.
const char* SyncedInPieces();

}  // namespace shakehook::sqlite
