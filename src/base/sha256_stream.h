// Sha256Stream hashes a long text in pieces, so that a loop can run other work between two of them.
#pragma once

#include <memory>
#include <string_view>

#include "base/digest.h"

namespace shakehook {

class Sha256Stream {
 public:
  Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  ~Sha256Stream();

  void Add(std::string_view piece);
  // Returns the same as Sha256 of all pieces. It is called once, as the last call.
  Digest Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace shakehook
