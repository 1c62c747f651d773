#include "store/sqlite/tables/search_indexer.h"

#include <utility>

#include "base/log.h"
#include "base/thread.h"
#include "store/sqlite/engine/store_verb.h"

namespace shakehook::sqlite {

SearchIndexer::SearchIndexer(Connection& database, const SqliteOptions& options, Random& random)
    : inline_(options.execution == SqliteOptions::Execution::kInline),
      database_(database),
      index_(SearchIndex::Open(database, options.path, options.durable, random)),
      forget_(database, "DELETE FROM search_change WHERE sequence <= ?1"),
      save_forgotten_(database, "UPDATE search_index SET forgotten = ?1"),
      forgotten_(database.Integer("SELECT forgotten FROM search_index")) {}

SearchIndexer::~SearchIndexer() { Stop(); }

void SearchIndexer::Start(Writer& writer) {
  writer_ = &writer;
  if (index_ && !inline_) thread_ = std::thread([this] { ThreadMain(); });
}

void SearchIndexer::Stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyOne();
  }
  if (thread_.joinable()) thread_.join();
}

void SearchIndexer::AfterCommit() {
  if (!index_) return;
  if (inline_) {
    if (++commits_ < kInlineCommits) return;
    commits_ = 0;
    while (Step()) {
    }
    return;
  }
  const MutexLock lock(mutex_);
  if (!std::exchange(due_, true)) changed_.NotifyOne();
}

void SearchIndexer::ThreadMain() {
  NameThread("search index");
  TakeOnlyIdleTime();
  for (;;) {
    {
      const MutexLock lock(mutex_);
      while (!due_ && !stopping_) changed_.Wait(mutex_);
      if (!stopping_) changed_.WaitFor(mutex_, failure_.empty() ? kGather : kAfterError);
      if (stopping_) return;
      due_ = false;
    }
    bool more = true;
    while (more) {
      more = Step();
      told_.restart();
      told_.poll();
      const MutexLock lock(mutex_);
      if (stopping_) return;
      if (!failure_.empty()) due_ = true;
    }
  }
}

bool SearchIndexer::Step() {
  try {
    const SearchIndex::Progress progress = index_->Step();
    if (progress.sequence > forgotten_) ForgetChanges(progress.sequence);
    failure_.clear();
    return progress.more;
  } catch (const SqliteError& error) {
    if (inline_ && !sqlite3_get_autocommit(database_.get())) {
      sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    if (std::exchange(failure_, error.what()) != error.what()) {
      LogWarning("the index for searches cannot be brought up to date: they look through more records",
                 {{"reason", error.what()}});
    }
    return false;
  }
}

void SearchIndexer::ForgetChanges(std::int64_t sequence) {
  forgotten_ = sequence;
  const auto forget = [this, sequence] {
    forget_.Run(sequence);
    save_forgotten_.Run(sequence);
  };
  if (inline_) {
    database_.Execute("BEGIN IMMEDIATE");
    forget();
    database_.Execute("COMMIT");
    return;
  }
  writer_->Submit(std::make_unique<StoreVerb<Done>>(
      told_, WriteVerb::Ticket{.urgency = WriteVerb::Urgency::kMayWait},
      [forget](WriteSession&) -> Stored<Done> {
        forget();
        return Done();
      },
      [](const Stored<Done>&) {}));
}

}  // namespace shakehook::sqlite
