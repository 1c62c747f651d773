// RecordWriter creates, edits and deletes accounts and contacts: it reads the stored record, merges, checks, builds the
// change with its event, stores it, and starts over on a version conflict. The API's single and batch routes write
// through it; imports build their steps with the same ChangeBuilder (import_step.h) and store each with the import's
// progress (jobs/import_jobs.h).
//
// Ownership: store, builder and turns outlive it.
// Threads:   any loop; a call resumes on its caller's loop.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/loop.h"
#include "records/change_builder.h"
#include "records/edit_turns.h"
#include "records/work_room.h"
#include "records/write_refusal.h"
#include "store/store.h"
#include "trace/tracer.h"

namespace shakehook {

// Returns the path of an item's field in an error, such as "3.email"; "3" where the field is empty.
std::string PathOfItem(std::size_t item, std::string_view field);

// Returns the name of the turn to change one record.
EditTurns::Name TurnOf(ResourceKind kind, const VenueId& venue, const ResourceId& id);

// An account with more contacts cannot be deleted: one transaction could not remove all their references to it.
inline constexpr std::size_t kContactsFreedMax = 10'000;
// One transaction changes records of at most this many bytes together, as they were stored before.
inline constexpr std::size_t kStoredBytesMax = 32 * 1024 * 1024;

// The venue and the caller for whom records are written.
struct WriteTarget {
  Loop& loop;          // the caller's
  const Scope& scope;  // the caller's; it must cover the venue
  Asker asker;         // for whom the store reads
  VenueId venue;
  ResourceKind kind = ResourceKind::kAccount;
  WorkRoom room = {};             // for what several records take
  RequestTrace* trace = nullptr;  // null: not traced; else it outlives the call
};

struct WrittenRecord {
  ResourceId id;
  std::int64_t version = 0;
  std::string data;
};

// RecordPut is one item of PutMany.
struct RecordPut {
  ResourceId id;
  bool has_new_id = false;  // nobody can have used the id yet
  std::size_t bytes = 0;    // the size of the patch's text
};

class RecordWriter {
 public:
  // Tells whether the caller accepts the record's present version.
  using AcceptsVersion = std::function<bool(std::int64_t version)>;
  // Returns the response to keep of a change with this result (idempotency_record.h); nullopt: none.
  template <class Result>
  using Keeps = std::function<std::optional<IdempotencyRecordOf<Done>>(const Result& result)>;
  // Returns the patch of an item. A patch that is not kept in memory may be parsed into `room`.
  using PatchOf = std::function<Async<const Json*>(std::size_t item, Json& room)>;

  RecordWriter(Store& store, const ChangeBuilder& builder, EditTurns& turns)
      : store_(store), builder_(builder), turns_(turns) {}

  // Reads one record. kNoVenue and kMissing as for writing.
  Async<Written<StoredResource>> Find(const WriteTarget& target, const ResourceId& id);

  // Creates a record under `id`, unless that is taken.
  Async<Written<WrittenRecord>> Create(const WriteTarget& target, const ResourceId& id, const Json& patch,
                                       Keeps<WrittenRecord> keeps);
  // Merges `patch` into a record. Stores nothing where that changes nothing.
  Async<Written<WrittenRecord>> Edit(const WriteTarget& target, const ResourceId& id, const Json& patch,
                                     AcceptsVersion accepts);
  // Deletes a record. In the same transaction an account's contacts lose their reference to it, each by a
  // contact.updated.
  Async<Written<Done>> Delete(const WriteTarget& target, const ResourceId& id, AcceptsVersion accepts);
  // Creates or edits all items in one transaction, or none: the errors name each wrong item by its index ("3.email").
  // Precondition: no id occurs twice.
  Async<Written<std::vector<PutResult>>> PutMany(const WriteTarget& target, std::span<const RecordPut> items,
                                                 PatchOf patch_of, Keeps<std::vector<PutResult>> keeps);

 private:
  struct BuiltPuts {
    std::vector<PutResult> results;  // by item
    std::vector<ResourceChange> changes;
    std::vector<std::size_t> item_of;  // by change
  };

  // Stores the changes, as a part of the request's trace.
  Async<Stored<Done>> Apply(const WriteTarget& target, std::vector<ResourceChange> changes,
                            std::optional<IdempotencyRecordOf<Done>> response);
  Async<Stored<Done>> ApplyTraced(RequestTrace& trace, std::vector<ResourceChange> changes,
                                  std::optional<IdempotencyRecordOf<Done>> response);
  Written<RecordBasis> ReadBasis(const WriteTarget& target) const;
  // Returns the record, a deleted one too; nullopt if its id was never used.
  Async<Written<std::optional<StoredResource>>> Read(const WriteTarget& target, const ResourceId& id);
  Async<Written<std::vector<std::optional<StoredResource>>>> ReadItems(const WriteTarget& target,
                                                                       std::span<const RecordPut> items);
  Async<Written<BuiltPuts>> BuildPuts(const WriteTarget& target, const RecordBasis& basis,
                                      std::span<const RecordPut> items, const PatchOf& patch_of);
  Async<Written<std::vector<StoredResource>>> ReadContacts(const WriteTarget& target, const ResourceId& account);
  // Builds the changes that free an account's contacts of it.
  Async<Written<std::vector<ResourceChange>>> FreeContacts(const WriteTarget& target, ResourceId account);

  Store& store_;
  const ChangeBuilder& builder_;
  EditTurns& turns_;
};

}  // namespace shakehook
