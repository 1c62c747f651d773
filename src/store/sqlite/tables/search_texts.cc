#include "store/sqlite/tables/search_texts.h"

#include <optional>
#include <vector>

#include "model/search_text.h"
#include "model/sort_name.h"
#include "store/sqlite/engine/select.h"

namespace shakehook::sqlite {
namespace {

struct Texts {
  std::int64_t number;
  std::string name;
  std::string search;
};

struct StoredTextColumns : Columns<Column<"number", std::int64_t>, Column<"kind", ResourceKind>,
                                   Column<"data", std::optional<std::string_view>>,
                                   Column<"sort_name", std::string_view>, Column<"search", std::string_view>> {};

class Rebuild {
 public:
  explicit Rebuild(Connection& connection)
      : connection_(connection),
        next_(connection, "FROM resource WHERE number > ?1 ORDER BY number LIMIT ?2"),
        update_(connection, "UPDATE resource SET sort_name = ?2, search = ?3 WHERE number = ?1"),
        moved_(connection, "UPDATE search_text_form SET done = ?1"),
        ended_(connection, "UPDATE search_text_form SET form = ?1, done = 0") {}

  void Run() {
    std::int64_t done = connection_.Integer("SELECT done FROM search_text_form");
    for (std::optional<std::int64_t> last = done; last; last = Step(done)) done = *last;
    ended_.Run(kSearchTextForm);
  }

 private:
  // Runs one transaction; returns the last number that it came to, or nullopt if no record is left.
  std::optional<std::int64_t> Step(std::int64_t after) {
    std::optional<std::int64_t> last;
    std::vector<Texts> changed;
    connection_.Execute("BEGIN IMMEDIATE");
    for (auto row = next_.With(after, kSearchTextsAtOnce); row.Step();) {
      last = row.Get<"number">();
      const auto data = row.Get<"data">();
      if (!data) continue;  // deleted
      const Resource resource = FromData(row.Get<"kind">(), *data, {});
      Texts texts{.number = *last, .name = SortNameOf(resource), .search = SearchTextOf(resource)};
      if (texts.name != row.Get<"sort_name">() || texts.search != row.Get<"search">())
        changed.push_back(std::move(texts));
    }
    for (const Texts& each : changed) update_.Run(each.number, each.name, each.search);
    if (last) moved_.Run(*last);
    connection_.Execute("COMMIT");
    return last;
  }

  Connection& connection_;
  Select<StoredTextColumns> next_;
  Statement update_, moved_, ended_;
};

}  // namespace

void BringSearchTextsUpToDate(Connection& connection) {
  if (connection.Integer("SELECT form FROM search_text_form") == kSearchTextForm) return;
  Rebuild(connection).Run();
}

}  // namespace shakehook::sqlite
