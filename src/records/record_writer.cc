#include "records/record_writer.h"

#include <utility>

#include "base/check.h"
#include "base/loop_turn.h"
#include "records/version_conflict.h"

namespace shakehook {
namespace {

// After this many errors the rest of the batch is not checked.
constexpr std::size_t kErrorsCountedMax = 10 * kErrorsToldMax;

bool IsStale(const Refusal& refusal) { return refusal.kind == Refusal::Kind::kVersionConflict; }

// The number that is read at once. In the worst case they have 13 MiB, which is known only after they were read.
constexpr std::size_t kRecordsPerRead = 200;

WriteRefusal FromNotRead(NotRead not_read) {
  if (!not_read.refusal) return {.kind = WriteRefusal::Kind::kNoRoom};
  return WriteRefusal::OfStore(*std::move(not_read.refusal));
}

// Tries a change until no version conflict comes in between; `attempt` is that of RetryOnVersionConflict.
template <class T, class Attempt>
Async<Written<T>> WriteUntilCurrent(Attempt attempt) {
  auto written = co_await RetryOnVersionConflict(std::move(attempt));
  if (!written) co_return std::unexpected(WriteRefusal::Conflict());
  co_return *std::move(written);
}

}  // namespace

std::string PathOfItem(std::size_t item, std::string_view field) {
  std::string path = std::to_string(item);
  if (!field.empty()) path += '.';
  path += field;
  return path;
}

EditTurns::Name TurnOf(ResourceKind kind, const VenueId& venue, const ResourceId& id) {
  return {NounOf(kind), venue.text, id.text};
}

Async<Stored<Done>> RecordWriter::Apply(const WriteTarget& target, std::vector<ResourceChange> changes,
                                        std::optional<IdempotencyRecordOf<Done>> response) {
  if (target.trace == nullptr) return store_.Apply(std::move(changes), std::move(response));
  return ApplyTraced(*target.trace, std::move(changes), std::move(response));
}

Async<Stored<Done>> RecordWriter::ApplyTraced(RequestTrace& trace, std::vector<ResourceChange> changes,
                                              std::optional<IdempotencyRecordOf<Done>> response) {
  std::vector<EventId> events;
  events.reserve(changes.size());
  for (const ResourceChange& change : changes) events.push_back(change.event->id);
  CommitSpan span(&trace, events);
  auto applied = co_await store_.Apply(std::move(changes), std::move(response));
  span.End(applied ? CommitSpan::Result::kStored : CommitSpan::Result::kRefused);
  co_return applied;
}

Written<RecordBasis> RecordWriter::ReadBasis(const WriteTarget& target) const {
  auto basis = RecordBasis::Read(store_.config_cache(), target.scope, target.venue, target.kind);
  if (!basis) return std::unexpected(WriteRefusal{.kind = WriteRefusal::Kind::kNoVenue});
  return *std::move(basis);
}

Async<Written<std::optional<StoredResource>>> RecordWriter::Read(const WriteTarget& target, const ResourceId& id) {
  std::vector<ResourceId> ids;
  ids.push_back(id);
  auto found = co_await store_.GetResources(target.venue, target.kind, std::move(ids), target.asker);
  if (!found) co_return std::unexpected(WriteRefusal::OfStore(std::move(found.error())));
  co_return std::move(found->front());
}

Async<Written<StoredResource>> RecordWriter::Find(const WriteTarget& target, const ResourceId& id) {
  if (!IsValidTextId(id.text)) co_return std::unexpected(WriteRefusal{.kind = WriteRefusal::Kind::kMissing});
  auto found = co_await Read(target, id);
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (!*found || (*found)->data.empty()) {
    co_return std::unexpected(WriteRefusal{.kind = WriteRefusal::Kind::kMissing});
  }
  co_return **std::move(found);
}

// A creation is tried without a read first, because its id is nearly always new.
Async<Written<WrittenRecord>> RecordWriter::Create(const WriteTarget& target, const ResourceId& id, const Json& patch,
                                                   Keeps<WrittenRecord> keeps) {
  std::optional<EditTurns::Turn> turn;
  std::optional<StoredResource> deleted;  // an earlier record of the same id
  const auto attempt = [&](int conflicts) -> Async<std::optional<Written<WrittenRecord>>> {
    if (conflicts > 0) {
      if (!turn) {
        auto taken = co_await turns_.Take(target.loop, TurnOf(target.kind, target.venue, id));
        if (!taken) co_return std::unexpected(WriteRefusal::NoTurn(taken.error()));
        turn.emplace(*std::move(taken));
      }
      auto found = co_await Read(target, id);
      if (!found) co_return std::unexpected(std::move(found.error()));
      deleted = *std::move(found);
      if (deleted && !deleted->data.empty()) {
        co_return std::unexpected(WriteRefusal{.kind = WriteRefusal::Kind::kExists});
      }
    }
    const auto basis = ReadBasis(target);
    if (!basis) co_return std::unexpected(basis.error());
    auto built = builder_.Put(*basis, id, patch, deleted ? &*deleted : nullptr);
    if (!built) co_return std::unexpected(WriteRefusal::Invalid(std::move(built.error())));
    WrittenRecord written{id, built->change.expected_version + 1, built->change.data};
    std::vector<ResourceChange> changes;
    changes.push_back(std::move(built->change));
    const auto applied = co_await Apply(target, std::move(changes), keeps(written));
    if (applied) co_return written;
    if (IsStale(applied.error())) co_return std::nullopt;
    co_return std::unexpected(WriteRefusal::OfChange(applied.error(), store_.config_cache(), target.venue));
  };
  co_return co_await WriteUntilCurrent<WrittenRecord>(attempt);
}

Async<Written<WrittenRecord>> RecordWriter::Edit(const WriteTarget& target, const ResourceId& id, const Json& patch,
                                                 AcceptsVersion accepts) {
  // A caller does not wait in the line of a venue that it may not see.
  if (auto basis = ReadBasis(target); !basis) co_return std::unexpected(std::move(basis.error()));
  const auto turn = co_await turns_.Take(target.loop, TurnOf(target.kind, target.venue, id));
  if (!turn) co_return std::unexpected(WriteRefusal::NoTurn(turn.error()));
  const auto attempt = [&](int) -> Async<std::optional<Written<WrittenRecord>>> {
    const auto basis = ReadBasis(target);
    if (!basis) co_return std::unexpected(basis.error());
    const auto stored = co_await Find(target, id);
    if (!stored) co_return std::unexpected(stored.error());
    if (!accepts(stored->version)) co_return std::unexpected(WriteRefusal{.kind = WriteRefusal::Kind::kVersion});
    auto built = builder_.Put(*basis, id, patch, &*stored);
    if (!built) co_return std::unexpected(WriteRefusal::Invalid(std::move(built.error())));
    WrittenRecord written{id, stored->version, built->change.data};
    if (built->result == PutResult::kUnchanged) co_return written;
    ++written.version;
    std::vector<ResourceChange> changes;
    changes.push_back(std::move(built->change));
    const auto applied = co_await Apply(target, std::move(changes), std::nullopt);
    if (applied) co_return written;
    if (IsStale(applied.error())) co_return std::nullopt;
    co_return std::unexpected(WriteRefusal::OfChange(applied.error(), store_.config_cache(), target.venue));
  };
  co_return co_await WriteUntilCurrent<WrittenRecord>(attempt);
}

Async<Written<std::vector<StoredResource>>> RecordWriter::ReadContacts(const WriteTarget& target,
                                                                       const ResourceId& account) {
  ResourceQuery query{.venue_id = target.venue,
                      .kind = ResourceKind::kContact,
                      .account_id = account.text,
                      .limit = kRecordsPerRead,
                      .asker = target.asker};
  std::vector<StoredResource> contacts;
  std::size_t bytes = 0;
  for (;;) {
    auto page = co_await ReadInRoom(
        target.room, bytes, [this, &query] { return store_.ListResources(ResourceQuery(query)); },
        [](const StoredResource& each) { return each.data.size(); });
    if (!page) co_return std::unexpected(FromNotRead(std::move(page.error())));
    const bool last = page->size() < kRecordsPerRead;
    for (StoredResource& contact : *page) contacts.push_back(std::move(contact));
    if (contacts.size() > kContactsFreedMax || bytes > kStoredBytesMax) {
      co_return std::unexpected(WriteRefusal{.kind = WriteRefusal::Kind::kTooManyContacts});
    }
    if (last) co_return contacts;
    query.after = contacts.back().id.text;
  }
}

Async<Written<std::vector<ResourceChange>>> RecordWriter::FreeContacts(const WriteTarget& target, ResourceId account) {
  const auto basis = RecordBasis::Read(store_.config_cache(), target.scope, target.venue, ResourceKind::kContact);
  if (!basis) co_return std::unexpected(WriteRefusal{.kind = WriteRefusal::Kind::kNoVenue});
  auto contacts = co_await ReadContacts(target, account);
  if (!contacts) co_return std::unexpected(std::move(contacts.error()));
  Json freed{Json::Object()};
  freed.Add("account_id", nullptr);
  std::vector<ResourceChange> changes;
  changes.reserve(contacts->size() + 1);
  TurnBudget budget;
  for (StoredResource& each : *contacts) {
    const StoredResource contact = std::move(each);  // its memory is free for what is made of the next
    if (budget.Spend(3 * contact.data.size())) co_await NextTurn(target.loop);
    auto built = builder_.Put(*basis, contact.id, freed, &contact);
    CHECK(built);
    changes.push_back(std::move(built->change));
  }
  co_return changes;
}

Async<Written<Done>> RecordWriter::Delete(const WriteTarget& target, const ResourceId& id, AcceptsVersion accepts) {
  // A caller does not wait in the line of a venue that it may not see.
  if (auto basis = ReadBasis(target); !basis) co_return std::unexpected(std::move(basis.error()));
  const auto turn = co_await turns_.Take(target.loop, TurnOf(target.kind, target.venue, id));
  if (!turn) co_return std::unexpected(WriteRefusal::NoTurn(turn.error()));
  // A caller with turns for an account takes those for its contacts after it.
  std::vector<EditTurns::Turn> turns_of_contacts;
  std::vector<EditTurns::Name> contacts;
  const auto attempt = [&](int) -> Async<std::optional<Written<Done>>> {
    if (!contacts.empty() && turns_of_contacts.empty()) {
      auto taken = co_await turns_.TakeAll(target.loop, std::move(contacts));
      if (!taken) co_return std::unexpected(WriteRefusal::NoTurn(taken.error()));
      turns_of_contacts = *std::move(taken);
    }
    const auto basis = ReadBasis(target);
    if (!basis) co_return std::unexpected(basis.error());
    const auto stored = co_await Find(target, id);
    if (!stored) co_return std::unexpected(stored.error());
    if (!accepts(stored->version)) co_return std::unexpected(WriteRefusal{.kind = WriteRefusal::Kind::kVersion});
    std::vector<ResourceChange> changes;
    if (target.kind == ResourceKind::kAccount) {
      auto freed = co_await FreeContacts(target, id);
      if (!freed) co_return std::unexpected(std::move(freed.error()));
      changes = *std::move(freed);
    }
    contacts.clear();
    for (const ResourceChange& change : changes) contacts.push_back(TurnOf(change.kind, target.venue, change.id));
    changes.push_back(builder_.Delete(*basis, *stored));
    const auto applied = co_await Apply(target, std::move(changes), std::nullopt);
    if (applied) co_return Done();
    if (IsStale(applied.error())) co_return std::nullopt;
    co_return std::unexpected(WriteRefusal::OfChange(applied.error(), store_.config_cache(), target.venue));
  };
  co_return co_await WriteUntilCurrent<Done>(attempt);
}

Async<Written<std::vector<std::optional<StoredResource>>>> RecordWriter::ReadItems(const WriteTarget& target,
                                                                                   std::span<const RecordPut> items) {
  std::vector<std::optional<StoredResource>> by_item(items.size());
  std::size_t bytes = 0;
  for (std::size_t next = 0; next < items.size();) {
    std::vector<ResourceId> ids;
    std::vector<std::size_t> item_of;
    for (; next < items.size() && ids.size() < kRecordsPerRead; ++next) {
      if (items[next].has_new_id) continue;
      ids.push_back(items[next].id);
      item_of.push_back(next);
    }
    if (ids.empty()) break;
    auto found = co_await ReadInRoom(
        target.room, bytes,
        [&] { return store_.GetResources(target.venue, target.kind, std::vector(ids), target.asker); },
        [](const std::optional<StoredResource>& each) { return each ? each->data.size() : 0; });
    if (!found) co_return std::unexpected(FromNotRead(std::move(found.error())));
    for (std::size_t i = 0; i < found->size(); ++i) by_item[item_of[i]] = std::move((*found)[i]);
    if (bytes > kStoredBytesMax) co_return std::unexpected(WriteRefusal{.kind = WriteRefusal::Kind::kTooLarge});
  }
  co_return by_item;
}

Async<Written<RecordWriter::BuiltPuts>> RecordWriter::BuildPuts(const WriteTarget& target, const RecordBasis& basis,
                                                                std::span<const RecordPut> items,
                                                                const PatchOf& patch_of) {
  auto stored = co_await ReadItems(target, items);
  if (!stored) co_return std::unexpected(std::move(stored.error()));
  BuiltPuts puts;
  std::vector<FieldError> errors;
  TurnBudget budget;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::optional<StoredResource> before = std::move((*stored)[i]);
    Json room;
    const Json* const patch = co_await patch_of(i, room);
    auto built = builder_.Put(basis, items[i].id, *patch, before ? &*before : nullptr);
    std::size_t worked = items[i].bytes + (before ? before->data.size() : 0);
    if (!built) {
      for (FieldError& error : built.error()) {
        const bool told = errors.size() < kErrorsToldMax;
        errors.push_back(told ? FieldError{PathOfItem(i, error.field), std::move(error.complaint)}
                              : FieldError::Untold());
      }
    } else {
      worked += 2 * built->change.data.size();
      puts.results.push_back(built->result);
      if (built->result != PutResult::kUnchanged) {
        puts.changes.push_back(std::move(built->change));
        puts.item_of.push_back(i);
      }
    }
    if (errors.size() > kErrorsCountedMax) break;
    if (budget.Spend(worked)) co_await NextTurn(target.loop);
  }
  if (!errors.empty()) co_return std::unexpected(WriteRefusal::Invalid(std::move(errors)));
  co_return puts;
}

Async<Written<std::vector<PutResult>>> RecordWriter::PutMany(const WriteTarget& target,
                                                             std::span<const RecordPut> items, PatchOf patch_of,
                                                             Keeps<std::vector<PutResult>> keeps) {
  std::vector<EditTurns::Turn> turns;
  const auto attempt = [&](int conflicts) -> Async<std::optional<Written<std::vector<PutResult>>>> {
    if (conflicts > 0 && turns.empty()) {
      std::vector<EditTurns::Name> names;
      for (const RecordPut& item : items) {
        if (!item.has_new_id) names.push_back(TurnOf(target.kind, target.venue, item.id));
      }
      auto taken = co_await turns_.TakeAll(target.loop, std::move(names));
      if (!taken) co_return std::unexpected(WriteRefusal::NoTurn(taken.error()));
      turns = *std::move(taken);
    }
    const auto basis = ReadBasis(target);
    if (!basis) co_return std::unexpected(basis.error());
    auto puts = co_await BuildPuts(target, *basis, items, patch_of);
    if (!puts) co_return std::unexpected(std::move(puts.error()));
    auto kept = keeps(puts->results);
    // A response that is to be kept is stored even if nothing changes.
    if (puts->changes.empty() && !kept) co_return std::move(puts->results);
    const auto applied = co_await Apply(target, std::move(puts->changes), std::move(kept));
    if (applied) co_return std::move(puts->results);
    const Refusal& refusal = applied.error();
    // If an id was taken since it was read, the record is edited now.
    if (IsStale(refusal) || refusal.kind == Refusal::Kind::kExists) co_return std::nullopt;
    const std::size_t item = refusal.index < puts->item_of.size() ? puts->item_of[refusal.index] : 0;
    co_return std::unexpected(
        WriteRefusal::OfChange(refusal, store_.config_cache(), target.venue, PathOfItem(item, "") + "."));
  };
  co_return co_await WriteUntilCurrent<std::vector<PutResult>>(attempt);
}

}  // namespace shakehook
