#include "fill_with_people.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "model/resource.h"
#include "model/search_text.h"
#include "model/sort_name.h"
#include "people.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/tables/search_index.h"

namespace shakehook::bench {
namespace {

constexpr std::uint64_t kPeopleATransaction = 50'000;

[[noreturn]] void Give(const std::string& reason) {
  std::fprintf(stderr, "bench_store: %s\n", reason.c_str());
  std::exit(1);
}

Resource MakeContact(const Person& person, Timestamp now, Random& random) {
  Json patch{Json::Object()};
  for (const auto& [field, value] :
       std::initializer_list<std::pair<const char*, std::string>>{{"first_name", person.first_name},
                                                                  {"last_name", person.last_name},
                                                                  {"email", person.email},
                                                                  {"phone", person.phone},
                                                                  {"city", "Paris"}}) {
    patch.Add(field, value);
  }
  Resource contact(ResourceKind::kContact);
  contact.id = {Uuid::MakeV7(now, random).ToString()};
  contact.created_at = now;
  Merge(contact, patch, {});
  return contact;
}

std::string Lower(std::string_view email) {
  std::string lower(email);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

std::string DatabaseOf(const std::string& folder) { return folder + "/shakehook.db"; }

std::unique_ptr<sqlite::Connection> Open(const std::string& folder) {
  auto opened = sqlite::OpenDatabase(DatabaseOf(folder), Switch::kOff);
  if (!opened) Give(opened.error());
  return *std::move(opened);
}

std::vector<std::int64_t> FindVenues(sqlite::Connection& database, const PeopleFill& fill) {
  std::vector<std::int64_t> venues;
  sqlite::SelectOne<std::int64_t> find(database, "SELECT number FROM venue WHERE id = ?1");
  for (std::uint64_t i = 0; i < fill.venue_count; ++i) {
    const std::string id = fill.venue_prefix + std::to_string(i);
    const auto number = find.First(id);
    if (!number) Give("there is no venue " + id);
    venues.push_back(*number);
  }
  return venues;
}

}  // namespace

void FillWithPeople(const PeopleFill& fill) {
  const auto opened = Open(fill.folder);
  sqlite::Connection& database = *opened;
  database.Execute("PRAGMA cache_size = -1000000");  // the leaves of all venues' indexes
  const auto venues = FindVenues(database, fill);
  const std::int64_t behind = database.Integer("SELECT coalesce(max(number), 0) FROM resource");
  sqlite::Statement add(database,
                        "INSERT INTO resource (number, venue, kind, id, version, last_timestamp, last_event, data, "
                        "email, search, sort_name, created_at) VALUES (?1, ?2, ?3, ?4, 1, ?5, 0, ?6, ?7, ?8, ?9, ?5)");
  SystemClock clock;
  SecureRandom random;
  People people(random);
  for (std::uint64_t made = 0; made < fill.count;) {
    database.Execute("BEGIN IMMEDIATE");
    for (std::uint64_t i = 0; i < kPeopleATransaction && made < fill.count; ++i) {
      const Timestamp now = clock.Now();
      const Person person = people.Next();
      const Resource contact = MakeContact(person, now, random);
      const std::int64_t venue = venues[made % venues.size()];
      add.Run(behind + static_cast<std::int64_t>(++made), venue, ResourceKind::kContact, contact.id, UnixMs(now),
              ToData(contact), Lower(person.email), SearchTextOf(contact), SortNameOf(contact));
    }
    database.Execute("COMMIT");
    database.Execute("PRAGMA wal_checkpoint(PASSIVE)");
  }
}

void MakeSearchIndex(const std::string& folder) {
  const auto database = Open(folder);
  SecureRandom random;
  const auto index = sqlite::SearchIndex::Open(*database, DatabaseOf(folder), Switch::kOff, random);
  if (!index) Give("there is no index for searches");
  while (index->Step().more) {
  }
}

}  // namespace shakehook::bench
