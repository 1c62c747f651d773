// The steps of a discard that is more than one commit's work: the writer makes one after the other, and tenants share
// its time, until each of the canceled deliveries has its row (cancelations.h).
//
// Ownership: refers to what it is given until it has ended.
// Threads:   run on the caller's loop.
#pragma once

#include "store/sqlite/engine/writer.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/tables/cancelations.h"
#include "store/store.h"

namespace shakehook::sqlite {

struct DiscardParts {
  Cancelations& cancelations;
  Writer& writer;
  Readers& readers;
};

// The ticket of a verb that writes one step: each canceled delivery is a row that goes and one that comes.
WriteVerb::Ticket DiscardTicket(WriteVerb::Ticket ticket, const DiscardParts& parts);
// Writes what is left to write of a webhook's discard, under `ticket`. What fails of it is left to the purge.
Async<> FinishDiscard(WebhookNumber webhook, WriteVerb::Ticket ticket, DiscardParts parts);
// One step of whichever discard comes first.
Async<Stored<std::size_t>> StepDiscards(DiscardParts parts);

}  // namespace shakehook::sqlite
