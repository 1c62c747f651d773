#include "store/postgres/tables/resource_rows.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct LockedColumns
    : Columns<Column<"r.venue", std::int64_t>, Column<"r.kind", ResourceKind>, Column<"r.id", ResourceId>,
              Column<"r.number", ResourceNumber>, Column<"r.version", std::int64_t>,
              Column<"r.last_timestamp", Timestamp>, Column<"r.last_event", Position>, Column<"r.live", bool>,
              Column<"r.account_id", std::optional<std::string>>> {};
struct ContactColumns
    : Columns<Column<"a.venue", std::int64_t>, Column<"a.id", ResourceId>, Column<"c.contacts", std::int64_t>> {};

// The keys of resources, column by column.
struct KeyArrays {
  explicit KeyArrays(const std::set<ResourceKey>& keys) {
    for (const ResourceKey& key : keys) {
      venues.Add(key.venue);
      kinds.Add(key.kind);
      ids.Add(key.id);
    }
  }
  ArrayOf<std::int64_t> venues;
  ArrayOf<ResourceKind> kinds;
  ArrayOf<ResourceId> ids;
};

Select<LockedColumns> LockOf(std::string_view strength) {
  return Select<LockedColumns>(
      "FROM unnest($2::int8[], $3::int8[], $4::text[]) AS w (venue, kind, id) CROSS JOIN LATERAL"
      " (SELECT venue, kind, id, number, version, last_timestamp, last_event, data IS NOT NULL AS live, account_id"
      " FROM resource WHERE tenant = $1 AND venue = w.venue AND kind = w.kind AND id = w.id FOR " +
      std::string(strength) + ") r");
}

// PostgreSQL's texts hold no NUL.
std::string WithoutNul(std::string text) {
  std::ranges::replace(text, '\0', ' ');
  return text;
}

std::optional<std::string> OrNull(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

// The columns that WriteResources writes.
class ContentArrays {
 public:
  void Add(const ResourceKey& key, const ResourceRow& row) {
    const ResourceChange* const content = row.content;
    venues_.Add(key.venue);
    kinds_.Add(key.kind);
    ids_.Add(key.id);
    numbers_.Add(row.number);
    versions_.Add(row.state.version);
    timestamps_.Add(row.state.last_timestamp);
    last_events_.Add(row.last_event.value_or(Position()));
    using Text = std::optional<std::string>;
    data_.Add(content ? Text(content->data) : Text());
    emails_.Add(content ? OrNull(LowerAscii(content->email)) : Text());
    accounts_.Add(content ? OrNull(content->account_id) : Text());
    searches_.Add(content ? Text(WithoutNul(content->search)) : Text());
    names_.Add(content ? Text(WithoutNul(content->name)) : Text());
    created_at_.Add(content ? std::optional(content->created_at) : std::nullopt);
  }
  std::size_t size() const { return ids_.size(); }
  BoundStatement BindTo(const Statement& statement) const {
    return statement.With(kTenant, venues_, kinds_, ids_, numbers_, versions_, timestamps_, last_events_, data_,
                          emails_, accounts_, searches_, names_, created_at_);
  }

 private:
  ArrayOf<std::int64_t> venues_;
  ArrayOf<ResourceKind> kinds_;
  ArrayOf<ResourceId> ids_;
  ArrayOf<ResourceNumber> numbers_;
  ArrayOf<std::int64_t> versions_;
  ArrayOf<Timestamp> timestamps_;
  ArrayOf<Position> last_events_;
  ArrayOf<std::optional<std::string>> data_, emails_, accounts_, searches_, names_;
  ArrayOf<std::optional<Timestamp>> created_at_;
};

constexpr std::string_view kContents =
    "unnest($2::int8[], $3::int8[], $4::text[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::text[],"
    " $10::text[], $11::text[], $12::text[], $13::text[], $14::int8[])"
    " AS u (venue, kind, id, number, version, last_timestamp, last_event, data, email, account_id, search, sort_name,"
    " created_at)";

}  // namespace

// All locks are taken in the order of the keys, accounts that are only named first; nodes that meet in another order
// are told apart by PostgreSQL, and the group runs again.
Async<ResourceRows> LockResources(NamedResources named, Connection& connection) {
  for (const ResourceKey& key : named.deleted_accounts) named.changed.erase(key);
  for (const ResourceKey& key : named.changed) named.named_accounts.erase(key);
  for (const ResourceKey& key : named.deleted_accounts) named.named_accounts.erase(key);
  Pipeline pipeline;
  std::vector<RowsPlace<LockedColumns>> places;
  const auto lock = [&](const std::set<ResourceKey>& keys, std::string_view strength) {
    if (keys.empty()) return;
    const KeyArrays arrays(keys);
    places.push_back(pipeline.Add(LockOf(strength).With(kTenant, arrays.venues, arrays.kinds, arrays.ids)));
  };
  lock(named.named_accounts, "KEY SHARE");
  lock(named.deleted_accounts, "UPDATE");
  lock(named.changed, "NO KEY UPDATE");
  Results results = co_await connection.Run(std::move(pipeline));
  ResourceRows rows;
  for (const auto place : places) {
    const auto locked = results.Take(place);
    for (const auto row : locked) {
      rows[{row.Get<"venue">(), row.Get<"kind">(), row.Get<"id">()}] = {
          .number = row.Get<"number">(),
          .state = {.version = row.Get<"version">(),
                    .last_timestamp = row.Get<"last_timestamp">(),
                    .live = row.Get<"live">()},
          .last_event = row.Get<"last_event">(),
          .account_id = row.Get<"account_id">().value_or("")};
    }
  }
  co_return rows;
}

Async<std::map<ResourceKey, std::int64_t>> CountContactsOf(std::set<ResourceKey> accounts, Connection& connection) {
  std::map<ResourceKey, std::int64_t> contacts;
  if (accounts.empty()) co_return contacts;
  const KeyArrays arrays(accounts);
  const auto rows = co_await connection.Run(
      Select<ContactColumns>("FROM unnest($2::int8[], $3::text[]) AS a (venue, id) CROSS JOIN LATERAL"
                             " (SELECT count(*) AS contacts FROM resource WHERE tenant = $1 AND venue = a.venue"
                             " AND account_id = a.id) c")
          .With(kTenant, arrays.venues, arrays.ids));
  for (const auto row : rows) {
    contacts[{row.Get<"venue">(), ResourceKind::kAccount, row.Get<"id">()}] = row.Get<"contacts">();
  }
  co_return contacts;
}

void WriteResources(const ResourceRows& rows, Transaction& transaction) {
  ContentArrays inserted, replaced, announced;
  for (const auto& [key, row] : rows) {
    if (row.write == ResourceRow::Write::kInsert) inserted.Add(key, row);
    if (row.write == ResourceRow::Write::kContent) replaced.Add(key, row);
    if (row.write == ResourceRow::Write::kAnnounce) announced.Add(key, row);
  }
  const std::string contents(kContents);
  if (inserted.size() > 0) {
    const Statement insert(
        "INSERT INTO resource (tenant, venue, kind, id, number, version, last_timestamp, last_event, data, email,"
        " account_id, search, sort_name, created_at) SELECT $1, u.venue, u.kind, u.id, u.number, u.version,"
        " u.last_timestamp, u.last_event, u.data, u.email, u.account_id, u.search, u.sort_name, u.created_at FROM " +
        contents);
    transaction.writes.Add(inserted.BindTo(insert));
  }
  if (replaced.size() > 0) {
    const Statement replace(
        "UPDATE resource AS r SET version = u.version, last_timestamp = u.last_timestamp, last_event = u.last_event,"
        " data = u.data, email = u.email, account_id = u.account_id, search = u.search, sort_name = u.sort_name,"
        " created_at = u.created_at FROM " +
        contents + " WHERE r.tenant = $1 AND r.venue = u.venue AND r.kind = u.kind AND r.id = u.id");
    transaction.writes.Add(replaced.BindTo(replace));
  }
  if (announced.size() > 0) {
    const Statement announce(
        "UPDATE resource AS r SET last_timestamp = u.last_timestamp, last_event = u.last_event FROM " + contents +
        " WHERE r.tenant = $1 AND r.venue = u.venue AND r.kind = u.kind AND r.id = u.id");
    transaction.writes.Add(announced.BindTo(announce));
  }
}

}  // namespace shakehook::postgres
