// Each way to read a list by name under a search finds the same, with records that lead there.

#include "store/sqlite/tables/search_exactness_fixture.h"

namespace shakehook::sqlite {
namespace {

constexpr int kOthersAtEachEnd = 50;

class SearchByName : public SearchExactness {
 protected:
  void AddMany(int count, const std::function<std::pair<std::string, std::string>(int)>& name_and_text) {
    writer_->Execute("BEGIN");
    for (int i = 0; i < count; ++i) {
      const auto [name, text] = name_and_text(i);
      records_.Add(name, text);
    }
    // A walk along the names does not come to them soon, from either end.
    for (int i = 0; i < kOthersAtEachEnd; ++i) {
      for (const char* const end : {"  ", "zz"}) records_.Add(end + std::to_string(i), end + std::to_string(i));
    }
    writer_->Execute("COMMIT");
    index_->Step();
  }
  // Holds a search in both directions against the list. Each page is read so; `by_names` may be changed before.
  void Compare(By by, const std::string& search, const std::function<void(SortedResourceListing::ByNames&)>& change) {
    change_ = change;
    for (const auto direction : {SortDirection::kAscending, SortDirection::kDescending}) {
      const SortedResourceQuery query{.venues = {{RandomRecords::NameOf(1)}},
                                      .kind = ResourceKind::kContact,
                                      .search = SearchQuery(search),
                                      .sort = ResourceSort::kName,
                                      .direction = direction,
                                      .limit = 7};
      const auto expected = Sorted(By::kList, query);
      EXPECT_GT(expected.size(), 0u);
      EXPECT_EQ(Sorted(by, query), expected) << search;
    }
    change_ = nullptr;
  }
};

TEST_P(SearchByName, ReadsTheFewWhoseNamesBeginOtherwiseFirst) {
  AddMany(120, [](int i) {
    const std::string number = std::to_string(i % 40);
    const bool is_rest = i % 20 == 7;
    const std::string name = is_rest ? "b" + number + " zoe" : "martin x" + number;
    return std::pair(name, is_rest ? name + " martin@gmail.com" : name);
  });
  const auto enough = [](auto& names) { names.times_rows = 1'000; };
  Compare(By::kBeginning, "martin", enough);
  EXPECT_GT(by_beginnings_, 0u);
  EXPECT_EQ(crowded_, 0u);
}

TEST_P(SearchByName, PartsWhatIsCrowdedByLongerBeginningsAndWalksAtTheEnd) {
  AddMany(200, [](int i) {
    const std::string name = "martin" + std::string(i % 3 == 0 ? "ez" : "") + " anne" + std::to_string(i % 50);
    return std::pair(name, name + (i % 4 == 0 ? " kq" : ""));
  });
  for (const std::size_t walked_first : {0, 3}) {
    const auto crowd = [walked_first](auto& names) {
      names.times_rows = 1'000;
      names.part_max = names.long_part_max = names.longest_part_max = 2;
      names.walked_first = walked_first;
    };
    crowded_ = 0;
    Compare(By::kParts, "martin kq", crowd);
    EXPECT_GT(crowded_, 0u);
  }
  // Where as many as this are looked at, nothing else is needed.
  crowded_ = walked_deep_ = 0;
  Compare(By::kParts, "martin", [](auto& names) {
    names.times_rows = 1'000;
    names.part_max = 2;
    names.walked_first = 50;
  });
  EXPECT_GT(crowded_, 0u);
  EXPECT_EQ(walked_deep_, 0u);
}

TEST_P(SearchByName, ReadsPartsInSlices) {
  walked_a_slice_ = 10;
  AddMany(200, [](int i) {
    const std::string name = std::string(1, static_cast<char>('a' + i % 20)) + "nna martin" + std::to_string(i);
    return std::pair(name, name);
  });
  Compare(By::kParts, "martin", [](auto& names) { names.times_rows = 1'000; });
  EXPECT_GT(in_slices_, 0u);
  EXPECT_GT(in_parts_, 0u);
}

// "q" is in too many texts for the index, and in every fourth name.
TEST_P(SearchByName, WalksAlongMoreNamesWhileThatIsLikelyToFillThePage) {
  AddMany(400, [](int i) {
    const std::string name = "anna " + std::to_string(i);
    return std::pair(name, name + (i % 4 == 0 ? " q" : ""));
  });
  constexpr std::size_t kNamesMax = kOthersAtEachEnd + 8;
  const auto walk = [](std::int64_t texts_for_a_name) {
    return [texts_for_a_name](auto& names) {
      names.a_read = 2;
      names.names_max = kNamesMax;
      names.texts_for_a_name = texts_for_a_name;
    };
  };
  Compare(By::kNames, "q", walk(1));
  EXPECT_EQ(walks_given_up_, 0u);
  EXPECT_GT(longest_walk_, kNamesMax);
  longest_walk_ = 0;
  Compare(By::kNames, "q", walk(1'000'000));
  EXPECT_GT(walks_given_up_, 0u);
  EXPECT_LE(longest_walk_, kNamesMax + 1);
}

TEST_P(SearchByName, LooksUpTwoLettersThatAreRare) {
  AddMany(300, [](int i) {
    const std::string name = "anna " + std::to_string(i);
    return std::pair(name, name + (i % 150 == 20 ? " kq" : ""));
  });
  Compare(By::kIndex, "kq", [](auto&) {});
  EXPECT_GT(short_words_, 0u);
}

INSTANTIATE_TEST_SUITE_P(Seed, SearchByName, testing::Values<std::uint64_t>(1));

}  // namespace
}  // namespace shakehook::sqlite
