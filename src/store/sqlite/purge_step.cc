#include "store/sqlite/purge_step.h"

#include <utility>
#include <vector>

#include "store/sqlite/engine/store_verb.h"

namespace shakehook::sqlite {
namespace {

// Reads one page at a time, so that other reads get their turn.
Async<Stored<std::vector<OldestPending>>> ListDebts(Readers& readers) {
  std::vector<OldestPending> debts;
  for (;;) {
    const WebhookNumber after = debts.empty() ? WebhookNumber() : debts.back().webhook;
    const auto page = co_await readers.Run<std::vector<OldestPending>>(
        Asker(), Readers::Kind::kShort,
        [after](ReadSession& session) { return session.deliveries.ListDebts(after, kScanRowsMax); });
    if (!page) co_return std::unexpected(page.error());
    debts.insert(debts.end(), page->begin(), page->end());
    if (page->size() < kScanRowsMax) co_return debts;
  }
}

}  // namespace

Async<Stored<std::int64_t>> StepPurge(Purge::Limits limits, Purge& purge, PossiblyPending& debts, Writer& writer,
                                      Readers& readers) {
  const auto step = co_await RunVerb<Purge::Result>(
      writer, WriteVerb::Ticket(),
      [limits, &purge](WriteSession& session) -> Stored<Purge::Result> { return purge.Step(limits, session); });
  if (!step) co_return std::unexpected(step.error());
  if (!step->asks_for_debts) co_return step->rows;
  auto found = co_await ListDebts(readers);
  if (!found) co_return std::unexpected(found.error());
  const auto learned = co_await RunVerb<Done>(writer, WriteVerb::Ticket(),
                                              [found = *std::move(found), &debts](WriteSession&) -> Stored<Done> {
                                                debts.Learn(found);
                                                return Done();
                                              });
  if (!learned) co_return std::unexpected(learned.error());
  co_return step->rows;
}

}  // namespace shakehook::sqlite
