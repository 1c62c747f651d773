// ClientCounts are the connections of an HttpClient since its start, and the names that its attempts asked for, for
// /metrics.
//
// Threads: counted on the client's loop, read from any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace shakehook {

struct ClientCounts {
  std::atomic<std::uint64_t> opened = 0;         // connections that were ready for a request
  std::atomic<std::uint64_t> not_opened = 0;     // no connection came about, for whatever reason
  std::atomic<std::uint64_t> reused = 0;         // requests over a connection that was kept
  std::atomic<std::uint64_t> names_found = 0;    // answers about names, those out of the cache too
  std::atomic<std::uint64_t> names_failed = 0;   // names without an address, and name servers that do not answer
  std::atomic<std::uint64_t> names_wait_us = 0;  // how long attempts have waited for these answers
};

}  // namespace shakehook
