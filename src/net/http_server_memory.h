// HttpServerMemory counts the bytes that a server's connections hold for their clients: incomplete heads and bodies,
// bodies that are being worked on, responses that are not taken yet. It is a budget: a connection that needs more than
// is free waits, or its client is told to come again.
//
// Shares: bytes belong to an owner's name, such as a tenant's. One owner gets half of the budget at most. Bytes without
// an owner (no key has been shown yet) have the empty name and no share.
//
// Threads: from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "base/mutex.h"

namespace shakehook {

class HttpServerMemory {
 public:
  enum class Verdict { kHeld, kFull, kShareFull };

  // The memory that one connection holds; it is given back when this ends.
  class Hold {
   public:
    explicit Hold(HttpServerMemory& memory) : memory_(memory) {}
    ~Hold() { Release(); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

    // Holds that many instead of the present number. If they do not fit, nothing changes. They always fit if nothing
    // else is held: one body may be larger than a share.
    Verdict Resize(std::size_t bytes);
    // Does the same as Resize, but the bytes always fit.
    void Force(std::size_t bytes);
    void Release();
    // Releases the bytes, and holds for that owner from now on.
    void PassTo(std::string owner);

    const HttpServerMemory& memory() const { return memory_; }
    std::size_t bytes() const { return bytes_; }
    const std::string& owner() const { return owner_; }

   private:
    HttpServerMemory& memory_;
    std::string owner_;
    std::size_t bytes_ = 0;
  };

  explicit HttpServerMemory(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  std::size_t bytes_max() const { return bytes_max_; }
  std::size_t held() const;
  // How often something was given back: of the owner's, or of anybody's where it is empty. It tells whether waiting is
  // of use.
  std::uint64_t releases(const std::string& owner) const;

 private:
  enum class Must { kFit, kBeHeld };
  Verdict Change(const std::string& owner, std::size_t from, std::size_t to, Must must);

  const std::size_t bytes_max_;
  mutable Mutex mutex_;
  std::size_t held_ GUARDED_BY(mutex_) = 0;
  struct Share {
    std::size_t bytes = 0;
    std::uint64_t releases = 0;
  };
  std::uint64_t releases_ GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, Share> of_owners_ GUARDED_BY(mutex_);  // who holds something
};

}  // namespace shakehook
