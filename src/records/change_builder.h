// ChangeBuilder builds the changes of accounts and contacts, each with its event, in their final bytes: the only place
// where a patch is merged into what is stored. It stores nothing (record_writer.h does).
//
// Ownership: clock and random outlive it.
// Threads:   any.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/shared_random.h"
#include "base/uuid.h"
#include "records/record_basis.h"
#include "store/store.h"

namespace shakehook {

enum class PutResult : std::uint8_t { kCreated, kUpdated, kUnchanged };
// "created", "updated" or "unchanged".
std::string_view ToString(PutResult result);

// A patch merged into a record.
struct BuiltPut {
  PutResult result = PutResult::kUnchanged;
  // With kUnchanged it must not be applied: it has the record's present data and version, and no event.
  ResourceChange change;
};

class ChangeBuilder {
 public:
  ChangeBuilder(Clock& clock, SharedRandom& random) : clock_(clock), random_(random) {}

  // Merges `patch` into the record stored under `id`. If there is none, or it was deleted, the record is created. The
  // errors name the fields that are wrong.
  std::expected<BuiltPut, std::vector<FieldError>> Put(const RecordBasis& basis, const ResourceId& id,
                                                       const Json& patch, const StoredResource* stored) const;
  // Precondition: `stored` is not deleted.
  ResourceChange Delete(const RecordBasis& basis, const StoredResource& stored) const;

  Uuid NewUuid() const { return Uuid::MakeV7(clock_.Now(), random_); }
  Timestamp Now() const { return clock_.Now(); }

 private:
  SharedEvent MakeEvent(const RecordBasis& basis, const ResourceId& id, Verb verb, Timestamp timestamp,
                        std::string_view data) const;

  Clock& clock_;
  SharedRandom& random_;
};

}  // namespace shakehook
