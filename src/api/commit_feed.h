// CommitFeed hands what the store commits to those who wait for it: streams of /api/stream and tests of webhooks.
//
// Threads: OnCommit on the store's writer thread.
#pragma once

#include "store/commit_listener.h"

namespace shakehook {

class CommitFeed final : public CommitListener {
 public:
  void OnCommit(const Commit&) override {}
};

}  // namespace shakehook
