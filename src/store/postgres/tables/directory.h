// Directory keeps the ConfigCache of this process up to what the database has: it reads what was changed since the
// version that it knows, at the start all of it. What is not in the ConfigCache is here: the numbers of venues.
//
// Threads: the store's; the ConfigCache is read by all.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "base/secret_box.h"
#include "store/config_cache.h"
#include "store/config_texts.h"
#include "store/postgres/engine/connection.h"

namespace shakehook::postgres {

// The kinds of things that a row of configuration_removal names. The numbers are stored.
enum class RemovedKind : std::uint8_t {
  kVenuesGroup = 0,
  kVenue = 1,
  kCustomField = 2,
  kWebhook = 3,
  kApiKey = 4,
  kUser = 5,
  kInbox = 6,
};

class Directory {
 public:
  Directory(const SecretBox& box, Random& random) : secrets_(box, random) {}

  const ConfigCache& config_cache() const { return config_cache_; }
  ConfigCache& config_cache_to_change() { return config_cache_; }
  // Returns the version of the configuration that the ConfigCache has.
  std::int64_t version() const { return version_; }
  void SetVersion(std::int64_t version) { version_ = version; }

  // Returns the venue's number; nullopt if it does not exist.
  std::optional<std::int64_t> VenueNumber(const VenueId& id) const;
  void SetVenueNumber(const VenueId& id, std::int64_t number) { venue_numbers_[id] = number; }
  void RemoveVenue(const VenueId& id);

  // Reads what was changed after version(), up to `version`, in the transaction that read this. Throws PostgresError,
  // and std::runtime_error if a secret cannot be decrypted.
  Async<> Refresh(Connection& connection, std::int64_t version);

 private:
  void Remove(RemovedKind kind, const std::string& id);

  ConfigCache config_cache_;
  ConfigSecrets secrets_;
  std::int64_t version_ = 0;
  std::unordered_map<VenueId, std::int64_t> venue_numbers_;
};

}  // namespace shakehook::postgres
