#include "store/sqlite/discard_steps.h"

#include "store/sqlite/engine/store_verb.h"

namespace shakehook::sqlite {

WriteVerb::Ticket DiscardTicket(WriteVerb::Ticket ticket, const DiscardParts& parts) {
  ticket.rows = 2 * parts.cancelations.step_rows();
  return ticket;
}

Async<> FinishDiscard(WebhookNumber webhook, WriteVerb::Ticket ticket, DiscardParts parts) {
  ticket = DiscardTicket(ticket, parts);
  for (;;) {
    const auto left = co_await parts.readers.Run<bool>(Asker(), Readers::Kind::kShort, [webhook](ReadSession& session) {
      return session.deliveries.IsDiscarding(webhook);
    });
    if (!left || !*left) co_return;
    const auto step = co_await RunVerb<std::size_t>(
        parts.writer, ticket, [webhook, &cancelations = parts.cancelations](WriteSession&) -> Stored<std::size_t> {
          return cancelations.Step(webhook, cancelations.step_rows());
        });
    if (!step) co_return;
  }
}

Async<Stored<std::size_t>> StepDiscards(DiscardParts parts) {
  return RunVerb<std::size_t>(parts.writer, DiscardTicket({}, parts),
                              [&cancelations = parts.cancelations](WriteSession&) -> Stored<std::size_t> {
                                return cancelations.StepAny(cancelations.step_rows());
                              });
}

}  // namespace shakehook::sqlite
