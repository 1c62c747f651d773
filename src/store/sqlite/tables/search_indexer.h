// SearchIndexer brings the index for searches (search_index.h) up to date, behind the changes: a thread that takes only
// what the others leave of the processors, in short steps, and writes to a file of its own, so that no commit waits for
// it. What has just been committed waits kGather, so that few steps do for many changes.
//
// Threads: a thread of its own, or (inline) all of it in AfterCommit, after every kInlineCommits. AfterCommit on the
//          writer's thread, Start before the first commit, Stop before the writer ends.
// Errors:  a step that fails is logged and tried again later. Searches go on as long as that: they look through what
//          the index does not know.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "store/sqlite/engine/writer.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/tables/search_index.h"

namespace shakehook::sqlite {

class SearchIndexer {
 public:
  static constexpr Microseconds kGather{500'000};
  static constexpr Microseconds kAfterError{30'000'000};
  static constexpr int kInlineCommits = 16;

  // Opens the index (SearchIndex::Open); without one there is nothing to do. `database`: the writer's connection.
  SearchIndexer(Connection& database, const SqliteOptions& options, Random& random);
  ~SearchIndexer();
  SearchIndexer(const SearchIndexer&) = delete;
  SearchIndexer& operator=(const SearchIndexer&) = delete;

  void Start(Writer& writer);
  void Stop();
  void AfterCommit();

 private:
  void ThreadMain();
  // Takes a step. Returns whether there is more to do.
  bool Step();
  // Removes the changes that the index knows.
  void ForgetChanges(std::int64_t sequence);

  const bool inline_;
  Connection& database_;
  const std::unique_ptr<SearchIndex> index_;
  Statement forget_, save_forgotten_;  // the writer's
  Writer* writer_ = nullptr;
  asio::io_context told_;       // takes what the writer answers, to which nobody listens
  std::int64_t forgotten_ = 0;  // the indexer's thread's
  std::string failure_;         // the last one, said once
  int commits_ = 0;             // inline: since the last step

  Mutex mutex_;
  Condition changed_;
  bool due_ GUARDED_BY(mutex_) = true;  // for the changes that were committed before the start
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace shakehook::sqlite
