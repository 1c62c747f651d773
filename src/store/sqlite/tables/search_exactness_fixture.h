// Records that are alike, changed at random, and searches of them that are read in a given way; for the tests that hold
// what the index finds against a walk through the records.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/random.h"
#include "model/search_grams.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/tables/search_changes.h"
#include "store/sqlite/tables/search_index.h"
#include "store/sqlite/tables/stored_delivery_ids.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {

struct RandomRecordColumns : Columns<Column<"number", ResourceNumber>, Column<"data IS NULL AS deleted", bool>,
                                     Column<"search", std::string>, Column<"sort_name", std::string>> {};

// Accounts and contacts as EventRows writes them, with few letters, so that much is alike.
class RandomRecords {
 public:
  static constexpr int kVenues = 40;
  static constexpr int kIdsOfVenue = 25;
  static constexpr std::uint64_t kRareOneOf = 200;

  RandomRecords(Connection& writer, Random& random)
      : writer_(writer),
        random_(random),
        changes_(writer),
        find_(writer, "FROM resource WHERE venue = ?1 AND kind = ?2 AND id = ?3"),
        add_(writer,
             "INSERT INTO resource (number, venue, kind, id, version, last_timestamp, last_event, data, email, search, "
             "sort_name, created_at) VALUES (?1, ?2, ?3, ?4, 1, ?5, 1, '{}', ?6, ?7, ?8, ?9)"),
        replace_(writer,
                 "UPDATE resource SET last_timestamp = ?2, data = ?3, email = ?4, search = ?5, sort_name = ?6, "
                 "created_at = coalesce(created_at, ?7) WHERE number = ?1"),
        remove_(writer,
                "UPDATE resource SET last_timestamp = ?2, data = NULL, email = NULL, search = NULL, sort_name = NULL, "
                "created_at = NULL WHERE number = ?1") {
    writer.Execute("BEGIN");
    Statement venue(
        writer, "INSERT INTO venue (number, id, name, created_at, updated_at, version) VALUES (?1, ?2, '', 0, 0, 1)");
    for (int i = 1; i <= kVenues; ++i) venue.Run(NumberOf(i), NameOf(i));
    writer.Execute("COMMIT");
  }

  static std::string NameOf(int venue) { return "v" + std::to_string(venue); }
  // With gaps of all sizes.
  static std::int64_t NumberOf(int venue) { return std::int64_t{venue} * venue; }

  std::string Text(int syllables) {
    static const std::vector<std::string> all = {"ma", "ri", "an", "no", "l", " ", "06", "12", "@", "王", "明", "я"};
    std::string text;
    for (int i = 0; i < syllables; ++i) text += all[random_.Below(all.size())];
    return text;
  }

  // Adds a contact of the first venue.
  void Add(const std::string& name, const std::string& text) {
    ++last_;
    add_.Run(last_, NumberOf(1), ResourceKind::kContact, "a" + std::to_string(last_), last_,
             std::optional<std::string>(), text, name, last_);
  }

  void ChangeOne() {
    const std::int64_t venue = NumberOf(1 + static_cast<int>(random_.Below(kVenues)));
    const auto kind = random_.Below(4) == 0 ? ResourceKind::kAccount : ResourceKind::kContact;
    const std::string id = "i" + std::to_string(random_.Below(kIdsOfVenue));
    const auto email = kind == ResourceKind::kContact && random_.Below(3) != 0 ? std::optional(Text(2)) : std::nullopt;
    const std::string text = Text(4) + " " + id + (random_.Below(kRareOneOf) == 0 ? " kq" : "");
    const std::string name = Text(random_.Below(4) == 0 ? 8 : 2);
    const auto time = static_cast<std::int64_t>(random_.Below(50));
    auto row = find_.With(venue, kind, id);
    if (!row.Step()) {
      add_.Run(++last_, venue, kind, id, time, email, text, name, time);
      return;
    }
    const auto number = row.Get<"number">();
    const auto deleted = row.Get<"deleted">();
    const auto before = row.Get<"search">();
    const auto name_before = row.Get<"sort_name">();
    if (!deleted && random_.Below(3) == 0) {
      changes_.Note(number, venue, kind, name_before, before);
      remove_.Run(number, time);
      return;
    }
    if (deleted) {
      changes_.NoteOfNothing(number, venue, kind);
    } else if (before != text || name_before != name) {
      changes_.Note(number, venue, kind, name_before, before);
    }
    replace_.Run(number, time, "{}", email, text, name, time);
  }

  // Forgets the changes that the index knows, as the indexer does.
  void Forget(std::int64_t sequence) {
    Statement(writer_, "DELETE FROM search_change WHERE sequence <= ?1").Run(sequence);
    Statement(writer_, "UPDATE search_index SET forgotten = ?1").Run(sequence);
  }

 private:
  Connection& writer_;
  Random& random_;
  SearchChanges changes_;
  Select<RandomRecordColumns> find_;
  Statement add_, replace_, remove_;
  std::int64_t last_ = 0;
};

class SearchExactness : public testing::TestWithParam<std::uint64_t> {
 protected:
  SearchExactness()
      : random_(GetParam()),
        writer_(OpenWithKey()),
        index_(SearchIndex::Open(*writer_, path_, Switch::kOff, random_)),
        records_(*writer_, random_),
        session_(std::make_unique<ReadSession>(path_)) {}

  // The parts of a ReadSession.
  std::unique_ptr<Connection> OpenWithKey() {
    auto connection = *OpenDatabase(path_, Switch::kOff);
    StoredDeliveryIds::MakeKey(*connection, random_);
    return connection;
  }

  enum class By { kList, kIndex, kNames, kBeginning, kParts };

  std::vector<std::string> Sorted(By by, SortedResourceQuery query) {
    std::vector<std::string> all;
    for (;;) {
      SortedResourceListing listing{.query = query};
      Prepare(by, listing);
      session_->search_candidates.SetWalkedASlice(walked_a_slice_);
      Run(session_->sorted_resources, listing);
      Check(by, listing, query.search);
      for (const SortedResource& each : listing.page) {
        all.push_back(each.place.venue_id.text + "/" + each.place.id.text);
      }
      if (listing.page.size() < query.limit) return all;
      query.after = listing.page.back().place;
    }
  }
  std::vector<std::string> ById(By by, ResourceQuery query) {
    std::vector<std::string> all;
    for (;;) {
      ResourceListing listing{.query = query};
      Prepare(by, listing);
      Run(session_->resources, listing);
      Check(by, listing, query.search);
      for (const StoredResource& each : listing.page) all.push_back(each.id.text);
      if (listing.page.size() < query.limit) return all;
      query.after = listing.page.back().id.text;
    }
  }

  template <class Listing>
  void Prepare(By by, Listing& listing) {
    if (by == By::kIndex) {
      listing.by_index.turns.IndexHasTurn();  // the first turn is the list's
    } else if (by != By::kBeginning && by != By::kParts) {
      listing.by_index.turns.IndexIsUseless();
    }
    if constexpr (requires { listing.by_names; }) {
      listing.by_names.ended = by == By::kList;
      if (by == By::kBeginning || by == By::kParts) {
        listing.by_names.a_read = 4;
        listing.by_names.many_rows = 0;
        listing.by_names.times_rows = random_.Below(3) == 0 ? 0.5 : 1'000;
        listing.by_index.a_read = 1;
      }
      if (by == By::kParts) {
        listing.by_names.rest_max = 0;
        listing.by_names.part_max = random_.Below(3);
        listing.by_names.walked_first = random_.Below(3);
        listing.by_names.long_part_max = random_.Below(3);
        listing.by_names.longest_part_max = random_.Below(6);
      }
      if (change_) change_(listing.by_names);
    }
  }
  template <class Reads, class Listing>
  void Run(Reads& reads, Listing& listing) {
    for (auto progress = Progress::kGoesOn; progress == Progress::kGoesOn;) {
      session_->begin.Run();
      progress = reads.Continue(listing);
      session_->commit.Run();
    }
  }
  template <class Listing>
  void Check(By by, const Listing& listing, const SearchQuery& search) {
    if constexpr (requires { listing.by_names; }) {
      if (by == By::kNames && !listing.by_names.ended) EXPECT_TRUE(listing.by_names.scan);
      if (by == By::kNames && listing.by_names.ended) ++walks_given_up_;
      longest_walk_ = std::max(longest_walk_, listing.by_names.looked_at);
      if (!listing.by_names.beginning.empty()) ++by_beginnings_;
      if (listing.by_names.part_behind) ++in_parts_;
      if (listing.by_index.scan && !listing.by_index.scan->slices.empty()) ++in_slices_;
      crowded_ += listing.by_names.crowded.size();
      if (listing.by_names.crowded.size() > 1) ++walked_deep_;
    }
    if (by == By::kBeginning || by == By::kParts) return;
    const bool scanned = listing.by_index.scan.has_value();
    const bool has_grams = std::ranges::any_of(search.terms(), [](const SearchQuery::Term& term) {
      return std::ranges::none_of(term, [](const std::string& part) { return SearchGramsOf(part).empty(); });
    });
    if (by != By::kIndex || search.empty()) {
      EXPECT_FALSE(scanned);
    } else if (has_grams) {
      EXPECT_TRUE(scanned);
    } else if (scanned) {
      ++short_words_;
    }
  }

  void CompareAll() {
    const std::vector<std::string> texts = {"i1" + std::to_string(random_.Below(10)), "kq", "q",
                                            records_.Text(1) + " " + records_.Text(2), records_.Text(3)};
    const std::string text = texts[std::min<std::size_t>(random_.Below(12), texts.size() - 1)];
    CompareAll(random_.Below(8) == 0 ? "" : text);
  }
  void CompareAll(const std::string& text) {
    const SearchQuery search(text);
    std::vector<VenueId> venues;
    const std::uint64_t of_ten = 1 + random_.Below(10);
    for (int i = 1; i <= RandomRecords::kVenues; ++i) {
      if (random_.Below(10) < of_ten) venues.push_back({RandomRecords::NameOf(i)});
    }
    const auto kind = random_.Below(3) == 0 ? ResourceKind::kAccount : ResourceKind::kContact;
    const std::size_t limit = 1 + random_.Below(20);
    const auto beginnings = random_.Below(2) == 0 ? SortDirection::kAscending : SortDirection::kDescending;
    const bool by_beginnings = random_.Below(2) == 0;
    walked_a_slice_ = random_.Below(2) == 0 ? 10 : SearchCandidates::kWalkedASlice;
    for (const auto sort :
         {ResourceSort::kName, ResourceSort::kCreatedAt, ResourceSort::kUpdatedAt, ResourceSort::kEmail}) {
      for (const auto direction : {SortDirection::kAscending, SortDirection::kDescending}) {
        SCOPED_TRACE("\"" + text + "\" sort " + std::to_string(static_cast<int>(sort)));
        const SortedResourceQuery query{
            .venues = venues, .kind = kind, .search = search, .sort = sort, .direction = direction, .limit = limit};
        const auto expected = Sorted(By::kList, query);
        found_ += expected.size();
        ASSERT_EQ(Sorted(By::kIndex, query), expected);
        if (sort == ResourceSort::kName) {
          ASSERT_EQ(Sorted(By::kNames, query), expected);
          if (by_beginnings && direction == beginnings) {
            ASSERT_EQ(Sorted(By::kBeginning, query), expected);
            ASSERT_EQ(Sorted(By::kParts, query), expected);
          }
        }
      }
    }
    const ResourceQuery query{
        .venue_id = {RandomRecords::NameOf(1 + static_cast<int>(random_.Below(RandomRecords::kVenues)))},
        .kind = kind,
        .search = search,
        .limit = limit};
    ASSERT_EQ(ById(By::kIndex, query), ById(By::kList, query)) << text;
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.File("exact.db");
  SeededRandom random_;
  std::unique_ptr<Connection> writer_;
  std::unique_ptr<SearchIndex> index_;
  RandomRecords records_;
  std::unique_ptr<ReadSession> session_;
  std::size_t found_ = 0, by_beginnings_ = 0, in_parts_ = 0, in_slices_ = 0, crowded_ = 0, walked_deep_ = 0,
              short_words_ = 0, walks_given_up_ = 0, longest_walk_ = 0;
  std::function<void(SortedResourceListing::ByNames&)> change_;
  double walked_a_slice_ = SearchCandidates::kWalkedASlice;
};

}  // namespace shakehook::sqlite
