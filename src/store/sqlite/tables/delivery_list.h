// Lists of deliveries, newest first: pending and ended ones merged, each kind read by an index that fits the query, so
// that what others send is not looked at.
//
// Threads: those of its connection.
#pragma once

#include <vector>

#include "store/sqlite/engine/newest_first_merge.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/tables/delivery_reads.h"
#include "store/sqlite/tables/event_reads.h"
#include "store/sqlite/tables/listing.h"
#include "store/store.h"

namespace shakehook::sqlite {

using DeliveryListing = Listing<DeliveryQuery, Delivery>;

class DeliveryList {
 public:
  DeliveryList(Connection& connection, DeliveryReads& deliveries, EventReads& events);

  // Adds to the page what a bounded number of further rows brings. kComplete: it is full, or there is nothing more.
  Progress Continue(DeliveryListing& listing);

 private:
  // The columns of a delivery that are read before all of it.
  struct Row {
    DeliveryKey key;
    std::optional<DeliveryStatus> status = {};
    std::optional<Timestamp> created_at = {};
  };
  using Merged = NewestFirstMerge<Row>;
  struct Bounds {
    std::optional<std::int64_t> venue;  // the number of the venue that the query names
    Position oldest;                    // no delivery before it fits the query
  };

  // Sets the query's statuses and `before` to what may fit. nullopt: nothing does.
  std::optional<Bounds> Narrow(DeliveryQuery& query);
  Progress ContinueOfResource(DeliveryListing& listing, const Bounds& bounds);
  Progress ContinueOfVenue(DeliveryListing& listing, const Bounds& bounds);
  Progress ContinueMerged(DeliveryListing& listing, const Bounds& bounds);
  // Returns those of the query's webhooks that may have pending deliveries.
  std::vector<WebhookNumber> WebhooksWithPending(const DeliveryQuery& query);
  void AddPending(const DeliveryQuery& query, Merged& merged);
  void AddEnded(const DeliveryQuery& query, Merged& merged);
  static std::vector<Row> ReadRows(Rows<struct ListedEndedColumns> ended);
  static std::vector<Row> ReadRows(Rows<struct ListedPendingColumns> pending);
  // Goes through the deliveries of events, newest first; `more`: there are events behind these.
  Progress ContinueOfEvents(DeliveryListing& listing, const Bounds& bounds, const std::vector<Position>& events,
                            bool more);
  std::vector<DeliveryKey> KeysOfEvent(Position position, const std::vector<WebhookNumber>& pending_of);
  // Takes the delivery into the page if it fits the query.
  void Consider(const Row& row, const Bounds& bounds, DeliveryListing& listing);
  bool IsOfAskedEvent(Position position, const DeliveryQuery& query, const Bounds& bounds);
  bool HasAskedResponse(const DeliveryKey& key, const ResponseFilter& response);

  DeliveryReads& deliveries_;
  EventReads& events_;
  Select<ListedPendingColumns> pending_of_;
  Select<ListedEndedColumns> ended_, ended_of_, undelivered_, undelivered_of_;
  Select<struct EventKindColumns> event_;
  SelectOne<WebhookNumber> ended_of_event_;
  Statement pending_exists_;
  SelectOne<std::int64_t> venue_number_;
  SelectOne<Position> events_of_venue_;
};

}  // namespace shakehook::sqlite
