// `shakehook rotate-master-key`: everything that is encrypted at rest gets a new master key.
//
// Without a file for the new key, it takes the old one's place: it is made beside it under a name of its own
// (NAME.new), the database is changed in one transaction, then the file gets its name. Whatever ends it in between, the
// same command finishes it. The old key is kept: earlier backups need it.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/settings.h"
#include "cli/stop_signals.h"

namespace shakehook {

// `new_key_file`: where the new key is, or is made; it stays there, and the server's settings must name it. A signal
// before the database is changed ends the rotation; a later one does not. The error is one line for the operator.
std::expected<Done, std::string> RotateMasterKeyFile(const Settings& settings,
                                                     const std::optional<std::string>& new_key_file, Clock& clock,
                                                     StopSignals& signals);

// Returns a hint to add to the reason of a failed start where a rotation may be unfinished; empty otherwise.
std::string HintOfRotation(const std::string& key_path);

}  // namespace shakehook
