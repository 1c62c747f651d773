// World is the whole service on one loop and a virtual clock: the program's composition (service/service.h) over the
// real store on a file; only the network is a script. With a listener, requests are bytes that the program's HTTP
// server reads. The same seed gives the same run.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/secret_box.h"
#include "service/service.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/simulated_clock.h"
#include "testing/temporary_folder.h"
#include "testing/world/simulated_transport.h"

namespace shakehook {

class WorldClient;

class World {
 public:
  struct Options {
    std::uint64_t seed = 1;
    int lanes = 2;
    Dispatcher::Options dispatcher = {};
    Timestamp start = SimulatedClock::kStart;
    // Makes a lane's transport; absent: a SimulatedTransport that asks `script`.
    std::function<std::unique_ptr<Transport>(Loop&, const AddressPolicy&)> make_transport = {};
    std::function<bool()> fail_commit = {};
    std::optional<Milliseconds> retention = {};  // absent: nothing is purged
    Switch durable = Switch::kOff;               // the database is synced, as it is in production
    // Requests come over TCP through the program's HTTP server, whose time is virtual too (world_client.h). Off: they
    // are given to the service.
    Switch listener = Switch::kOff;
    HttpServer::Limits limits = {};  // the listener's
    std::string setup_token = {};    // for the first administrator; empty: there is none to be made
  };

  explicit World(Options options);
  ~World();

  SimulatedClock& clock() { return clock_; }
  Random& random() { return random_; }
  Loop& loop() { return *loop_; }
  Store& store() { return *store_; }
  // Null: there is none.
  HttpServer* listener() { return listener_.get(); }
  // The header that makes a request the administrator's.
  static std::pair<std::string, std::string> AdminHeader();
  std::string database() const { return folder_.File("world.db"); }

  // The receivers' responses; may be replaced at any time.
  SimulatedTransport::Script script;

  struct Response {
    int status = 0;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;

    // The body as JSON; null where it is none.
    Json json() const;
    // A text member of the body; empty where there is none.
    std::string Text(std::string_view key) const;
  };
  // Sends a request with the admin key, and runs the world until it is answered. Virtual time goes on only if the
  // answer waits for it.
  Response Call(std::string_view method, std::string_view path, std::string_view body = {},
                std::vector<std::pair<std::string, std::string>> headers = {});

  // Runs what is due until `duration` of virtual time has passed.
  void Run(Milliseconds duration);
  // Runs until nothing is ready; no time passes.
  void Settle();
  // Lets time pass to the next timer, and runs it. Precondition: there is one.
  void PassToNextTimer();

  // The process dies, and everything that is not on disk is lost. Then it starts again.
  void Crash();
  // Called while the process is dead.
  std::function<void()> on_crash = [] {};
  // Sends a request, and the process dies after `turns` steps of its loop. Returns nullopt if it died before it
  // answered; then the caller cannot know whether the request took effect.
  std::optional<Response> CallAndCrash(std::string_view method, std::string_view path, std::string_view body,
                                       int turns);

 private:
  void Start();
  void Stop();
  // Returns a connection to the listener.
  WorldClient& UseClient();
  static HttpRequest MakeRequest(std::string_view method, std::string_view path, std::string_view body);

  Options options_;
  SimulatedClock clock_;
  SeededRandom random_;
  TemporaryFolder folder_;
  SecretBox box_;
  AddressPolicy policy_;

  // The process's parts, in the order they are made.
  std::shared_ptr<prometheus::Registry> metrics_;
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<Random> store_random_, service_random_;
  std::vector<std::unique_ptr<Random>> lane_randoms_;
  std::vector<std::unique_ptr<Transport>> transports_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<HttpServer> listener_;
  std::unique_ptr<WorldClient> client_;  // Call's connection to the listener
};

}  // namespace shakehook
