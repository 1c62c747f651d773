#include "store/sqlite/resource_reads.h"

namespace shakehook::sqlite {
namespace {

#define SHAKEHOOK_RESOURCE "SELECT id, version, last_timestamp, data, search FROM resource "

StoredResource ReadRow(const Execution& row) {
  return {.id = {std::string(row.Text(0))},
          .version = row.Integer(1),
          .last_timestamp = row.Time(2),
          .data = std::string(row.Text(3))};
}

std::string LowerAscii(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

ResourceReads::ResourceReads(Connection& connection)
    : venue_number_(connection, "SELECT number FROM venue WHERE id = ?1 AND deleted = 0"),
      one_(connection, SHAKEHOOK_RESOURCE "WHERE venue = ?1 AND kind = ?2 AND id = ?3"),
      page_(connection,
            SHAKEHOOK_RESOURCE "WHERE venue = ?1 AND kind = ?2 AND id > ?3 AND data IS NOT NULL ORDER BY id"),
      page_by_email_(connection,
                     SHAKEHOOK_RESOURCE "WHERE venue = ?1 AND kind = ?2 AND id > ?3 AND email = ?4 ORDER BY id"),
      page_by_account_(connection,
                       SHAKEHOOK_RESOURCE "WHERE venue = ?1 AND kind = ?2 AND id > ?3 AND account_id = ?4 ORDER BY id"),
      contacts_(connection, SHAKEHOOK_RESOURCE "WHERE venue = ?1 AND account_id = ?2 ORDER BY id LIMIT ?3") {}

std::optional<std::int64_t> ResourceReads::VenueNumber(const VenueId& venue) {
  auto row = venue_number_.With(venue);
  if (!row.Step()) return std::nullopt;
  return row.Integer(0);
}

std::vector<std::optional<StoredResource>> ResourceReads::Get(const VenueId& venue, ResourceKind kind,
                                                              const std::vector<ResourceId>& ids) {
  std::vector<std::optional<StoredResource>> resources(ids.size());
  const auto number = VenueNumber(venue);
  if (!number) return resources;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto row = one_.With(*number, kind, ids[i]);
    if (row.Step()) resources[i] = ReadRow(row);
  }
  return resources;
}

std::vector<StoredResource> ResourceReads::List(const ResourceQuery& query) {
  std::vector<StoredResource> page;
  const auto number = VenueNumber(query.venue_id);
  if (!number) return page;
  const std::string email = LowerAscii(query.email);
  const std::string search = LowerAscii(query.search);
  // The more selective index first; the rest is compared row by row.
  const auto collect = [&](Execution&& row) {
    while (page.size() < query.limit && row.Step()) {
      if (!search.empty() && row.Text(4).find(search) == std::string_view::npos) continue;
      page.push_back(ReadRow(row));
    }
  };
  if (!email.empty() && !query.account_id.empty()) {
    Statement both(page_.connection(), SHAKEHOOK_RESOURCE
                   "WHERE venue = ?1 AND kind = ?2 AND id > ?3 AND email = ?4 AND account_id = ?5 ORDER BY id");
    collect(both.With(*number, query.kind, query.after, email, query.account_id));
  } else if (!email.empty()) {
    collect(page_by_email_.With(*number, query.kind, query.after, email));
  } else if (!query.account_id.empty()) {
    collect(page_by_account_.With(*number, query.kind, query.after, query.account_id));
  } else {
    collect(page_.With(*number, query.kind, query.after));
  }
  return page;
}

std::vector<StoredResource> ResourceReads::ContactsOf(const VenueId& venue, const ResourceId& account,
                                                      std::size_t limit) {
  std::vector<StoredResource> contacts;
  const auto number = VenueNumber(venue);
  if (!number) return contacts;
  for (auto row = contacts_.With(*number, account, limit); row.Step();) contacts.push_back(ReadRow(row));
  return contacts;
}

}  // namespace shakehook::sqlite
