#include "store/postgres/engine/writer_slot.h"

#include <stdexcept>
#include <utility>

namespace shakehook::postgres {
namespace {

struct WriterColumns : Columns<Column<"epoch", std::int64_t>, Column<"group_number", std::int64_t>> {};
struct EpochColumns : Columns<Column<"epoch", std::int64_t>> {};

Refusal Unavailable(const std::string& reason) {
  return {.kind = Refusal::Kind::kUnavailable, .detail = "the store cannot be used now: " + reason};
}

}  // namespace

WriterSlot::WriterSlot(Loop& loop, Connection::Options options, Key key, Committed committed,
                       std::function<bool()> fail_commit)
    : loop_(loop),
      connection_(loop, std::move(options)),
      key_(key),
      committed_(std::move(committed)),
      fail_commit_(std::move(fail_commit)),
      turns_(loop) {}

Async<> WriterSlot::Claim() {
  if (!connection_.open()) co_await connection_.Open();
  const auto rows = co_await connection_.Run(
      Returning<EpochColumns>(
          "INSERT INTO writer AS w (node, slot, epoch, group_number, backend_pid)"
          " VALUES ($1, $2, 1, 0, $3) ON CONFLICT (node, slot)"
          " DO UPDATE SET epoch = w.epoch + 1, group_number = 0, backend_pid = excluded.backend_pid")
          .With(key_.node, key_.slot, connection_.backend_pid()));
  epoch_ = rows[0].Get<"epoch">();
  group_number_ = 0;
}

Async<std::optional<Refusal>> WriterSlot::RunAny(Work work) {
  if (!co_await turns_.Begin(kWaitingMax)) {
    co_return Refusal{.kind = Refusal::Kind::kBusy, .detail = "too many changes wait to be written"};
  }
  auto failure = co_await RunInTurn(work);
  writable_ = !failure;
  turns_.End();
  co_return failure;
}

Async<std::optional<Refusal>> WriterSlot::RunInTurn(const Work& work) {
  for (int tries = 0; tries < kTriesMax; ++tries) {
    if (!connection_.open() && !co_await Reopen()) break;
    Transaction transaction(connection_);
    Outcome outcome = co_await Try(work, transaction);
    if (outcome == Outcome::kUnknown) {
      outcome = co_await FindOut();
      if (outcome == Outcome::kDone) {
        transaction.RunAfterCommit();
        committed_(transaction);
      }
    }
    if (outcome == Outcome::kDone) co_return std::nullopt;
    if (outcome == Outcome::kFenced) co_return Unavailable("another process has taken this one's place");
    if (outcome == Outcome::kUnknown) break;
  }
  co_return Unavailable(why_);
}

// The handler of a failure cannot wait, so that it only notes why.
Async<WriterSlot::Outcome> WriterSlot::Try(const Work& work, Transaction& transaction) {
  bool fenced = false;
  bool refused = false;
  committing_ = false;
  try {
    Pipeline begin;
    begin.Add(Statement("BEGIN").With());
    const auto fence = begin.Add(
        Statement("UPDATE writer SET group_number = $4, backend_pid = $5 WHERE node = $1 AND slot = $2 AND epoch = $3")
            .With(key_.node, key_.slot, epoch_, ++group_number_, connection_.backend_pid()));
    const Results begun = co_await connection_.Run(std::move(begin));
    fenced = begun.Changed(fence) == 0;
    if (!fenced) refused = !co_await work(transaction);
    if (!fenced && !refused && fail_commit_ && fail_commit_()) throw PostgresError("53100", "the disk is full");
    if (!fenced && !refused) {
      co_await Commit(transaction);
      co_return Outcome::kDone;
    }
    why_.clear();
  } catch (const std::runtime_error& error) {  // a secret that cannot be decrypted is none of PostgreSQL's
    why_ = error.what();
  }
  if (!connection_.open()) co_return committing_ ? Outcome::kUnknown : Outcome::kFailed;
  co_await RollBack();
  co_return fenced ? Outcome::kFenced : refused ? Outcome::kDone : Outcome::kFailed;
}

Async<> WriterSlot::Commit(Transaction& transaction) {
  transaction.writes.Add(Statement("COMMIT").With());
  committing_ = true;
  static_cast<void>(co_await connection_.Run(std::exchange(transaction.writes, Pipeline())));
  transaction.RunAfterCommit();
  committed_(transaction);
}

Async<> WriterSlot::RollBack() {
  try {
    co_await connection_.Run(Statement("ROLLBACK").With());
  } catch (const PostgresError& error) {
    why_ = error.what();
  }
}

Async<bool> WriterSlot::Reopen() {
  const SteadyTime until = loop_.clock().Steady() + kReopenMax;
  for (;;) {
    try {
      co_await connection_.Open();
      co_return true;
    } catch (const PostgresError& error) {
      why_ = error.what();
    }
    if (loop_.clock().Steady() + kReopenInterval > until) co_return false;
    co_await SleepUntil(loop_, loop_.clock().Steady() + kReopenInterval);
  }
}

Async<WriterSlot::Outcome> WriterSlot::FindOut() {
  while (co_await Reopen()) {
    try {
      const auto rows = co_await connection_.Run(
          Select<WriterColumns>("FROM writer WHERE node = $1 AND slot = $2 FOR UPDATE").With(key_.node, key_.slot));
      if (rows.empty() || rows[0].Get<"epoch">() != epoch_) co_return Outcome::kFenced;
      co_return rows[0].Get<"group_number">() == group_number_ ? Outcome::kDone : Outcome::kFailed;
    } catch (const PostgresError& error) {
      why_ = error.what();
    }
  }
  co_return Outcome::kUnknown;
}

}  // namespace shakehook::postgres
