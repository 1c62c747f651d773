// The rules that a change of an account or a contact, and an announced event, must keep, whichever store writes it.
// Each Check is given what the store knows of the resource, as earlier changes of the same transaction left it.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "store/refusal.h"
#include "store/resource_change.h"

namespace shakehook {

// ResourceState is what a store knows of a resource.
struct ResourceState {
  std::int64_t version = 0;
  Timestamp last_timestamp;
  bool live = false;  // it has data: it was not deleted, nor only announced
};
// Tells whether another resource is there that a rule asks for.
enum class Presence : std::uint8_t { kAbsent, kPresent };

// `present`: the venue's revision; 0: there is no such venue.
Stored<Done> CheckRevision(std::uint64_t built_from, std::uint64_t present);

// `existing` absent: the resource never existed.
Stored<Done> CheckChange(const ResourceChange& change, const std::optional<ResourceState>& existing);

// The account that a contact names.
Stored<Done> CheckAccount(Presence account);

// A deletion: `contacts` that name the account, where it is one.
Stored<Done> CheckDeletion(const std::optional<ResourceState>& existing, Presence contacts);

Stored<Done> CheckAnnouncement(const Event& event, Switch must_follow, const std::optional<ResourceState>& existing);

}  // namespace shakehook
