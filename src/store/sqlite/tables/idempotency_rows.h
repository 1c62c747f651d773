// The rows of responses kept for an Idempotency-Key, encrypted: a response may hold a secret.
//
// Threads: IdempotencyRows the writer's; IdempotencyReads those of its connection.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "base/random.h"
#include "base/secret_box.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/store.h"

namespace shakehook::sqlite {

class IdempotencyRows {
 public:
  IdempotencyRows(Connection& connection, const SecretBox& box, Random& random);

  // Runs the verb, and keeps the response made of its result if it succeeds. kAnswered: one is kept under the key
  // already, and the verb does not run.
  template <class T>
  std::function<Stored<T>(WriteSession&)> With(IdempotencyRecordOf<T> response,
                                               std::function<Stored<T>(WriteSession&)> verb) {
    return [this, verb = Replacing<T>(response, std::move(verb)), key = response.key,
            since = response.created_at - kIdempotencyRecordsKept](WriteSession& session) -> Stored<T> {
      if (has_.First(key, since)) return std::unexpected(AlreadyAnswered());
      return verb(session);
    };
  }
  // The same, in place of a response that the same request kept before.
  template <class T>
  std::function<Stored<T>(WriteSession&)> Replacing(IdempotencyRecordOf<T> response,
                                                    std::function<Stored<T>(WriteSession&)> verb) {
    return [this, response = std::move(response), verb = std::move(verb)](WriteSession& session) {
      Stored<T> result = verb(session);
      if (result) Keep({response.key, response.request, response.write(*result), response.created_at});
      return result;
    };
  }

 private:
  void Keep(const IdempotencyRecord& response);

  const SecretBox& box_;
  Random& random_;
  SelectOne<int> has_;
  Statement keep_;
};

class IdempotencyReads {
 public:
  explicit IdempotencyReads(Connection& connection);

  std::optional<IdempotencyRecord> Find(const SecretBox& box, const Digest& key, Timestamp since);

 private:
  Select<struct IdempotencyColumns> select_;
};

}  // namespace shakehook::sqlite
