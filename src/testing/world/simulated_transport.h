// SimulatedTransport answers by script, on virtual time: the network and the receivers of a simulation.
//
// Threads: one loop, as all of a simulation.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/transport.h"

namespace shakehook {

// A request as the receiver got it.
struct ReceivedRequest {
  Timestamp at;
  SteadyTime steady;  // the same moment by the clock that does not jump
  std::string host;
  std::string target;
  std::map<std::string, std::string> headers;  // names as sent
  std::string body;

  // Returns the header's value; empty: not sent.
  std::string Header(const std::string& name) const;
};

// The response that a receiver gives to a request.
struct SimulatedResponse {
  int status = 204;     // 0: no response, `failure` instead
  std::string headers;  // lines "Name: value\r\n"
  std::string body;
  Milliseconds delay{1};  // until the response; beyond the deadline it is a timeout
  TransportFailure failure = TransportFailure::kConnectionRefused;
  std::optional<OwnFault> own_fault = {};
};

class SimulatedTransport final : public Transport {
 public:
  using Script = std::function<SimulatedResponse(const ReceivedRequest&)>;

  // `script` decides every response, and outlives the transport.
  SimulatedTransport(Loop& loop, const Script& script) : loop_(loop), script_(script) {}

  Async<Exchange> Post(PostRequest request) override;

 private:
  Loop& loop_;
  const Script& script_;
};

}  // namespace shakehook
