// Service is the server without its process: the API, the delivery engine and the jobs over one store, put together
// from what its caller injects. `shakehook serve` gives it threads, sockets and the real clock; the simulation gives it
// one loop, scripted receivers and virtual time. Both run this same composition, and both serve it by MakeListener().
//
// Ownership: what is injected outlives it, and so do the loops' coroutines: the caller ends the threads, then destroys
//            the store and the password hasher (they drop the coroutines that wait in them), then the loops, then this.
// Threads:   made, started and destroyed by one thread; Handle on the API's loops.
#pragma once

#include <prometheus/registry.h>

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "api/api.h"
#include "base/clock.h"
#include "base/random.h"
#include "delivery/dispatcher.h"
#include "jobs/jobs.h"
#include "net/address_policy.h"
#include "net/http_server.h"
#include "records/records.h"
#include "service/webhook_watch.h"
#include "store/store.h"

namespace shakehook {

class Service {
 public:
  struct Injected {
    Clock& clock;
    Random& random;  // ids, secrets and tokens; nobody else draws from it
    Store& store;
    const AddressPolicy& policy;
    prometheus::Registry& metrics;
    std::vector<Dispatcher::Lane> lanes;
    Loop& jobs;
    Transport* notices = nullptr;  // on the jobs' loop; null: no notice is sent
    SmtpClient* mail = nullptr;    // on the jobs' loop; null: none by e-mail
    Tracer* tracer = nullptr;      // null: nothing is traced
  };
  struct Options {
    Dispatcher::Options delivery;                     // `tracer` is its own
    Api::Options api;                                 // `draining`, `mail`, `retry_waits` and `tracer` are its own
    std::optional<Milliseconds> retention;            // absent: nothing is purged
    std::optional<WebhookWatch::Options> watch = {};  // absent: nobody looks at how webhooks do
  };

  Service(Injected injected, Options options);

  // Resumes pending deliveries and the jobs that ran before. Called once.
  void Start();

  // Answers a request. Changes of a tenant are held back a little while delivery does not keep up with it; reads are
  // not.
  Async<HttpResponse> Handle(Loop& loop, HttpRequest request);

  // Returns an HTTP server that hands its requests to Handle, with the API's limits for bodies and its refusals; of
  // `options`, those are left out. It is destroyed before this.
  std::unique_ptr<HttpServer> MakeListener(HttpServer::Options options, std::vector<Loop*> loops);

  // From now on readiness is false, and no new attempt starts. Calls `done` on one of the lanes' loops when the
  // attempts under way have ended and are recorded.
  void Drain(Task done);

  Api& api() { return api_; }

 private:
  static Dispatcher::Options OptionsOfDelivery(const Injected& injected, const Options& options);
  // The API shows what the watch finds.
  Api::Options OptionsOfApi(const Injected& injected, const Options& options);

  std::atomic<bool> draining_ = false;
  Records records_;
  Dispatcher dispatcher_;
  std::optional<WebhookWatch> watch_;
  const std::string public_url_;
  Api api_;
  Jobs jobs_;
};

}  // namespace shakehook
