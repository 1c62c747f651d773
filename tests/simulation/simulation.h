// A simulated run of the whole service: hours of changes to accounts and contacts, receivers that fail in every way,
// people who switch, rotate, discard and redeliver, a wall clock that jumps, a disk that fails, and a process that dies
// now and then. The same seed repeats it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ledger.h"
#include "testing/world/world.h"

namespace shakehook::simulation {

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed);

  // Runs to the end and checks everything on the way.
  void Run();

 private:
  enum class Mood { kFine, kSlow, kFlaky, kError, kBusy, kRefusing, kSilent, kGarbled };
  static constexpr int kMoods = 8;

  void SetUp();
  void Subscribe(Subscription subscription, const std::string& scope, std::string_view settings);
  void Step();
  void ChangeSomething();
  void ChangeAndCrash();
  void ChangeOnAFailingDisk();
  void ChangeMood();
  void Toggle(Subscription& subscription, bool enabled);
  void Rotate(Subscription& subscription);
  void Discard(Subscription& subscription);
  void SendNow();
  void RedeliverOne(const Subscription& subscription);
  void Replay(const Subscription& subscription);
  void JumpClock();
  void CheckTheEnd();

  SimulatedResponse Answer(const ReceivedRequest& request);
  std::vector<Json> ListDeliveries(const Subscription& subscription);
  World::Response Call(std::string_view method, const std::string& path, const std::string& body = "");
  bool Chance(double probability) { return random_.Unit() < probability; }
  Subscription& AnySubscription() { return ledger_.subscriptions[random_.Below(ledger_.subscriptions.size())]; }

  struct Change {
    std::string method, path, body, venue, event, resource;
  };
  Change PickChange();
  void Note(const Change& change, int status);
  void NoteIfDone(const Change& change);

  SeededRandom random_;
  World world_;
  Ledger ledger_;
  std::map<std::string, Mood> moods_;  // by host
  std::set<std::string> existing_;     // "venue/contacts/id"
  int edits_ = 0;
};

}  // namespace shakehook::simulation
