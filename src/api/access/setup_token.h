// SetupToken lets the first administrator in: the server prints it at its start while there is none, and it works once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/mutex.h"
#include "base/random.h"

namespace shakehook {

// Makes a token that a person can copy: 128 bits.
std::string MakeSetupToken(Random& random);

class SetupToken {
 public:
  // Holds the token while it is used; it can be used again unless that succeeds.
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
