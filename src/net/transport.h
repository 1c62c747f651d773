// Transport sends requests: the production transport speaks HTTP, a simulation answers by script.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/loop.h"
#include "base/time.h"
#include "net/target_url.h"

namespace shakehook {

enum class TransportFailure : std::uint8_t {
  kTimeout,  // no whole response head before the deadline
  kDns,
  kForbiddenAddress,
  kConnectionRefused,
  kUnreachable,
  kConnectionClosed,  // closed or reset before a whole response head
  kTls,
  kInvalidResponse,
  kInternal,
};

// Says why an exchange failed on this side, without reaching the endpoint: such a failure is no attempt (CONTRACT §3,
// "own faults").
enum class OwnFault : std::uint8_t {
  kDescriptors,  // no free descriptor
  kMemory,
  kPorts,        // no free local port
  kNetwork,      // no route to anywhere
  kNameServers,  // no name server works or can be reached
  kLookups,      // too many names are being looked up
  kSource,       // the machine has not the address that deliveries come from
  kProxy,        // the proxy that deliveries go through is down, or refuses
};

struct PostRequest {
  std::shared_ptr<const TargetUrl> url;
  std::uint64_t tenant = 0;  // identifies its owner: tenants share the transport's resources
  // Whole lines "Name: value\r\n", without Host and Content-Length, which the transport adds (it adds nothing else).
  std::string headers;
  std::shared_ptr<const std::string> body;
  // The whole exchange ends by then: DNS, connect, TLS, request, answer.
  SteadyTime deadline;
};

struct PostResponse {
  int status = 0;
  std::string reason;
  std::string headers;     // lines "Name: value\r\n" as received
  std::string body;        // the first kKeptBodyBytes of the response's body
  bool truncated = false;  // there was more, or it did not end in time
};

struct ExchangeTimings {
  std::optional<Microseconds> dns, connect, tls, first_byte;
};

struct Exchange {
  // Present if a whole final response head came in time; else `failure` and `message` say why not.
  std::optional<PostResponse> response;
  TransportFailure failure = TransportFailure::kInternal;
  std::string message;                // for a person
  std::optional<OwnFault> own_fault;  // absent: the endpoint's
  ExchangeTimings timings;
};

inline constexpr std::size_t kKeptBodyBytes = 4 * 1024;
inline constexpr std::size_t kReadBodyBytesMax = 64 * 1024;
inline constexpr std::size_t kResponseHeadBytesMax = 64 * 1024;

class Transport {
 public:
  virtual ~Transport() = default;

  virtual Async<Exchange> Post(PostRequest request) = 0;
  // Tells whether the URL is one of this very server, such as an inbox: what is sent there is its own work once more.
  virtual bool IsOfThisServer(const TargetUrl&) const { return false; }
};

}  // namespace shakehook
