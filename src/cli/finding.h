// A Finding is the result of one check of `shakehook doctor`.
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
  std::string detail;       // the state that the check found
  std::string advice = {};  // the action to take; empty if all is good
};

using Findings = std::vector<Finding>;

}  // namespace shakehook
