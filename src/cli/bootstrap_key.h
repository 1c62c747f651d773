// The bootstrap key: the admin API key with which an operator gets in. It is an API key like others, under an id of its
// own, so that a new one replaces the one before.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/random.h"
#include "cli/settings.h"
#include "store/store.h"

namespace shakehook {

struct BootstrapKey {
  enum class Origin : std::uint8_t {
    kGiven,   // by a setting: never shown, and only its hash is stored
    kFile,    // made at an earlier start
    kMade,    // just now: shown this once
    kStored,  // known to the store alone
  };
  Origin origin = Origin::kGiven;
  std::string key;   // empty with kStored
  std::string file;  // its path, with kFile and kMade
};

// Finds the key that the settings give, else the file beside the database, else leaves the store's, else makes one with
// its file. The error is one line for the operator.
std::expected<BootstrapKey, std::string> FindBootstrapKey(const Settings& settings, const ConfigCache& config_cache,
                                                          Random& random);

// Stores it as the bootstrap key, in place of the one before.
Async<std::expected<Done, std::string>> SaveBootstrapKey(Store& store, BootstrapKey key, Timestamp now);

}  // namespace shakehook
