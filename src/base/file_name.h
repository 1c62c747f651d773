// Giving a finished file its name, so that nobody ever finds half of one there: written beside, synced, then renamed.
//
// Errors: an errno; 0 is success.
// Threads: any.
#pragma once

#include <string>

#include "base/random.h"

namespace shakehook {

// Returns a name beside `path` for a file that is not finished.
std::string UnfinishedName(const std::string& path, Random& random);

// Syncs the file's content to the disk.
int SyncFile(const std::string& path);

// Gives `from` the name `to`, durably. Returns EEXIST if the name is taken; the file there is not overwritten.
// Some file systems lack calls for this: renameat2(RENAME_NOREPLACE) is missing on NFS, CIFS, exFAT and most of FUSE
// (EINVAL), hard links on CIFS, FAT, exFAT and some of FUSE (EPERM, EOPNOTSUPP, ENOSYS). Where both are missing,
// callers take turns by a file beside it, NAME.naming, check that the name is free, and rename; only there, a file that
// another program makes between the two is overwritten.
// If the process is killed, either a whole file or nothing new is under `to`; its NAME.naming delays the next call by
// two seconds. After an error there is nothing new under `to`.
int NameNew(const std::string& from, const std::string& to);
// The same, but it replaces a file that has the name.
int NameInPlaceOf(const std::string& from, const std::string& to);

// Tests with an empty file whether a file beside `path` can be made, synced and given a name, before much is written in
// vain. Returns 0, or the disk's error.
int TryNamingBeside(const std::string& path, Random& random);

}  // namespace shakehook
