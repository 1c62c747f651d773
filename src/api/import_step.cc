#include "api/import_step.h"

#include <algorithm>
#include <set>
#include <utility>

#include "api/import_row.h"
#include "api/loop_turn.h"

namespace shakehook {
namespace {

AuditEntry FinishedEntry(ApiServices& services, const Import& import, const ImportCounts& counts) {
  // What an import's starter could see is not kept with it; the venue it is.
  AuditEntry::Actor actor = import.started_by;
  actor.scope = Scope::Of(import.venue_id);
  return {.id = services.NewUuid(),
          .at = services.clock.Now(),
          .actor = std::move(actor),
          .action = AuditAction::kImportFinished,
          .subject = AuditEntry::Subject{.kind = "import", .id = import.id.ToString(), .name = {}},
          .detail = std::to_string(counts.created) + " created, " + std::to_string(counts.updated) + " changed, " +
                    std::to_string(counts.unchanged) + " as they were, " + std::to_string(counts.refused) +
                    " refused, in the venue " + import.venue_id.text};
}

}  // namespace

Async<Stored<BuiltImportStep>> BuildImportStep(ApiServices& services, Loop& loop, ImportStepBasis on,
                                               const ImportRowsRead& rows) {
  const Import& import = on.import;
  const ResourceBasis& basis = on.basis;
  TurnBudget budget;
  struct Item {
    std::size_t row = 0;
    std::optional<ResourceId> id;
    Json patch;
  };
  const ImportRowReader reader(basis, import);
  BuiltImportStep built;
  ImportStep& step = built.step;
  step.id = import.id;
  step.from = import.offset;
  step.to = rows.end;
  step.to_line = rows.next_line;
  const auto number_of = [&](std::size_t row) { return import.counts.done + static_cast<std::int64_t>(row) + 1; };
  std::vector<Item> items;
  std::set<std::string> seen, accounts;
  std::size_t taken = 0;
  for (; taken < rows.rows.size(); ++taken) {
    const CsvRecord& row = rows.rows[taken];
    std::size_t row_bytes = 0;
    for (const std::string& cell : row.cells) row_bytes += cell.size();
    if (budget.Spend(row_bytes)) co_await NextTurn(loop);
    const auto refuse = [&](std::vector<FieldError> errors) {
      step.refused.push_back({number_of(taken), std::move(errors), row.cells});
    };
    if (row.fault != CsvFault::kNone) {
      refuse({{"", FaultText(row)}});
      continue;
    }
    if (std::ranges::find(on.refused, number_of(taken), &RefusedRow::row) != on.refused.end()) continue;
    auto patch = reader.Read(row.cells);
    if (!patch) {
      refuse(std::move(patch.error()));
      continue;
    }
    if (patch->object()->empty()) {
      ++step.counts.unchanged;
      continue;
    }
    Item item{.row = taken};
    if (const Json* const id = patch->Find("id")) {
      if (!seen.insert(*id->text()).second) break;
      item.id = ResourceId{*id->text()};
    }
    if (const Json* const account = patch->Find("account_id")) accounts.insert(*account->text());
    item.patch = *std::move(patch);
    items.push_back(std::move(item));
  }
  if (taken < rows.rows.size()) {
    step.to = rows.rows[taken - 1].end;
    step.to_line = rows.rows[taken - 1].next_line;
  }
  for (RefusedRow& row : on.refused) {
    if (row.row <= number_of(taken) - 1) step.refused.push_back(std::move(row));
  }

  std::vector<ResourceId> ids, account_ids;
  for (const Item& item : items) {
    if (item.id) ids.push_back(*item.id);
  }
  for (const std::string& account : accounts) account_ids.push_back({account});
  auto stored = co_await services.store.GetResources(basis.venue->id, basis.kind, std::move(ids));
  if (!stored) co_return std::unexpected(stored.error());
  const auto found = co_await services.store.GetResources(basis.venue->id, ResourceKind::kAccount, account_ids);
  if (!found) co_return std::unexpected(found.error());
  for (std::size_t i = 0; i < account_ids.size(); ++i) {
    const auto& account = (*found)[i];
    if (account && !account->data.empty()) accounts.erase(account_ids[i].text);
  }
  // What is left of `accounts` names none.
  auto next = stored->begin();
  std::size_t made = 0;  // bytes
  for (const Item& item : items) {
    if (budget.Spend(made)) co_await NextTurn(loop);
    made = 0;
    std::optional<StoredResource> before_stored;
    if (item.id) before_stored = std::move(*next++);
    if (item.id && on.changed != nullptr) {
      if (const auto found = on.changed->find(item.id->text); found != on.changed->end()) before_stored = found->second;
    }
    const auto refuse = [&](std::vector<FieldError> errors) {
      step.refused.push_back({number_of(item.row), std::move(errors), rows.rows[item.row].cells});
    };
    const Json* const account = item.patch.Find("account_id");
    if (account != nullptr && accounts.contains(*account->text())) {
      refuse({{"account_id", "names no account of the venue"}});
      continue;
    }
    ChangeOrigin origin{.timestamp = services.clock.Now()};
    if (before_stored) {
      origin = {before_stored->version, NextTimestamp(origin.timestamp, before_stored->last_timestamp)};
    }
    const bool is_there = before_stored && !before_stored->data.empty();
    Resource before(basis.kind);
    if (is_there) {
      before = basis.Parse(before_stored->data);
    } else {
      before.id = item.id ? *item.id : ResourceId{services.NewUuid().ToString()};
      before.created_at = origin.timestamp;
    }
    Resource resource = before;
    if (auto errors = Merge(resource, item.patch, basis.fields); !errors.empty()) {
      refuse(std::move(errors));
      continue;
    }
    if (is_there && resource == before) {
      ++step.counts.unchanged;
      continue;
    }
    ++(is_there ? step.counts.updated : step.counts.created);
    built.changes.push_back(BuildPut(services, basis, resource, is_there ? Verb::kUpdated : Verb::kCreated, origin));
    made = 2 * built.changes.back().data.size();
    built.row_of.push_back(item.row);
    built.has_own_id.push_back(item.id.has_value());
  }
  std::ranges::sort(step.refused, {}, &RefusedRow::row);
  step.counts.done = static_cast<std::int64_t>(taken);
  step.counts.refused = static_cast<std::int64_t>(step.refused.size());
  if (rows.last && taken == rows.rows.size()) {
    ImportCounts all = import.counts;
    all.created += step.counts.created;
    all.updated += step.counts.updated;
    all.unchanged += step.counts.unchanged;
    all.refused += step.counts.refused;
    step.finished = FinishedEntry(services, import, all);
  }
  co_return built;
}

}  // namespace shakehook
