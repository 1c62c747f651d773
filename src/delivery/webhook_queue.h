// WebhookQueue holds the pending deliveries of one webhook that fit in memory, and knows when it must be filled again
// from the store. Which of them may start next, its StartOrder says; what this class adds is that commits, reads and
// results meet in any order, and no delivery is taken twice or lost (docs/life-of-a-delivery.md, "Inside a webhook's
// queue").
//
// Fresh work arrives by commits while there is room; once a commit did not fit, the queue is spilled, and all further
// fresh work is read back from the store, in order, until it has caught up.
//
// Where the order is strict, the deliveries of a resource leave memory as soon as the one before must be retried: the
// store hands them out again when that one has ended.
//
// Ownership: ids and shared event bytes; the Store owns the deliveries.
// Threads:   lives on its delivery loop; has no lock. Pure: no time, no I/O.
// Loss:      may be dropped at any time; a new one that starts with kOwes rebuilds it from the store.
#pragma once

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "delivery/start_order.h"
#include "model/delivery.h"
#include "model/webhook.h"
#include "store/store.h"

namespace shakehook {

class WebhookQueue {
 public:
  static constexpr std::size_t kWindowMax = 4096;  // fresh and parked ones in memory
  static constexpr std::size_t kUrgentMax = 256;
  // A read of due ones brings those that are held already first, so it is wanted only while half a page is held at
  // most: else it could bring nothing else, for ever.
  static constexpr std::size_t kDuePage = 256;

  // kOwes: there may be work in the store that no commit tells of.
  enum class Start { kEmpty, kOwes };

  WebhookQueue(Ordering ordering, Switch enabled, Start start);

  // Takes over the webhook's settings. After a change all waiting deliveries are read from the store again; while the
  // webhook is disabled, only deliveries that were sent by hand go out.
  void Configure(Ordering ordering, Switch enabled);
  // How much may wait in memory. What does not fit stays in the store and is read back.
  struct Room {
    std::size_t window = kWindowMax;              // fresh and parked ones
    std::size_t waiting_bytes = 4 * 1024 * 1024;  // for all waiting deliveries
    // One read brings at most this much of payloads, and this many deliveries.
    std::size_t page_bytes = 512 * 1024;
    std::size_t fresh_page = 512;
    std::size_t due_page = kDuePage;

    friend bool operator==(const Room&, const Room&) = default;
  };
  // Where all queues together hold much: a few deliveries, or one large one.
  static const Room kLittleRoom;
  void SetRoom(const Room& room) { room_ = room; }
  const Room& room() const { return room_; }

  // --- News of commits ---
  // Adds a new delivery, or one that was redelivered.
  void Add(OwedDelivery delivery);
  // There is more that was never tried than commits have told.
  void HearOfMore() { Spill(); }
  // Forgets what waits up to this position, and reads from the store whatever of it was not canceled.
  void Cancel(Position until);
  // The resources' data was erased from their events: what waits goes out without it.
  void Erase(const std::unordered_set<ResourceNumber>& resources);

  // The same, of one that Next() has just given.
  void EraseTaken(OwedDelivery& delivery);

  // --- Reading back. A read begins with Begin... and ends with its page or its failure; one of each kind at a time.
  // ---
  bool WantsFresh() const;
  // Returns the position after which to read.
  Position BeginFresh();
  void AddFresh(OwedPage page);
  void FreshFailed();
  // The earliest moment at which a retry may be due.
  std::optional<Timestamp> next_due() const { return due_.next; }
  void HearOfDue(std::optional<Timestamp> due);
  // While the webhook is off, only what was sent by hand is to be read.
  bool WantsDue(Timestamp now) const;
  void BeginDue();
  void AddDue(OwedPage page);
  void DueFailed();

  // --- Sending ---
  using Which = StartOrder::Which;
  bool HasReady(Which which) const { return order_.HasReady(which, enabled_); }
  // Returns the next delivery that may start; it counts as under way from now on. Returns nullopt if all waiting ones
  // are parked.
  std::optional<OwedDelivery> Next(Which which) { return order_.Next(which, enabled_); }
  // Its attempt has ended, and the result is on its way to the store. `retry_at`: when it is to be tried again; absent:
  // it has ended for good.
  void Ended(const OwedDelivery& delivery, std::optional<Timestamp> retry_at);
  // Its attempt did not come about, through no fault of the endpoint: it is the next one of its resource as before.
  void PutBack(OwedDelivery delivery);
  // That result is stored; a retry is read back when it is due.
  void Recorded(Position position);

  // Tells whether no delivery waits, is under way, or is known to be pending.
  bool idle() const;
  // The size of all waiting deliveries, with their payloads. A payload that several webhooks get is shared, and counted
  // for each.
  std::size_t bytes() const { return order_.bytes(); }
  // Fresh and parked ones in memory.
  std::size_t window_size() const { return order_.window(); }

 private:
  struct Result {
    ResourceNumber resource;
    bool had_due = false;     // it was a retry, or sent by hand
    std::size_t bytes = 0;    // the size of its payload
    bool hid_others = false;  // strict: what follows it was left in the store
    bool made_due = false;    // a person sent it by hand after it had ended
    std::optional<Timestamp> retry_at;
    bool blocks = false;  // counted in blocked_
  };
  // A result that is stored while reads are under way that began before, and may still bring the delivery as it was.
  struct Stored {
    Position position;
    Result result;
    bool until_fresh = false;  // a fresh read that began before is under way
    bool until_due = false;
    bool taken_again = false;  // a later read brought it as it is now
  };

  // The deliveries that are in memory or under way, or have a result that is not stored yet: none is taken a second
  // time.
  struct Held {
    std::unordered_set<Position> positions;
    std::size_t due = 0;        // how many of them were tried before, or sent by hand
    std::size_t due_bytes = 0;  // the size of their payloads
    // Deliveries without a due time that got one in the store since they were taken: a person sent them by hand.
    std::unordered_set<Position> made_due;

    bool Add(const OwedDelivery& delivery);
    void Remove(const OwedDelivery& delivery);
    void RemoveDue(std::size_t bytes);
  };
  // The reading of deliveries that were never tried.
  struct FreshRead {
    Position cursor;      // all up to here were taken, or are for a retry's end to bring back
    bool spilled;         // the store may have some after the cursor
    bool missed = false;  // one was not taken since the last read began
    bool under_way = false;
    bool stale = false;  // the read under way began at a cursor, or under settings, that no longer count
  };
  // The reading of retries, and of what was sent by hand.
  struct DueRead {
    std::optional<Timestamp> next;  // the earliest one that is known
    bool under_way = false;
    bool stale = false;  // the read under way began before a cancelation
  };

  bool strict() const { return ordering_ == Ordering::kStrict; }

  enum class From { kDueRead, kPerson };
  void HearOfMadeDue(Position position);
  void LetHoldAgain(Position position, From from);
  void EndFreshRead();
  void EndDueRead();
  void ForgetStored();

  void Spill();
  void ReadFromTheStart();
  void DropWaiting();
  bool Full() const;
  bool MayFollowARetry() const;

  void DropBehind(ResourceNumber resource);
  void Block(Result& result);
  void Unblock(Result& result);
  void CancelUnderWay(Position until);
  void TakeOutData(OwedDelivery& delivery);

  // Settings.
  Ordering ordering_;
  Switch enabled_;
  Room room_;

  // Deliveries that wait or are under way.
  StartOrder order_;
  Held held_;
  // Canceled while their attempts were under way: these end for good, whatever the attempt's result.
  std::unordered_set<Position> canceled_;

  // Results on their way to the store.
  std::unordered_map<Position, Result> unrecorded_;
  // Strict: of these resources retries are decided, or retries have ended, and the queue does not know yet that this is
  // stored; once for each. What a read brings of them is not taken: something before it may have been left in the
  // store.
  std::unordered_multiset<ResourceNumber> blocked_;

  // Reads, and what changed while they were under way.
  FreshRead fresh_;
  DueRead due_;
  std::vector<Stored> stored_during_read_;
  std::unordered_set<ResourceNumber> erased_during_read_;  // a read may still bring these as they were
};

}  // namespace shakehook
