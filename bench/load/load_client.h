// LoadClient creates contacts through the API over kept-alive connections.
//
// Closed loop (no rate): each connection sends as soon as it has its response. Open loop: contacts are sent at their
// times, whatever the server does; one that finds no free connection waits, and its latency counts from the time it was
// meant for, so that a stall is counted (coordinated omission).
//
// Threads: one.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "histogram.h"
#include "http_stream.h"

namespace shakehook::bench {

// Venues named prefix0, prefix1, ..., taken in turn.
struct Venues {
  std::string prefix;
  std::size_t count = 1;
};

class LoadClient {
 public:
  struct Options {
    std::uint16_t port = 0;
    std::string key;
    Venues venues;
    // This many contacts more a second, to these venues, at random times (a Poisson process, the same in every run).
    // They are not measured.
    Venues other_venues;
    double other_rate = 0;
    std::size_t connections = 64;
    std::size_t pipeline = 1;  // requests under way on each connection
    double rate = 0;           // contacts a second; 0: closed loop
    std::chrono::duration<double> duration{10};
    std::size_t batch = 1;           // contacts a request
    std::uint64_t contacts_max = 0;  // 0: as many as fit in the time
    std::string path = "contacts";   // below the venue
    bool venue_in_path = true;       // false: POST to "/" + path
    std::string before, after;       // around each contact: a peer's message
    // The server may be killed meanwhile: then the run ends, once the responses that had come are read.
    bool server_may_end = false;
  };

  explicit LoadClient(Options options);

  // Sends for the duration and waits for the responses.
  void Run();

  std::uint64_t sent() const { return next_number_; }
  std::uint64_t accepted() const { return accepted_; }
  std::uint64_t others_accepted() const { return others_accepted_; }
  std::uint64_t refused() const { return refused_; }
  double seconds() const { return seconds_; }
  // From the time that a request was meant for to its response.
  const Histogram& responses() const { return responses_; }
  // By contact, only where times are kept (open loop).
  SteadyTime meant_at(std::size_t number) const { return meant_at_[number]; }
  SteadyTime answered_at(std::size_t number) const { return answered_at_[number]; }

 private:
  struct Request {
    std::uint64_t number = 0;  // the number of its first contact
    SteadyTime meant_at;
    bool other = false;
  };
  struct Connection {
    std::unique_ptr<HttpStream> stream;
    std::deque<Request> under_way;
  };

  void Connect();
  SteadyTime After(double seconds) const;
  // When the next contact, and the next one to the other venues, is to be sent.
  SteadyTime NextAt() const { return After(static_cast<double>(scheduled_ * options_.batch) / options_.rate); }
  void ScheduleOther();
  bool MaySend(SteadyTime now) const;
  void Send(Connection& connection, const Request& request);
  void SendNext(Connection& connection, SteadyTime meant_at);
  void SendDue(SteadyTime now);
  void Take(Connection& connection, SteadyTime now);
  void TakeLast(SteadyTime now);
  void AppendContact(std::string& body, std::uint64_t number, bool other) const;

  const Options options_;
  int epoll_;
  std::vector<Connection> connections_;
  std::deque<std::size_t> free_;
  SteadyTime begin_, end_;
  SteadyTime next_other_at_ = SteadyTime::max();
  double others_scheduled_for_ = 0;  // seconds after the beginning
  std::minstd_rand random_;
  std::uint64_t scheduled_ = 0;  // requests, in the open loop
  std::uint64_t next_number_ = 0, requests_ = 0, others_ = 0;
  std::size_t under_way_ = 0;
  bool server_ended_ = false;
  std::uint64_t accepted_ = 0, others_accepted_ = 0, refused_ = 0;
  double seconds_ = 0;
  std::string text_, body_;
  Histogram responses_;
  std::vector<SteadyTime> meant_at_, answered_at_;
};

}  // namespace shakehook::bench
