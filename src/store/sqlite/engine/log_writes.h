// The VFS of the connection that writes: the system's own, except for the write-ahead log, whose writes are gathered
// and go out in pieces of 64 KiB. SQLite writes each frame in two pieces (24 and 4096 bytes), some 75 writes for a
// commit of 30 changes, and each costs a call into the file system.
//
// Safety: gathered bytes are written before the log is synced, read, measured or cut, so that this process's own view
// never differs from the file's. With synchronous=FULL SQLite shows a commit to other connections only after it has
// synced the log, by when all of it is in the file; with any other setting it does not, and this VFS must not be used.
// An error of the gathered write is reported by the sync, which fails the commit.
#pragma once

#include "base/time.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

// Registers the VFS and returns its name. Any thread.
const char* GatheredLogWrites();

// Returns how long this connection has waited for syncs of its log, in all; 0 where another VFS writes it.
Microseconds LogSyncTime(Connection& connection);

}  // namespace shakehook::sqlite
