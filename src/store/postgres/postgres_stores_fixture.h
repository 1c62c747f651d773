// The fixture of the tests of one or several PostgresStores over one database, each a node.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/postgres/postgres_test_server.h"
#include "store/postgres/store_so_far_fixture.h"
#include "testing/simulated_clock.h"

namespace shakehook::postgres {

// The numbers of nodes.
inline constexpr int kFirst = 1;
inline constexpr int kSecond = 2;

class PostgresStores : public testing::Test {
 protected:
  PostgresStores() { ExecuteOnServer("CREATE DATABASE stores"); }
  ~PostgresStores() override { ExecuteOnServer("DROP DATABASE stores WITH (FORCE)"); }

  using Parameters = std::vector<std::pair<std::string, std::string>>;

  std::unique_ptr<StoreSoFar> Make(int node, Random& random, Parameters parameters) {
    return std::make_unique<StoreSoFar>(
        PostgresOptions{.parameters = std::move(parameters), .node = node, .readers = 1}, box_, clock_, random);
  }
  std::unique_ptr<StoreSoFar> Make(int node, Random& random) {
    return Make(node, random, TestServer().ParametersFor("stores"));
  }
  std::unique_ptr<StoreSoFar> Open(int node) {
    auto store = Make(node, node == kFirst ? random_ : other_random_);
    EXPECT_EQ(store->Open(), "");
    return store;
  }

  template <class T>
  T Do(Async<T> verb) {
    std::optional<T> result;
    loop_.Spawn([](Async<T> waited, std::optional<T>& to) -> Async<> { to = co_await std::move(waited); }(
                                                              std::move(verb), result));
    const asio::executor_work_guard<Executor> work(loop_.executor());
    loop_.context().restart();  // it stopped when it had nothing to wait for
    while (!result && loop_.context().run_one_for(std::chrono::seconds(60)) > 0) {
    }
    EXPECT_TRUE(result);
    return *std::move(result);
  }
  // Runs them together, as callers that come at the same time.
  std::vector<Stored<Done>> DoAll(std::vector<Async<Stored<Done>>> verbs) {
    std::vector<std::optional<Stored<Done>>> results(verbs.size());
    std::size_t left = verbs.size();
    for (std::size_t i = 0; i < verbs.size(); ++i) {
      loop_.Spawn([](Async<Stored<Done>> waited, std::optional<Stored<Done>>& to, std::size_t& count) -> Async<> {
        to = co_await std::move(waited);
        --count;
      }(std::move(verbs[i]), results[i], left));
    }
    const asio::executor_work_guard<Executor> work(loop_.executor());
    loop_.context().restart();
    while (left > 0 && loop_.context().run_one_for(std::chrono::seconds(60)) > 0) {
    }
    EXPECT_EQ(left, 0u);
    std::vector<Stored<Done>> done;
    for (auto& result : results) done.push_back(*std::move(result));
    return done;
  }

  // Makes the venue "v" with a webhook for all of its events. Returns the webhook.
  SharedWebhook MakeVenue(Store& store) {
    EXPECT_TRUE(Save(store, ConfigPut<Venue>{{.id = {"v"}, .name = "V"}, 0}));
    Webhook webhook;
    webhook.id = {Uuid::MakeV7(clock_.Now(), test_random_)};
    webhook.url = "https://receiver.example/";
    webhook.scope = Scope::Of(VenueId{"v"});
    for (const EventType type : kEventTypes) webhook.events.Add(type);
    EXPECT_TRUE(Save(store, ConfigPut<Webhook>{webhook, 0}));
    return store.config_cache().FindWebhook(webhook.id);
  }
  // A change in the venue "v".
  ResourceChange Change(Store& store, EventType type, const std::string& id, std::int64_t expected_version) {
    clock_.Advance(Milliseconds(1));
    auto event = std::make_shared<Event>();
    event->id = {Uuid::MakeV7(clock_.Now(), test_random_)};
    event->type = type;
    event->timestamp = clock_.Now();
    event->venue_id = {"v"};
    event->resource_id = {id};
    event->payload = "{}";
    ResourceChange change;
    change.venue_id = {"v"};
    change.kind = KindOf(type);
    change.id = {id};
    change.expected_version = expected_version;
    change.revision = store.config_cache().RevisionOf({"v"});
    if (VerbOf(type) != Verb::kDeleted) change.data = "{\"id\":\"" + id + "\"}";
    change.event = std::move(event);
    return change;
  }
  Stored<Done> Apply(Store& store, ResourceChange change) { return Do(store.Apply({std::move(change)}, {})); }
  std::optional<StoredResource> Get(Store& store, ResourceKind kind, const std::string& id) {
    return Do(store.GetResources({"v"}, kind, {{id}}, {}))->at(0);
  }
  std::vector<OwedDelivery> Owed(Store& store, const SharedWebhook& webhook) {
    return Do(store.TakeOwed({}, webhook->number, {}, Ordering::kRelaxed, {.deliveries = 1'000}))->deliveries;
  }
  Stored<Done> Save(Store& store, ConfigChange::Any change) { return Do(store.SaveConfig({std::move(change)}, {})); }

  SimulatedClock clock_;
  SeededRandom random_{1};
  SeededRandom other_random_{2};
  SeededRandom test_random_{3};  // the others are the stores'
  Loop loop_{clock_};
  const SecretBox box_{SecretBox::Key{}};
};

}  // namespace shakehook::postgres
