// EditTurns serializes the edits of one thing (a contact, a webhook …) in the order in which they came. A change is
// built from the stored version and is stored by comparing versions. If many are built at once, all but one are built
// in vain, again and again; with turns each is built once. Edits of different things do not wait for each other.
//
// Turns only save work, they are no lock: version comparison keeps the store right without them.
//
// Ownership: outlives the turns and the loops of those who wait.
// Threads:   from any loop; each resumes on its own.
#pragma once

#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/loop.h"
#include "base/mutex.h"

namespace shakehook {

class EditTurns {
 public:
  // The most edits that may wait for one thing, and the longest time that each waits; further edits are refused.
  static constexpr std::size_t kWaitingMax = 256;
  static constexpr Milliseconds kWaitMax{10'000};

  struct Name {
    std::string_view noun;  // "contact"
    std::string venue;      // an account's or contact's venue; for other things the scope of the principal
    std::string id;

    auto operator<=>(const Name&) const = default;
  };

  // The turn ends with its life.
  class Turn {
   public:
    Turn(EditTurns& turns, Name name) : turns_(&turns), name_(std::move(name)) {}
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)), name_(std::move(other.name_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->Pass(name_);
    }

   private:
    EditTurns* turns_;
    Name name_;
  };

  // The reason why there is no turn: kWaitingMax wait already, or the caller has waited for kWaitMax.
  enum class NoTurn { kTooMany, kTooLong };

  // Waits for the turn.
  Async<std::expected<Turn, NoTurn>> Take(Loop& loop, Name name);
  // Waits for turns for several things. Every caller takes them in the same order, so that no deadlock arises. Turns
  // that the caller holds already must come before them in that order (an account comes before contacts).
  Async<std::expected<std::vector<Turn>, NoTurn>> TakeAll(Loop& loop, std::vector<Name> names);

 private:
  enum class Outcome { kTurn, kTooMany, kTooLong };
  // A waiting edit. Its timer owns it, so that it ends with its loop.
  //
  // Threads: lives on its loop; `loop` never changes.
  struct Waiter {
    Loop& loop;
    std::move_only_function<void(Outcome)> resume = {};
    Loop::TimerKey timer = {};
  };

  // Takes the turn if nobody has it; returns whether it did.
  bool TakeIfFree(const Name& name);
  // Returns nullopt if the edit has to wait.
  std::optional<Outcome> Join(const Name& name, const std::shared_ptr<Waiter>& waiter);
  // Gives the turn to the next waiter.
  void Pass(const Name& name);
  Async<Outcome> Wait(Loop& loop, const Name& name);

  Mutex mutex_;
  // An entry for each thing with a turn, and the edits that wait for it.
  std::map<Name, std::deque<std::weak_ptr<Waiter>>> lines_ GUARDED_BY(mutex_);
};

}  // namespace shakehook
