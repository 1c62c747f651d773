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

// What was written to the file, on the disk.
int SyncFile(const std::string& path);
// Gives `from` the name `to`, durably; EEXIST where that is taken. Also where the file system knows no hard links or no
// such renaming.
int NameNew(const std::string& from, const std::string& to);
// The same, in the place of what has that name.
int NameInPlaceOf(const std::string& from, const std::string& to);

}  // namespace shakehook
