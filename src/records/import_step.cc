#include "records/import_step.h"

#include <algorithm>
#include <utility>

#include "model/audit_detail.h"
#include "records/import_row.h"
#include "records/write_refusal.h"

namespace shakehook {
namespace {

AuditEntry FinishedEntry(const ChangeBuilder& builder, const Import& import, const ImportCounts& counts) {
  // The import does not keep the scope of its starter; the entry has the import's venue instead.
  AuditEntry::Actor actor = import.started_by;
  actor.scope = Scope::Of(import.venue_id);
  const AuditDetails details(
      "import_counts",
      "{created} created, {changed} changed, {unchanged} as they were, {refused} refused, in the venue {venue}",
      counts.created, counts.updated, counts.unchanged, counts.refused, import.venue_id.text);
  return {.id = builder.NewUuid(),
          .at = builder.Now(),
          .actor = std::move(actor),
          .action = AuditAction::kImportFinished,
          .subject = AuditEntry::Subject{.kind = "import", .id = import.id.ToString(), .name = {}},
          .detail = details.ToStored()};
}

std::size_t BytesOf(const CsvRecord& row) {
  std::size_t bytes = 0;
  for (const std::string& cell : row.cells) bytes += cell.size();
  return bytes;
}

}  // namespace

Async<Stored<BuiltImportStep>> ImportStepBuilder::Build(const ImportRowsRead& rows, std::vector<RefusedRow> refused) {
  const std::size_t taken = co_await ReadRows(rows, refused);
  for (RefusedRow& row : refused) {
    if (row.row < NumberOf(taken)) built_.step.refused.push_back(std::move(row));
  }
  auto stored = co_await ReadStored();
  if (!stored) co_return std::unexpected(std::move(stored.error()));
  const auto missing_accounts = co_await FindMissingAccounts();
  if (!missing_accounts) co_return std::unexpected(missing_accounts.error());
  std::size_t worked = 0;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (budget_.Spend(worked)) co_await NextTurn(loop_);
    worked = 0;
    const Item& item = items_[i];
    const Json* const account = item.patch.Find("account_id");
    if (account != nullptr && missing_accounts->contains(*account->text())) {
      Refuse(rows, item.row, {{"account_id", NoSuchAccount()}});
      continue;
    }
    const std::optional<StoredResource>& before = (*stored)[i];
    worked = Put(rows, item, before ? &*before : nullptr);
  }
  Finish(rows, taken);
  co_return std::move(built_);
}

void ImportStepBuilder::Refuse(const ImportRowsRead& rows, std::size_t row, std::vector<FieldError> errors) {
  built_.step.refused.push_back({NumberOf(row), std::move(errors), rows.rows[row].cells});
}

Async<std::size_t> ImportStepBuilder::ReadRows(const ImportRowsRead& rows, const std::vector<RefusedRow>& refused) {
  const ImportRowReader reader(basis_, import_);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const CsvRecord& row = rows.rows[i];
    if (budget_.Spend(BytesOf(row))) co_await NextTurn(loop_);
    if (row.fault != CsvFault::kNone) {
      Refuse(rows, i, {{"", ComplaintAbout(row)}});
      continue;
    }
    if (std::ranges::find(refused, NumberOf(i), &RefusedRow::row) != refused.end()) continue;
    auto patch = reader.Read(row.cells);
    if (!patch) {
      Refuse(rows, i, std::move(patch.error()));
      continue;
    }
    if (patch->object()->empty()) {
      ++built_.step.counts.unchanged;
      continue;
    }
    Item item{.row = i};
    if (const Json* const id = patch->Find("id")) {
      if (!ids.insert(*id->text()).second) co_return i;
      item.id = ResourceId{*id->text()};
    }
    item.patch = *std::move(patch);
    items_.push_back(std::move(item));
  }
  co_return rows.rows.size();
}

Async<Stored<std::vector<std::optional<StoredResource>>>> ImportStepBuilder::ReadStored() {
  std::vector<ResourceId> ids;
  for (const Item& item : items_) {
    if (item.id) ids.push_back(*item.id);
  }
  auto found = co_await store_.GetResources(basis_.venue->id, basis_.kind, std::move(ids));
  if (!found) co_return std::unexpected(std::move(found.error()));
  std::vector<std::optional<StoredResource>> by_item(items_.size());
  auto next = found->begin();
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (!items_[i].id) continue;
    by_item[i] = std::move(*next++);
    if (changed_ == nullptr) continue;
    if (const auto changed = changed_->find(items_[i].id->text); changed != changed_->end()) {
      by_item[i] = changed->second;
    }
  }
  co_return by_item;
}

Async<Stored<std::set<std::string>>> ImportStepBuilder::FindMissingAccounts() {
  std::set<std::string> missing;
  for (const Item& item : items_) {
    if (const Json* const account = item.patch.Find("account_id")) missing.insert(*account->text());
  }
  std::vector<ResourceId> ids;
  for (const std::string& id : missing) ids.push_back({id});
  const auto found = co_await store_.GetResources(basis_.venue->id, ResourceKind::kAccount, std::move(ids));
  if (!found) co_return std::unexpected(found.error());
  for (const std::optional<StoredResource>& account : *found) {
    if (account && !account->data.empty()) missing.erase(account->id.text);
  }
  co_return missing;
}

std::size_t ImportStepBuilder::Put(const ImportRowsRead& rows, const Item& item, const StoredResource* stored) {
  const ResourceId id = item.id ? *item.id : ResourceId{builder_.NewUuid().ToString()};
  auto put = builder_.Put(basis_, id, item.patch, stored);
  if (!put) {
    Refuse(rows, item.row, std::move(put.error()));
    return 0;
  }
  ImportCounts& counts = built_.step.counts;
  switch (put->result) {
    case PutResult::kUnchanged:
      ++counts.unchanged;
      return put->change.data.size();
    case PutResult::kCreated:
      ++counts.created;
      break;
    case PutResult::kUpdated:
      ++counts.updated;
      break;
  }
  const std::size_t bytes = put->change.data.size();
  built_.changes.push_back(std::move(put->change));
  built_.row_of.push_back(item.row);
  built_.has_own_id.push_back(item.id.has_value());
  return 2 * bytes;
}

void ImportStepBuilder::Finish(const ImportRowsRead& rows, std::size_t taken) {
  ImportStep& step = built_.step;
  const bool all = taken == rows.rows.size();
  step.id = import_.id;
  step.from = import_.offset;
  step.to = all ? rows.end : rows.rows[taken - 1].end;
  step.to_line = all ? rows.next_line : rows.rows[taken - 1].next_line;
  std::ranges::sort(step.refused, {}, &RefusedRow::row);
  step.counts.done = static_cast<std::int64_t>(taken);
  step.counts.refused = static_cast<std::int64_t>(step.refused.size());
  if (rows.last && all) step.finished = FinishedEntry(builder_, import_, import_.counts + step.counts);
}

}  // namespace shakehook
