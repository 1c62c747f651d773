// Latency of one change at a time: from the POST to its answer, and from the answer to the request at the receiver.
// Both ends are in this process, so that one clock measures both; a negative time means that the request was there
// first.
//
// usage: bench_latency API_PORT ADMIN_KEY VENUE COUNT PAUSE_MS
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "blocking_http.h"

namespace shakehook::bench {
namespace {

using Ms = std::chrono::duration<double, std::milli>;

constexpr std::chrono::seconds kArrivalMax{10};

// Answers each request with 204 and keeps when it came. The requests are the numbered contacts, in no certain order.
class Receiver {
 public:
  explicit Receiver(std::size_t count) : arrivals_(count) {
    std::thread([this] {
      while (true) std::thread(&Receiver::Serve, this, listener_.Accept()).detach();
    }).detach();
  }

  std::uint16_t port() const { return listener_.port(); }

  Time Await(std::size_t number) const {
    const Time end = std::chrono::steady_clock::now() + kArrivalMax;
    while (arrivals_[number].load().time_since_epoch().count() == 0) {
      if (std::chrono::steady_clock::now() > end) Fail("a delivery that does not arrive");
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    return arrivals_[number].load();
  }

 private:
  void Serve(Socket socket) {
    constexpr std::string_view kName = "\"last_name\":\"Number ";
    for (Message request = socket.Read(); !request.head.empty(); request = socket.Read()) {
      socket.Write("HTTP/1.1 204 No Content\r\n\r\n");
      const std::size_t at = request.body.find(kName);
      if (at == std::string::npos) continue;
      const std::size_t number = std::strtoul(request.body.c_str() + at + kName.size(), nullptr, 10);
      if (number < arrivals_.size()) arrivals_[number].store(request.came);
    }
  }

  Listener listener_;
  std::vector<std::atomic<Time>> arrivals_;
};

class Client {
 public:
  Client(std::uint16_t port, std::string key) : socket_(Socket::Connect(port)), key_(std::move(key)) {}

  // When its answer came.
  Time Post(const std::string& path, const std::string& body) {
    socket_.Write("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key_ +
                  "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                  body);
    const Message answer = socket_.Read();
    if (!answer.head.starts_with("HTTP/1.1 201")) Fail(path + ": " + answer.head + answer.body);
    return answer.came;
  }

 private:
  Socket socket_;
  std::string key_;
};

void Print(const char* name, std::vector<double> values) {
  std::ranges::sort(values);
  const auto at = [&](double part) {
    return values[std::min(values.size() - 1, static_cast<std::size_t>(part * static_cast<double>(values.size())))];
  };
  std::printf("%-34s p50 %.2f ms   p99 %.2f ms   max %.2f ms\n", name, at(0.5), at(0.99), values.back());
}

int Measure(std::uint16_t port, const std::string& key, const std::string& venue, std::size_t count,
            std::chrono::milliseconds pause) {
  Receiver& receiver = *new Receiver(count);  // its threads run until the program ends
  Client client(port, key);
  client.Post("/api/webhooks", R"({"name":"Latency","url":"http://127.0.0.1:)" + std::to_string(receiver.port()) +
                                   R"(/","scope":{"venue_id":")" + venue + R"("},"events":["contact.created"]})");
  std::vector<double> answers, deliveries;
  for (std::size_t i = 0; i < count; ++i) {
    const Time sent = std::chrono::steady_clock::now();
    const Time answered = client.Post("/api/venues/" + venue + "/contacts",
                                      R"({"first_name":"Zoé","last_name":"Number )" + std::to_string(i) + R"("})");
    answers.push_back(Ms(answered - sent).count());
    deliveries.push_back(Ms(receiver.Await(i) - answered).count());
    std::this_thread::sleep_for(pause);
  }
  Print("API answer, idle", std::move(answers));
  Print("API answer to request at receiver", std::move(deliveries));
  std::fflush(stdout);
  std::_Exit(0);
}

}  // namespace
}  // namespace shakehook::bench

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("usage: bench_latency API_PORT ADMIN_KEY VENUE COUNT PAUSE_MS\n", stderr);
    return 2;
  }
  return shakehook::bench::Measure(static_cast<std::uint16_t>(std::atoi(argv[1])), argv[2], argv[3],
                                   std::strtoul(argv[4], nullptr, 10), std::chrono::milliseconds(std::atoi(argv[5])));
}
