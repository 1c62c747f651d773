// Api is the HTTP API of CONTRACT §4: it authenticates, validates, and turns requests into verbs of the Store. It does
// not depend on sockets (HttpServer calls Handle) or on the delivery engine (commits tell it of attempts).
//
// Ownership: everything that the constructor takes by reference outlives it.
// Threads:   Handle from any Loop, and it resumes there; listener() is called on the store's writer thread.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/registry.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/http/quotas.h"
#include "api/site/embedded_file.h"
#include "base/clock.h"
#include "net/address_policy.h"
#include "net/http_server.h"
#include "net/mail_sender.h"
#include "store/store.h"

namespace shakehook {

class PasswordHasher;
class SecretBox;
class Tracer;
struct Records;

class Api {
 public:
  // How long a failed delivery waits before each of its retries, without jitter.
  struct RetryWaits {
    std::vector<Milliseconds> standard;
    std::vector<Milliseconds> extended;
  };
  struct Options {
    std::string version;            // the program's version, for openapi.json
    std::optional<int> rate_limit;  // requests a second per key; absent: no limit
    QuotaLimits key_quota = kKeyQuota;
    QuotaLimits tenant_quota = kTenantQuota;
    Switch metrics_open = Switch::kOff;
    Switch access_log = Switch::kOff;     // at the start
    Switch at_socket = Switch::kOff;      // the server listens at a Unix socket, where no delivery reaches its inboxes
    Milliseconds delivery_timeout{5000};  // the longest time that the response of a test delivery may take
    RetryWaits retry_waits;               // as the webhooks' retry schedules have them; shown, not obeyed
    std::optional<MailSender> mail;       // absent: the operator has named no mail server
    std::function<bool()> draining;       // /readyz answers 503 while it is true
    // How long a change of something of this scope is held back before it is handled. Absent: not at all.
    std::function<Microseconds(const Scope& scope)> change_delay;
    std::span<const EmbeddedFile> dashboard = DashboardFiles();
    std::optional<std::string> public_url;      // the origin that browsers use, if the server listens elsewhere
    std::vector<AddressRange> trusted_proxies;  // beside this machine: proxies whose X-Forwarded-For is believed
    std::string setup_token;                    // for the first administrator; empty: there is one
    PasswordHasher* passwords = nullptr;        // null: passwords are hashed on the caller's loop (a simulation)
    std::vector<const Loop*> loops;             // whose slow turns /metrics tells
    // /metrics shows these beside the registry; they outlive the API.
    std::vector<const prometheus::Collectable*> collected;
    // Opens the links that `shakehook user reset` makes; null: there are none. It outlives the API.
    const SecretBox* box = nullptr;
    Tracer* tracer = nullptr;  // null: requests are not traced; else it outlives the API
  };

  Api(Store& store, Records& records, const AddressPolicy& policy, Clock& clock, prometheus::Registry& metrics,
      Options options);
  ~Api();

  Async<HttpResponse> Handle(Loop& loop, HttpRequest request);

  // For HttpServer::Options.
  static std::size_t BodyBytesMax(const HttpRequest& request);
  // Returns the owner of a large body: a key, a session, an inbox. The error is the response if there is none.
  Async<std::expected<BodyAdmission, HttpResponse>> Admit(Loop& loop, const HttpRequest& request);
  static HttpResponse Refuse(int status, std::string_view detail);

  // From any thread.
  void SetAccessLog(Switch access_log);

  // Feeds /api/stream and requests that wait for a test's result; the caller adds it to the store.
  CommitListener& listener();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace shakehook
