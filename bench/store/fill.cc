#include "fill.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "base/json.h"
#include "model/payload.h"
#include "model/resource.h"
#include "model/search_text.h"
#include "model/sort_name.h"
#include "open_store.h"

namespace shakehook::bench {
namespace {

constexpr std::uint64_t kEventsATurn = 500;
constexpr std::uint64_t kFailedOneOf = 50;
// Deliveries that have ended are spread over this time, which the default retention (30 days) keeps.
constexpr Milliseconds kHistory = std::chrono::days(25);

// Time as it passes while the history is made.
class HistoryClock final : public Clock {
 public:
  HistoryClock(Timestamp begin, Milliseconds length, std::uint64_t steps)
      : begin_(begin), length_(length), steps_(std::max<std::uint64_t>(1, steps)) {}

  void StepTo(std::uint64_t step) { step_ = step; }
  Timestamp Now() const override {
    return begin_ + Milliseconds(static_cast<std::int64_t>(static_cast<double>(length_.count()) *
                                                           (static_cast<double>(step_) / static_cast<double>(steps_))));
  }
  SteadyTime Steady() const override { return SystemClock().Steady(); }

 private:
  const Timestamp begin_;
  const Milliseconds length_;
  const std::uint64_t steps_;
  std::uint64_t step_ = 0;
};

// Collects the pending deliveries that the commits announce.
class OwedDeliveries final : public CommitListener {
 public:
  void OnCommit(const Commit& commit) override {
    for (const Commit::Owed& entry : commit.owed) owed.push_back(entry.delivery);
  }
  std::vector<OwedDelivery> owed;
};

ResourceChange MakeContact(const SharedVenue& venue, std::uint64_t revision, std::uint64_t number, Timestamp now,
                           Random& random) {
  const std::string digits = std::to_string(number);
  Json patch{Json::Object()};
  for (const auto& [field, value] : std::initializer_list<std::pair<const char*, std::string>>{
           {"first_name", "Jean-Baptiste"},
           {"last_name", "Number " + digits},
           {"email", "jb.moreau." + digits + "@example.com"},
           {"phone", "+33612345678"},
           {"landline_phone", "+33145678901"},
           {"title", "Responsable evenementiel"},
           {"address_line_1", "10 rue du Faubourg Saint-Honore"},
           {"address_line_2", "Batiment A, 2e etage, escalier de gauche"},
           {"postal_code", "75008"},
           {"city", "Paris"},
           {"country", "France"}}) {
    patch.Add(field, value);
  }
  Resource contact(ResourceKind::kContact);
  contact.id = {Uuid::MakeV7(now, random).ToString()};
  contact.created_at = now;
  Merge(contact, patch, {});
  ResourceChange change{.venue_id = venue->id,
                        .kind = ResourceKind::kContact,
                        .id = contact.id,
                        .revision = revision,
                        .data = ToData(contact),
                        .email = std::string(*contact.Text("email")),
                        .search = SearchTextOf(contact),
                        .name = SortNameOf(contact),
                        .created_at = now};
  auto event = std::make_shared<Event>();
  event->id = {Uuid::MakeV7(now, random)};
  event->type = EventType::kContactCreated;
  event->timestamp = now;
  event->venue_id = venue->id;
  event->venues_group_id = venue->venues_group_id;
  event->resource_id = contact.id;
  event->payload = BuildPayload({event->type, now, event->venue_id, event->venues_group_id, change.data});
  change.event = std::move(event);
  return change;
}

// Returns one attempt for each delivery.
std::vector<AttemptResult> Try(const std::vector<OwedDelivery>& owed, std::uint64_t ended_before, Timestamp now) {
  std::vector<AttemptResult> results;
  results.reserve(owed.size());
  for (const OwedDelivery& delivery : owed) {
    const bool failed = (ended_before + results.size()) % kFailedOneOf == 0;
    AttemptResult result{.key = delivery.key, .id = delivery.id, .created_at = delivery.created_at};
    result.attempt.started_at = now;
    result.attempt.duration = Microseconds(1500);
    result.attempt.status_code = failed ? 500 : 204;
    if (failed) result.attempt.error = {FailureClass::kStatus, "The endpoint answered 500."};
    result.attempt.signature.fill(0xaa);
    result.attempt.response_headers =
        "Server: nginx\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nConnection: keep-alive\r\n";
    result.attempt.timings.first_byte = Microseconds(1400);
    result.verdict = failed ? AttemptResult::Verdict::kFailed : AttemptResult::Verdict::kDelivered;
    result.ended_at = now + Milliseconds(2);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace

std::uint64_t Run(const Fill& fill) {
  const bool ended = fill.then == Fill::Then::kEnded;
  const Timestamp now = SystemClock().Now();
  HistoryClock clock(ended ? now - kHistory : now - Milliseconds(1), ended ? kHistory : Milliseconds(0),
                     fill.event_count);
  OwedDeliveries heard;
  OpenStore open(fill.folder, clock);
  open.store().AddListener(heard);
  std::vector<SharedVenue> venues;
  for (std::uint64_t i = 0; i < fill.venue_count; ++i) {
    const VenueId id{fill.venue_prefix + std::to_string(i)};
    venues.push_back(open.store().config_cache().FindVenue(id));
    if (!venues.back()) {
      std::fprintf(stderr, "bench_store: there is no venue %s\n", id.text.c_str());
      std::exit(1);
    }
  }
  std::uint64_t made = 0;
  for (std::uint64_t number = 0; number < fill.event_count;) {
    std::vector<ResourceChange> changes;
    for (; changes.size() < kEventsATurn && number < fill.event_count; ++number) {
      clock.StepTo(number);
      const SharedVenue& venue = venues[number % venues.size()];
      const std::uint64_t revision = open.store().config_cache().RevisionOf(venue->id);
      changes.push_back(MakeContact(venue, revision, number, clock.Now(), open.random()));
    }
    open.Run(open.store().Apply(std::move(changes), std::nullopt));
    if (ended) open.Run(open.store().Record({}, Try(heard.owed, made, clock.Now())));
    made += heard.owed.size();
    heard.owed.clear();
  }
  return made;
}

}  // namespace shakehook::bench
