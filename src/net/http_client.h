// HttpClient is the Transport that speaks HTTP/1.1 over TCP and TLS with kept-alive connections. DNS is asynchronous,
// cached and single-flight; the AddressPolicy checks every address just before it is dialled; redirects are never
// followed, and no proxy is taken from the environment (`egress` may name one). Certificates and names are verified
// against the system's trust (SSL_CERT_FILE and SSL_CERT_DIR are honoured) and `ca_file`.
//
// A connection stays idle 4 s at most (Node's servers close theirs at 5), less where the peer says so (Keep-Alive:
// timeout). A reused one that is reset before any byte of a response is redialled once, inside the same attempt.
// One sweep per loop enforces all deadlines.
//
// Ownership: holds the idle sockets, each exchange under way holds its own; Loop and AddressPolicy outlive it.
// Threads:   lives on one loop, is destroyed after that loop ended; exchanges that have not ended by then never do.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <utility>

#include "net/address_policy.h"
#include "net/client_counts.h"
#include "net/egress.h"
#include "net/transport.h"

namespace shakehook {

// Loads the trust that all loops share. The error names the file.
class TlsTrust {
 public:
  static std::expected<std::shared_ptr<TlsTrust>, std::string> Load(const std::string& ca_file);
  ~TlsTrust();
  struct State;
  State& state() const { return *state_; }

 private:
  TlsTrust();
  std::unique_ptr<State> state_;
};

class HttpClient final : public Transport {
 public:
  struct Options {
    std::string name_servers = {};  // "127.0.0.1:5353,..."; empty: the system's
    Egress egress = {};
  };

  HttpClient(Loop& loop, const AddressPolicy& policy, std::shared_ptr<TlsTrust> trust)
      : HttpClient(loop, policy, std::move(trust), Options()) {}
  HttpClient(Loop& loop, const AddressPolicy& policy, std::shared_ptr<TlsTrust> trust, Options options);
  ~HttpClient() override;

  Async<Exchange> Post(PostRequest request) override;
  bool IsOfThisServer(const TargetUrl& url) const override;

  // From any thread.
  const ClientCounts& counts() const;
  std::size_t idle_connections() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace shakehook
