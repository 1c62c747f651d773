#include "store/sqlite/retry_steps.h"

#include <utility>

#include "store/sqlite/engine/store_verb.h"

namespace shakehook::sqlite {

Async<Stored<std::int64_t>> MakeRetriesDue(RetrySearch search, std::optional<AuditEntry> audit,
                                           WriteVerb::Ticket ticket, RetryParts parts) {
  if (!parts.config_cache.FindWebhook(search.webhook)) co_return std::unexpected(WebhookIsMissing());
  std::int64_t made_due = 0;
  while (!search.complete) {
    auto page = co_await parts.readers.Run<RetrySearch>(
        Asker(), Readers::Kind::kShort, [&search](ReadSession& session) { return session.retries.Continue(search); });
    if (!page) co_return std::unexpected(std::move(page.error()));
    search = *std::move(page);
    if (search.positions.empty()) continue;
    ticket.rows = search.positions.size();
    const bool first = made_due == 0;
    const auto make_due = [&parts, &search, &audit, first](WriteSession& session) {
      Stored<std::int64_t> made = parts.retries.MakeDue(search, session);
      if (first && made && *made > 0 && audit) parts.audit.Add(*audit);
      return made;
    };
    const auto step = co_await RunVerb<std::int64_t>(parts.writer, ticket, make_due);
    if (!step) co_return std::unexpected(step.error());
    made_due += *step;
  }
  co_return made_due;
}

}  // namespace shakehook::sqlite
