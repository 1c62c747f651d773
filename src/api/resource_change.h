// ResourceBasis is what a resource's data and its event are built from: the venue and the custom fields that its
// accounts or contacts may carry, as they stood at one revision. The store takes a change only while that revision
// stands (else it refuses it as stale).
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "api/api_services.h"
#include "api/problem.h"
#include "model/payload.h"

namespace shakehook {

// How often a change is built anew when what it was built from has changed meanwhile: so many edits of one thing may be
// under way at once without one of them being refused.
inline constexpr int kChangeAttemptsMax = 64;

struct ResourceBasis {
  std::uint64_t revision = 0;
  SharedVenue venue;
  ResourceKind kind = ResourceKind::kAccount;
  std::vector<SharedCustomField> fields;

  // The problem: 404, where the key does not see the venue.
  static std::expected<ResourceBasis, Problem> Read(const Directory& directory, const ApiKey& key,
                                                    const std::string& venue_id, ResourceKind kind);

  Resource Parse(std::string_view data) const { return FromData(kind, data, fields); }
  // What was stored, without the values of custom fields that are gone.
  std::string CurrentData(std::string data) const;
};

// "account" or "contact"; "accounts" or "contacts".
std::string_view NounOf(ResourceKind kind);
std::string_view CollectionOf(ResourceKind kind);

// What a change is built from, beside its basis.
struct ChangeOrigin {
  std::int64_t expected_version = 0;
  Timestamp timestamp;
};

// The change that makes or edits a resource, with its event.
ResourceChange BuildPut(ApiServices& services, const ResourceBasis& basis, const Resource& resource, Verb verb,
                        const ChangeOrigin& origin);
// The change that deletes one, with its event.
ResourceChange BuildDelete(ApiServices& services, const ResourceBasis& basis, const ResourceId& id,
                           const ChangeOrigin& origin);

// What a refused change of a resource means to the caller; kStale and kExists are the caller's to try again first.
Problem FromChangeRefusal(const Refusal& refusal, const ResourceBasis& basis, const Directory& directory,
                          std::string_view field_path);

}  // namespace shakehook
