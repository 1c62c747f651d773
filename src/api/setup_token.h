// SetupToken is the word that lets the first administrator in: the server prints it at its start while it has none, and
// it is good once.
//
// Threads: from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/mutex.h"
#include "base/random.h"

namespace shakehook {

// Words for a person to copy: 128 bits.
std::string MakeSetupToken(Random& random);

class SetupToken {
 public:
  // Holds the token while it is used; unless that succeeds it is good again.
  class Use {
   public:
    explicit Use(SetupToken& token) : token_(&token) {}
    Use(Use&& other) noexcept : token_(std::exchange(other.token_, nullptr)) {}
    Use& operator=(Use&&) = delete;
    ~Use() {
      if (token_ != nullptr) token_->GiveBack();
    }
    void Succeeded() { token_ = nullptr; }

   private:
    SetupToken* token_;
  };

  // Empty: there is none.
  explicit SetupToken(std::string_view token);

  // Returns nullopt if the token is wrong, was used, or is in use.
  std::optional<Use> Take(std::string_view token);

 private:
  void GiveBack();

  const std::optional<Digest> hash_;
  Mutex mutex_;
  bool good_ GUARDED_BY(mutex_);
};

}  // namespace shakehook
