// A Finding is what one check of `shakehook doctor` came to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace shakehook {

struct Finding {
  enum class Grade : std::uint8_t {
    kGood,
    kWarning,  // the server starts, but something will hurt sooner or later
    kBad,      // the server does not start, or loses something
  };

  Grade grade = Grade::kGood;
  std::string subject;      // "open files"
  std::string detail;       // what is so
  std::string advice = {};  // what to do about it; empty where it is good
};

using Findings = std::vector<Finding>;

}  // namespace shakehook
