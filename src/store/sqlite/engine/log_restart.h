// The VFS of the connection that writes: it lets SQLite begin the write-ahead log again at its first frame (a restart)
// only while the connection holds the checkpoint lock.
//
// SQLite 3.7.0 to 3.51.2 lose commits where a restart happens between the moment in which a checkpoint reads the log's
// header and the moment in which it begins: it then works with the old log's length and marks frames of the new log as
// moved that never were (https://www.sqlite.org/wal.html, "the WAL-reset bug"). A checkpoint holds the checkpoint lock
// from before it reads the header until it is done, whichever connection, process or version of SQLite makes it. So
// with this VFS no checkpoint sees a restart: either the restart comes before the header is read, or it does not
// happen, and the commit goes to the end of the log as if a reader were in it.
//
// The locks are part of the file format: https://www.sqlite.org/walformat.html, 2.3. A restart is the only case in
// which a connection locks the read marks 1 to 4 at once without the checkpoint lock.
//
// Cost: two locks more for each restart, none for other commits.
#pragma once

#include "model/webhook.h"

namespace shakehook::sqlite {

// Registers the VFS and returns its name. `gathers_log_writes`: the VFS behind it is that of log_writes.h. Any thread.
const char* LockedRestarts(Switch gathers_log_writes);

}  // namespace shakehook::sqlite
