#include "store/sqlite/purge_step.h"

#include <utility>
#include <vector>

#include "store/sqlite/engine/store_verb.h"

namespace shakehook::sqlite {
namespace {

// Reads one page at a time, so that other reads get their turn.
Async<Stored<std::vector<OldestPending>>> ListOldestPending(Readers& readers) {
  std::vector<OldestPending> oldest;
  for (;;) {
    const WebhookNumber after = oldest.empty() ? WebhookNumber() : oldest.back().webhook;
    const auto page = co_await readers.Run<std::vector<OldestPending>>(
        Asker(), Readers::Kind::kShort,
        [after](ReadSession& session) { return session.deliveries.ListOldestPending(after, kScanRowsMax); });
    if (!page) co_return std::unexpected(page.error());
    oldest.insert(oldest.end(), page->begin(), page->end());
    if (page->size() < kScanRowsMax) co_return oldest;
  }
}

}  // namespace

Async<Stored<std::int64_t>> StepPurge(Purge::Limits limits, Purge& purge, PossiblyPending& possibly_pending,
                                      Writer& writer, Readers& readers) {
  const auto step = co_await RunVerb<Purge::Result>(
      writer, WriteVerb::Ticket(),
      [limits, &purge](WriteSession& session) -> Stored<Purge::Result> { return purge.Step(limits, session); });
  if (!step) co_return std::unexpected(step.error());
  if (!step->asks_for_oldest_pending) co_return step->rows;
  auto found = co_await ListOldestPending(readers);
  if (!found) co_return std::unexpected(found.error());
  const auto learned = co_await RunVerb<Done>(
      writer, WriteVerb::Ticket(), [found = *std::move(found), &possibly_pending](WriteSession&) -> Stored<Done> {
        possibly_pending.Learn(found);
        return Done();
      });
  if (!learned) co_return std::unexpected(learned.error());
  co_return step->rows;
}

}  // namespace shakehook::sqlite
