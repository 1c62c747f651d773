#include "simulation.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <iterator>
#include <utility>

#include "testing/failing_disk.h"

namespace shakehook::simulation {
namespace {

constexpr int kSteps = 400;
constexpr int kResources = 6;  // per kind and venue: few, so that changes of one follow each other closely
constexpr std::int64_t kStepMsMax = 60'000;
constexpr Milliseconds kLongEnoughToEnd{12 * 3'600'000};

const std::set<std::string> kAllEvents = {"account.created", "account.updated", "account.deleted",
                                          "contact.created", "contact.updated", "contact.deleted"};

// In place before anything opens a database.
FailingDisk& disk = FailingDisk::Instance();

std::string EventsJson(const std::set<std::string>& events) {
  Json::Array names;
  for (const std::string& event : events) names.push_back(Json(event));
  return ToString(Json(std::move(names)));
}

}  // namespace

// The seed decides whether a lane forgets every idle webhook or none of them, whether the database is synced, and
// whether requests come as bytes through the HTTP server.
Simulation::Simulation(std::uint64_t seed)
    : random_(seed),
      world_({.seed = seed,
              .dispatcher = {.idle_webhooks_max = seed % 2 == 0 ? 0u : 4096u},
              .retention = std::chrono::hours(30 * 24),
              .durable = seed % 5 == 0 ? Switch::kOn : Switch::kOff,
              .listener = seed % 4 == 0 ? Switch::kOff : Switch::kOn}) {
  world_.script = [this](const ReceivedRequest& request) { return Answer(request); };
  world_.on_crash = [this] { ledger_.Crashed(); };
}

World::Response Simulation::Call(std::string_view method, const std::string& path, const std::string& body) {
  World::Response response = world_.Call(method, path, body);
  EXPECT_LT(response.status, 300) << method << " " << path << ": " << response.body;
  return response;
}

void Simulation::SetUp() {
  Call("POST", "/api/venues-groups", R"({"id":"group","name":"Both"})");
  Call("POST", "/api/venues", R"({"id":"north","name":"North","venues_group_id":"group"})");
  Call("POST", "/api/venues", R"({"id":"south","name":"South","venues_group_id":"group"})");
  Call("POST", "/api/venues", R"({"id":"alone","name":"Alone"})");
  Subscribe({.host = "group.example", .venues = {"north", "south"}, .events = kAllEvents},
            R"({"venues_group_id":"group"})", R"("standard_headers":true)");
  Subscribe({.host = "strict.example", .venues = {"north"}, .events = kAllEvents, .strict = true},
            R"({"venue_id":"north"})", R"("ordering":"strict")");
  Subscribe({.host = "limited.example", .venues = {"alone"}, .events = kAllEvents, .max_concurrent = 1},
            R"({"venue_id":"alone"})", R"("max_concurrent":1)");
  Subscribe({.host = "paced.example",
             .venues = {"south"},
             .events = {"contact.created", "contact.updated"},
             .max_per_second = 2},
            R"({"venue_id":"south"})", R"("max_per_second":2)");
  Subscribe({.host = "both.example", .venues = {"north", "south"}, .events = kAllEvents, .strict = true},
            R"({"venues_group_id":"group"})", R"("ordering":"strict","max_concurrent":2)");
}

void Simulation::Subscribe(Subscription subscription, const std::string& scope, std::string_view settings) {
  const auto response =
      Call("POST", "/api/webhooks",
           R"({"name":"Simulated","url":"https://)" + subscription.host + R"(/hook","events":)" +
               EventsJson(subscription.events) + ",\"scope\":" + scope + "," + std::string(settings) + "}");
  subscription.id = response.Text("id");
  subscription.secret = response.Text("secret");
  moods_[subscription.host] = Mood::kFine;
  ledger_.subscriptions.push_back(std::move(subscription));
}

SimulatedResponse Simulation::Answer(const ReceivedRequest& request) {
  SimulatedResponse response;
  response.delay = Milliseconds(1 + random_.Below(200));
  switch (moods_[request.host]) {
    case Mood::kFine:
      break;
    case Mood::kSlow:
      response.delay = Milliseconds(random_.Below(4'900));
      break;
    case Mood::kFlaky:
      if (Chance(0.4)) response.status = 500;
      break;
    case Mood::kError:
      response.status = Chance(0.5) ? 500 : 404;
      break;
    case Mood::kBusy:
      response.status = Chance(0.5) ? 429 : 503;
      response.headers = "Retry-After: " + std::to_string(random_.Below(120)) + "\r\n";
      break;
    case Mood::kRefusing:
      response.status = 0;
      break;
    case Mood::kSilent:
      response.delay = Milliseconds(3'600'000);
      break;
    case Mood::kGarbled:
      response.status = 0;
      response.failure = TransportFailure::kInvalidResponse;
      break;
  }
  constexpr Milliseconds kTimeout{5'000};
  const bool success = response.status >= 200 && response.status < 300 && response.delay <= kTimeout;
  ledger_.Receive(request, std::min(response.delay, kTimeout), success);
  return response;
}

Simulation::Change Simulation::PickChange() {
  static constexpr const char* kVenues[] = {"north", "south", "alone"};
  Change change;
  change.venue = kVenues[random_.Below(3)];
  const bool contact = Chance(0.7);
  const std::string collection = "/api/venues/" + change.venue + (contact ? "/contacts" : "/accounts");
  change.resource = (contact ? "c" : "a") + std::to_string(random_.Below(kResources));
  const std::string kind = contact ? "contact" : "account";
  const std::string text = "\"city\":\"Paris " + std::to_string(++edits_) + "\"";
  if (!existing_.contains(change.venue + change.resource)) {
    change = {"POST",       collection,        "{\"id\":\"" + change.resource + "\"," + text + "}",
              change.venue, kind + ".created", change.resource};
  } else if (Chance(0.8)) {
    change = {"PATCH",        collection + "/" + change.resource, "{" + text + "}", change.venue, kind + ".updated",
              change.resource};
  } else {
    change = {"DELETE", collection + "/" + change.resource, "", change.venue, kind + ".deleted", change.resource};
  }
  return change;
}

void Simulation::Note(const Change& change, int status) {
  ASSERT_LT(status, 300);
  ledger_.Owe(change.venue, change.event, change.resource);
  if (change.method == "POST") existing_.insert(change.venue + change.resource);
  if (change.method == "DELETE") existing_.erase(change.venue + change.resource);
}

void Simulation::ChangeSomething() {
  const Change change = PickChange();
  const auto response = Call(change.method, change.path, change.body);
  Note(change, response.status);
}

void Simulation::ChangeAndCrash() {
  const Change change = PickChange();
  const auto response =
      world_.CallAndCrash(change.method, change.path, change.body, static_cast<int>(random_.Below(16)));
  if (response) {
    Note(change, response->status);
  } else {
    NoteIfDone(change);
  }
}

// The resource itself shows whether the change took effect; the event exists exactly if it did.
void Simulation::NoteIfDone(const Change& change) {
  const std::string id = change.method == "POST" ? "/" + change.resource : "";
  const auto now = world_.Call("GET", change.path + id);
  const bool exists = now.status == 200;
  bool done = exists;
  if (change.method == "DELETE") done = !exists;
  if (change.method == "PATCH") done = now.Text("city") == *ParseJson(change.body)->Find("city")->text();
  if (done) Note(change, 200);
}

// Some calls of the disk fail, among many changes; sometimes the process dies of it. A change is answered with success
// or refused with 503, and a refused change has no effect, except for the last one before the process ended: a log that
// could not be synced may still be there when it is read again.
void Simulation::ChangeOnAFailingDisk() {
  using Call = FailingDisk::Call;
  static constexpr std::pair<Call, int> kFaults[] = {
      {Call::kWrite, SQLITE_FULL},       {Call::kWrite, SQLITE_READONLY},  {Call::kWrite, SQLITE_IOERR_WRITE},
      {Call::kSync, SQLITE_IOERR_FSYNC}, {Call::kRead, SQLITE_IOERR_READ}, {Call::kTruncate, SQLITE_IOERR_TRUNCATE}};
  const auto [call, code] = kFaults[random_.Below(std::size(kFaults))];
  disk.Fail(call, code, 1 + static_cast<std::int64_t>(random_.Below(30)),
            1 + static_cast<std::int64_t>(random_.Below(30)));
  std::optional<Change> refused;
  for (std::uint64_t i = 1 + random_.Below(10); i > 0; --i) {
    const Change change = PickChange();
    const auto response = world_.Call(change.method, change.path, change.body);
    if (response.status == 503) {
      refused = change;
    } else {
      Note(change, response.status);
      refused.reset();
    }
    world_.Run(Milliseconds(random_.Below(3'000)));
  }
  disk.Heal();
  if (!Chance(0.3)) return;
  world_.Crash();
  if (refused) NoteIfDone(*refused);
}

void Simulation::ChangeMood() {
  const Subscription& subscription = AnySubscription();
  moods_[subscription.host] = Chance(0.4) ? Mood::kFine : static_cast<Mood>(random_.Below(kMoods));
}

void Simulation::Toggle(Subscription& subscription, bool enabled) {
  Call("PATCH", "/api/webhooks/" + subscription.id, enabled ? R"({"enabled":true})" : R"({"enabled":false})");
  subscription.enabled = enabled;
}

void Simulation::Rotate(Subscription& subscription) {
  const std::int64_t overlap_seconds = Chance(0.2) ? 0 : static_cast<std::int64_t>(random_.Below(3'600));
  const std::int64_t now = UnixMs(world_.clock().Now());
  const Subscription before = subscription;
  subscription.rotating = true;
  const auto response = Call("POST", "/api/webhooks/" + subscription.id + "/secret",
                             "{\"overlap_seconds\":" + std::to_string(overlap_seconds) + "}");
  subscription.rotating = false;
  // During an overlap the receiver still has the oldest secret.
  if (now >= subscription.overlap_ends_at) subscription.previous_secret = subscription.secret;
  subscription.secret = response.Text("secret");
  // Without one the old secret is gone for good, even where the clock goes back.
  subscription.overlap_ends_at = overlap_seconds == 0 ? 0 : now + overlap_seconds * 1000;
  for (const ReceivedRequest& request : std::exchange(subscription.sent_while_rotating, {})) {
    const std::string signature = request.Header("Bookingshake-Signature");
    EXPECT_TRUE(signature == before.SignatureOf(request.body, UnixMs(request.at)) ||
                signature == subscription.SignatureOf(request.body, UnixMs(request.at)))
        << "signed neither as before the rotation nor as after it";
  }
}

void Simulation::Discard(Subscription& subscription) {
  subscription.discarded = true;
  Call("POST", "/api/webhooks/" + subscription.id + "/discard");
}

// A person sends what waits for a retry, of one webhook or of all. The receivers may still fail.
void Simulation::SendNow() {
  if (Chance(0.5)) {
    Call("POST", "/api/webhooks/" + AnySubscription().id + "/send-now");
    return;
  }
  Json::Array ids;
  for (const Subscription& subscription : ledger_.subscriptions) ids.push_back(Json(subscription.id));
  Call("POST", "/api/webhooks/send-now", "{\"webhook_ids\":" + ToString(Json(std::move(ids))) + "}");
}

void Simulation::RedeliverOne(const Subscription& subscription) {
  const std::vector<Json> deliveries = ListDeliveries(subscription);
  if (deliveries.empty()) return;
  const std::string id = *deliveries[random_.Below(deliveries.size())].Find("id")->text();
  ledger_.Redelivered(id);
  Call("POST", "/api/deliveries/" + id + "/redeliver");
}

// All that has ended, but for what was delivered, unless that is asked for too.
void Simulation::Replay(const Subscription& subscription) {
  for (const Json& delivery : ListDeliveries(subscription)) ledger_.Redelivered(*delivery.Find("id")->text());
  const std::string statuses = Chance(0.3) ? R"(["failed","canceled","delivered"])" : R"(["failed","canceled"])";
  const auto response = world_.Call("POST", "/api/webhooks/" + subscription.id + "/replay",
                                    "{\"status\":" + statuses + R"(,"missing":true})");
  // 409: the one before still runs, or waits for its webhook to be enabled.
  EXPECT_TRUE(response.status == 201 || response.status == 409) << response.body;
  if (response.status == 201 && Chance(0.2)) Call("POST", "/api/replays/" + response.Text("id") + "/cancel");
}

std::vector<Json> Simulation::ListDeliveries(const Subscription& subscription) {
  std::vector<Json> deliveries;
  std::string cursor;
  for (;;) {
    const Json page = Call("GET", "/api/deliveries?limit=200&webhook_id=" + subscription.id + cursor).json();
    for (const Json& delivery : *page.Find("data")->array()) deliveries.push_back(delivery);
    const std::string* const next = page.Find("next_cursor")->text();
    if (next == nullptr) return deliveries;
    cursor = "&cursor=" + *next;
  }
}

// By an hour or a day, either way; sometimes while the process is down.
void Simulation::JumpClock() {
  constexpr Milliseconds kJumps[] = {Milliseconds(3'600'000), Milliseconds(-3'600'000), Milliseconds(24 * 3'600'000),
                                     Milliseconds(-24 * 3'600'000)};
  const Milliseconds jump = kJumps[random_.Below(std::size(kJumps))];
  if (Chance(0.5)) {
    world_.clock().JumpWall(jump);
    return;
  }
  world_.on_crash = [this, jump] {
    ledger_.Crashed();
    world_.clock().JumpWall(jump);
  };
  world_.Crash();
  world_.on_crash = [this] { ledger_.Crashed(); };
}

void Simulation::Step() {
  const double chance = random_.Unit();
  if (chance < 0.79) {
    ChangeSomething();
  } else if (chance < 0.80) {
    SendNow();
  } else if (chance < 0.89) {
    ChangeMood();
  } else if (chance < 0.92) {
    Subscription& subscription = AnySubscription();
    Toggle(subscription, !subscription.enabled);
  } else if (chance < 0.935) {
    Rotate(AnySubscription());
  } else if (chance < 0.95) {
    RedeliverOne(AnySubscription());
  } else if (chance < 0.953) {
    Discard(AnySubscription());
  } else if (chance < 0.957) {
    Replay(AnySubscription());
  } else if (chance < 0.962) {
    JumpClock();
  } else if (chance < 0.966) {
    ChangeOnAFailingDisk();
  } else if (chance < 0.984) {
    ChangeAndCrash();
  } else {
    world_.Crash();
  }
  // Often several changes in the same moment, often a minute apart.
  if (Chance(0.6)) world_.Run(Milliseconds(random_.Below(Chance(0.5) ? 1'000 : kStepMsMax)));
}

void Simulation::CheckTheEnd() {
  for (Subscription& subscription : ledger_.subscriptions) {
    moods_[subscription.host] = Mood::kFine;
    if (!subscription.enabled) Toggle(subscription, true);
  }
  world_.Run(kLongEnoughToEnd);
  for (const Subscription& subscription : ledger_.subscriptions) {
    ledger_.Compare(subscription, ListDeliveries(subscription));
  }
  EXPECT_GT(ledger_.requests(), 100u);
}

void Simulation::Run() {
  SetUp();
  for (int step = 0; step < kSteps && !testing::Test::HasFailure(); ++step) Step();
  if (!testing::Test::HasFailure()) CheckTheEnd();
}

}  // namespace shakehook::simulation
