// Receiver is the endpoint of the webhooks in this process, so that one clock says when a contact was sent and when it
// arrived. It answers every request with 204 and checks each: the signature, that its Idempotency-Key came once, that
// its contact came once to that webhook.
//
// Threads: one of its own, which runs until the program ends; the counts from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "base/digest.h"
#include "http_stream.h"

namespace shakehook::bench {

// A contact's last_name begins with this, and its number follows.
inline constexpr std::string_view kNumberedName = "\"last_name\":\"Number ";

class Receiver {
 public:
  struct Options {
    std::uint16_t port = 0;
    std::optional<std::uint16_t> silent_port;    // accepts and never answers
    std::map<std::string, std::string> secrets;  // by the path of the webhook's URL
    std::size_t contacts_max = 0;                // numbers from this on are not told apart
  };

  explicit Receiver(Options options);

  // When contact `number` came first; absent: it has not.
  std::optional<SteadyTime> ArrivalOf(std::size_t number) const;
  std::uint64_t arrived() const { return arrived_; }
  std::uint64_t wrongly_signed() const { return wrongly_signed_; }
  std::uint64_t came_twice() const { return came_twice_; }

 private:
  struct Webhook {
    HmacKey key;
    std::vector<bool> came;
  };

  void Run();
  void Accept(int listener);
  void Check(const HttpMessage& request, SteadyTime came);

  const Options options_;
  std::map<std::string, Webhook, std::less<>> webhooks_;
  std::vector<std::atomic<std::int64_t>> arrivals_;
  std::unordered_set<std::string> keys_;
  std::atomic<std::uint64_t> arrived_ = 0, wrongly_signed_ = 0, came_twice_ = 0;
  int epoll_;
  int listener_, silent_listener_ = -1;
  std::map<int, std::unique_ptr<HttpStream>> streams_;
  std::vector<int> silent_;  // held open
};

}  // namespace shakehook::bench
