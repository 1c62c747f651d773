#include "store/sqlite/replay_step.h"

#include <utility>

#include "store/sqlite/engine/store_verb.h"
#include "store/sqlite/engine/write_tickets.h"

namespace shakehook::sqlite {

Async<Stored<std::int64_t>> CountReplay(WebhookNumber webhook, ReplayFilter filter, Asker asker, ReplayParts parts) {
  co_await FinishDiscard(webhook, WriteTickets::kOfNobody, parts.discard);
  ReplayCount count{.webhook = webhook, .filter = filter};
  const auto read = [&config_cache = parts.config_cache, &count](ReadSession& session) {
    return session.replays.Continue(count, config_cache);
  };
  const auto complete = co_await parts.discard.readers.RunScan(std::move(asker), read);
  if (!complete) co_return std::unexpected(complete.error());
  co_return count.counted;
}

Async<Stored<ReplayStep>> StepReplay(ReplayId id, Timestamp now, ReplayParts parts) {
  auto work = co_await parts.discard.readers.Run<ReplayWork>(
      Asker(), Readers::Kind::kShort, [id, &config_cache = parts.config_cache](ReadSession& session) {
        return session.replays.FindWork(id, config_cache);
      });
  if (!work) co_return std::unexpected(work.error());
  if (work->discarding) co_await FinishDiscard(*work->discarding, WriteTickets::kInBackground, parts.discard);
  if (work->step != ReplayStep::kMoved) co_return work->step;
  co_return co_await RunVerb<ReplayStep>(
      parts.discard.writer, WriteTickets::kInBackground,
      [&replays = parts.replays, work = *std::move(work), now](WriteSession& session) -> Stored<ReplayStep> {
        return replays.Continue(work, now, session);
      });
}

}  // namespace shakehook::sqlite
