// Idempotency-Key on a POST (CONTRACT §4): the same key, path, credential and body get the same response for 24 h,
// across restarts. The store makes the response from the change's result, and keeps it in the change's transaction
// (IdempotencyRecordOf), where a second response under the key is refused. The requests that run at this moment are
// known in memory only: a repetition that another process runs meanwhile is refused by the store.
#pragma once

#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "api/http/problem.h"
#include "base/mutex.h"

namespace shakehook {

inline constexpr std::size_t kIdempotencyKeyBytesMax = 255;

// The Idempotency-Keys whose requests are being answered now.
//
// Threads: from any thread.
class RunningPosts {
 public:
  // Holds a key while it lives.
  class Hold {
   public:
    Hold(RunningPosts& posts, const Digest& key) : posts_(&posts), key_(key) {}
    Hold(Hold&& other) noexcept : posts_(std::exchange(other.posts_, nullptr)), key_(other.key_) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (posts_ != nullptr) posts_->Leave(key_);
    }

   private:
    RunningPosts* posts_;
    Digest key_;
  };

  // Returns nullopt if a request with this key is already running.
  std::optional<Hold> Enter(const Digest& key);

 private:
  void Leave(const Digest& key);

  Mutex mutex_;
  std::set<Digest> keys_ GUARDED_BY(mutex_);
};

// A POST that carries an Idempotency-Key.
struct IdempotentPost {
  Digest key{};      // the digest of credential, path and Idempotency-Key
  Digest request{};  // RequestDigest: Idempotency-Key, query and body
  Timestamp at;

  // The error: a key that is too long or not visible ASCII.
  static std::expected<IdempotentPost, Problem> Read(std::string_view idempotency_key, const Uuid& credential,
                                                     const HttpRequest& request, Timestamp now);

  // Returns what the store keeps: `respond` of its verb's result. It runs on a thread of the store.
  template <class T>
  IdempotencyRecordOf<T> Keep(std::function<HttpResponse(const T& result)> respond) const;
};

// Computes IdempotentPost::request, which Read leaves out: a body may be long. It works in turns of `loop`.
Async<Digest> RequestDigest(Loop& loop, std::string_view idempotency_key, const HttpRequest& request);

// The text form of a response in an IdempotencyRecord; ReadResponse returns the response that WriteResponse got.
std::string WriteResponse(const HttpResponse& response);
HttpResponse ReadResponse(std::string_view response);

template <class T>
IdempotencyRecordOf<T> IdempotentPost::Keep(std::function<HttpResponse(const T& result)> respond) const {
  return {.key = key, .request = request, .created_at = at, .write = [respond = std::move(respond)](const T& result) {
            return WriteResponse(respond(result));
          }};
}

}  // namespace shakehook
