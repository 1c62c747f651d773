#include "store/sqlite/tables/sorted_resources.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "store/sqlite/engine/migrations.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

struct PlanColumns
    : Columns<Column<"id", int>, Column<"parent", int>, Column<"notused", int>, Column<"detail", std::string>> {};

// Returns SQLite's plan for the query, one line per step.
std::string PlanOf(Connection& connection, const std::string& query) {
  Select<PlanColumns> explain(connection, WholeStatement{"EXPLAIN QUERY PLAN " + query});
  std::string plan;
  for (auto row = explain.With(); row.Step();) plan += row.Get<"detail">() + "\n";
  return plan;
}

TEST(SortedResources, ReadVenuesByAnIndexAndNeverWalkThroughTheRecords) {
  TemporaryFolder folder;
  Connection connection(folder.File("plans.db"), Access::kReadWrite);
  Migrate(connection);
  for (const std::string& query : SortedResources::Queries()) {
    const std::string plan = PlanOf(connection, query);
    EXPECT_TRUE(plan.starts_with("SEARCH resource USING ")) << query << "\n" << plan;
    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << query << "\n" << plan;
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << query << "\n" << plan;
    // The index is entered where the page begins, not only where the venue does.
    const bool enters = std::ranges::any_of(std::array{"number>?", "number<?", "_at>?", "_at<?", "_timestamp>?",
                                                       "_timestamp<?", "email>?", "email<?", "rowid>?", "rowid<?"},
                                            [&](const char* part) { return plan.contains(part); });
    EXPECT_TRUE(enters) << query << "\n" << plan;
    // By creation and by name, a search stays in the index.
    EXPECT_EQ(plan.contains("COVERING INDEX resource_created"), query.contains("resource_created")) << query << "\n"
                                                                                                    << plan;
  }
}

}  // namespace
}  // namespace shakehook::sqlite
