// Giving a finished file its name, so that nobody ever finds half of one there: written beside, synced, then renamed.
//
// Errors: an errno; 0 is success.
// Threads: any.
#pragma once

#include <string>

#include "base/random.h"

namespace shakehook {

// A name beside `path` for what is being written.
std::string UnfinishedName(const std::string& path, Random& random);

// Syncs the file's content to the disk.
int SyncFile(const std::string& path);

// Gives `from` the name `to`, durably; EEXIST where that is taken, which is never overwritten. What the file system
// lacks is done without: renameat2(RENAME_NOREPLACE) is missing on NFS, CIFS, exFAT and most of FUSE (EINVAL), hard
// links on CIFS, FAT, exFAT and some of FUSE (EPERM, EOPNOTSUPP, ENOSYS). Then those who call this take turns by a file
// beside it, NAME.naming, look whether the name is free, and rename; only there another program that takes the name
// between the two is overwritten. A process that is killed leaves nothing but a whole file under `to`; its NAME.naming
// holds the next one up for two seconds. After an error there is nothing new under `to`.
int NameNew(const std::string& from, const std::string& to);
// The same, in the place of what has that name.
int NameInPlaceOf(const std::string& from, const std::string& to);

// Tells whether a file beside `path` can be made, synced and given a name, found out with an empty one: before much is
// written for nothing. 0, or what the disk says against it.
int TryNamingBeside(const std::string& path, Random& random);

}  // namespace shakehook
