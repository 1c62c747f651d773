// Compares what a receiver noted of requests with what the database says they were.
#pragma once

#include <cstdint>
#include <istream>
#include <string>

namespace shakehook::bench {

struct Checked {
  std::uint64_t right = 0;
  std::uint64_t wrong = 0;  // each is named on stderr
};

// `noted`: a line "IDEMPOTENCY_KEY SIGNATURE CONTENT_LENGTH" for each request. Right: the key is of a delivery that is
// stored as delivered, the length is its payload's, and the signature is the payload's under its webhook's secret.
Checked Check(const std::string& folder, std::istream& noted);

}  // namespace shakehook::bench
