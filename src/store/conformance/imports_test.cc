// Imports in every Store.

#include "base/csv_parser.h"
#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class StoredImports : public StoreConformance {
 protected:
  StoredImports() { MakeVenue(); }

  Import Sample() {
    return {.id = {Uuid::MakeV7(clock_.Now(), random_)},
            .venue_id = {"v"},
            .started_by = {.kind = AuditActorKind::kUser, .id = "u", .name = "Jane"},
            .header = {"Name, \"x\"", "id"},
            .columns = {"", "id"},
            .delimiter = ';',
            .encoding = "windows-1252",
            .line_end = CsvLineEnd::kCarriageReturn,
            .rows = 3,
            .offset = 5,
            .line = 2,
            .created_at = clock_.Now()};
  }
  AuditEntry Entry(AuditAction action) {
    return {.id = Uuid::MakeV7(clock_.Now(), random_), .at = clock_.Now(), .action = action};
  }
  Stored<Done> Start(const Import& import) {
    return Do(store_->StartImport(import, {}, Entry(AuditAction::kImportStarted)));
  }
  Import Read(ImportId id) { return **Do(store_->GetImport(id)); }
};

TEST_F(StoredImports, MoveWithTheRowsThatTheyPutOrNotAtAll) {
  const Import import = Sample();
  ASSERT_TRUE(Do(store_->AddImportChunk(import.id, import.venue_id, 0, "Name;id\nx;c1\n")));
  ASSERT_TRUE(Start(import));
  EXPECT_EQ(Read(import.id), import);
  ImportStep step{.id = import.id, .from = 5, .to = 9, .to_line = 4, .counts = {.done = 2, .created = 1, .refused = 1}};
  step.refused.push_back(
      {.row = 2, .errors = {{"email", {"too_long", "is longer than {max} bytes", 16}}}, .cells = {"a", "=b"}});
  MakeContact("taken");
  EXPECT_EQ(Do(store_->MoveImport(step, {Change(EventType::kContactCreated, "taken", 0)})).error().kind, Kind::kExists);
  EXPECT_EQ(Read(import.id), import);
  EXPECT_EQ(*Do(store_->MoveImport(step, {Change(EventType::kContactCreated, "c1", 0)})), ImportProgress::kMoved);
  // The same step again does nothing.
  EXPECT_EQ(*Do(store_->MoveImport(step, {Change(EventType::kContactCreated, "c2", 0)})), ImportProgress::kElsewhere);
  EXPECT_FALSE(Do(store_->GetResources({"v"}, ResourceKind::kContact, {{"c2"}}))->at(0));
  Reopen();
  EXPECT_EQ(Read(import.id).offset, 9);
  EXPECT_EQ(Read(import.id).line, 4);
  EXPECT_EQ(Read(import.id).counts, step.counts);
  EXPECT_EQ(*Do(store_->ListRefusedRows(import.id, 0, 10)), step.refused);
  EXPECT_EQ(Do(store_->ListRefusedRows(import.id, 2, 10))->size(), 0u);
  EXPECT_EQ(*Do(store_->ReadImportChunk(import.id, 0)), "Name;id\nx;c1\n");
  EXPECT_EQ(Do(store_->ListRunningImports())->size(), 1u);
  ImportStep last{.id = import.id, .from = 9, .to = 13, .counts = {.done = 1, .unchanged = 1}};
  last.finished = Entry(AuditAction::kImportFinished);
  EXPECT_EQ(*Do(store_->MoveImport(last, {})), ImportProgress::kMoved);
  EXPECT_EQ(Read(import.id).state, ImportState::kDone);
  EXPECT_EQ(Read(import.id).ended_at, clock_.Now());
  EXPECT_EQ(*Do(store_->ReadImportChunk(import.id, 0)), "");
  EXPECT_EQ(Do(store_->ListAudit({}))->size(), 2u);
}

TEST_F(StoredImports, RunOneAtATimeInAVenueAndStandStillOnceCanceled) {
  const Import one = Sample();
  ASSERT_TRUE(Start(one));
  EXPECT_EQ(Start(Sample()).error().kind, Kind::kExists);
  const auto canceled = Do(store_->CancelImport(one.id, clock_.Now(), {}, {}));
  EXPECT_EQ(canceled->state, ImportState::kCanceled);
  ImportStep step{.id = one.id, .from = 5, .to = 9};
  EXPECT_EQ(*Do(store_->MoveImport(step, {})), ImportProgress::kElsewhere);
  clock_.Advance(Milliseconds(1));
  const Import two = Sample();
  ASSERT_TRUE(Start(two));
  const auto listed = *Do(store_->ListImports({"v"}, {}, 10));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].id, two.id);
  EXPECT_EQ(Do(store_->ListImports({"v"}, two.id, 10))->size(), 1u);
}

TEST_F(StoredImports, EndWithTheirVenue) {
  const Import import = Sample();
  ASSERT_TRUE(Start(import));
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<VenueId>{{"v"}, {}}}, {})));
  EXPECT_EQ(Do(store_->ListRunningImports())->size(), 0u);
  EXPECT_FALSE(*Do(store_->GetImport(import.id)));
}

TEST_F(StoredImports, LeaveNothingOfAFileThatWasNeverStarted) {
  const Import import = Sample();
  ASSERT_TRUE(Do(store_->AddImportChunk(import.id, import.venue_id, 0, "x")));
  Reopen();
  EXPECT_EQ(*Do(store_->ReadImportChunk(import.id, 0)), "");
}

TEST_F(StoredImports, ArePurgedWithTheirRowsAfterTheRetention) {
  const Import import = Sample();
  ASSERT_TRUE(Do(store_->AddImportChunk(import.id, import.venue_id, 0, "x")));
  ASSERT_TRUE(Start(import));
  ImportStep step{.id = import.id, .from = 5, .to = 6, .counts = {.done = 1, .refused = 1}};
  step.refused.push_back({.row = 1, .errors = {{"", {"more_cells", "has more cells than the header"}}}, .cells = {}});
  ASSERT_TRUE(Do(store_->MoveImport(step, {})));
  ASSERT_TRUE(Do(store_->CancelImport(import.id, clock_.Now(), {}, {})));
  const auto purge = [this](Timestamp before) {
    while (*Do(store_->Purge(before, before, 10)) > 0) {
    }
  };
  purge(clock_.Now());
  EXPECT_EQ(*Do(store_->ReadImportChunk(import.id, 0)), "");
  EXPECT_EQ(Do(store_->ListRefusedRows(import.id, 0, 10))->size(), 1u);
  purge(clock_.Now() + Milliseconds(1));
  EXPECT_FALSE(*Do(store_->GetImport(import.id)));
  EXPECT_EQ(Do(store_->ListRefusedRows(import.id, 0, 10))->size(), 0u);
}

}  // namespace
}  // namespace shakehook
