// ChangeWriter gathers the verbs that change accounts and contacts while a group is written, and writes them as the
// next group. A group that cannot be written is tried again verb by verb, so that one that always fails spoils no
// other.
//
// Threads: the store's.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "store/postgres/change_group.h"
#include "store/postgres/engine/writer_slot.h"

namespace shakehook::postgres {

class ChangeWriter {
 public:
  static constexpr std::size_t kGroupChangesMax = 500;
  static constexpr std::size_t kWaitingMax = 10'000;  // verbs

  ChangeWriter(Loop& loop, WriterSlot& slot, const ChangeGroup::Parts& parts)
      : loop_(loop), slot_(slot), parts_(parts) {}

  Async<Stored<Done>> Write(ChangeVerb verb);

 private:
  struct Waiting {
    ChangeVerb verb;
    Task resume;
  };
  // Writes group after group until nothing waits.
  Async<> WriteAll();
  // Takes the verbs of the next group, one at least.
  std::vector<Waiting*> Take();
  // Returns whether the verbs have their results.
  Async<bool> WriteTogether(std::vector<ChangeVerb*> verbs);

  Loop& loop_;
  WriterSlot& slot_;
  const ChangeGroup::Parts parts_;
  std::deque<Waiting*> waiting_;  // each lives in the coroutine that waits
  bool writing_ = false;
};

}  // namespace shakehook::postgres
