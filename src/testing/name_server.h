// NameServer is a DNS server on a UDP port of 127.0.0.1 that answers by script and counts what it is asked.
//
// Threads: has one of its own; all functions from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace shakehook {

class NameServer {
 public:
  struct Record {
    std::vector<std::string> addresses;  // IPv4 and IPv6 texts
    std::uint32_t ttl_seconds = 60;
    int error = 0;                          // the DNS response code, such as 2 for SERVFAIL
    bool silent = false;                    // never answers
    bool silent_v6 = false;                 // answers for IPv4 alone
    std::vector<std::string> late_v6 = {};  // AnswerLate() gives these for IPv6, which is not answered before
    std::string alias;                      // the name has this one's addresses, and says so (CNAME)
  };

  NameServer();
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  // The server answers nobody, or answers everybody with SERVFAIL, until told otherwise.
  enum class Health { kWorks, kSilent, kFails };
  void SetHealth(Health health);
  // Answers the questions for IPv6 addresses that waited for this.
  void AnswerLate();
  // A name without a record does not exist.
  void Set(const std::string& name, Record record);
  // "127.0.0.1:PORT"
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Questions for the name, of both address families.
  int queries(const std::string& name) const;

 private:
  void Serve();
  std::string Answer(const std::string& question);
  struct Waiting {
    std::string question, peer;
  };

  int socket_ = -1;
  int stop_event_ = -1;
  std::uint16_t port_ = 0;
  mutable Mutex mutex_;  // the test's thread writes what the server's reads
  std::map<std::string, Record> records_ GUARDED_BY(mutex_);
  std::map<std::string, int> queries_ GUARDED_BY(mutex_);
  Health health_ GUARDED_BY(mutex_) = Health::kWorks;
  std::vector<Waiting> late_ GUARDED_BY(mutex_);
  bool answers_late_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace shakehook
