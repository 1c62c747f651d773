// The rows of answers kept for an Idempotency-Key, encrypted: an answer may hold a secret.
//
// Threads: KeptAnswerRows the writer's; KeptAnswerReads those of its connection.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "base/random.h"
#include "base/secret_box.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/store.h"

namespace shakehook::sqlite {

class KeptAnswerRows {
 public:
  KeptAnswerRows(Connection& connection, const SecretBox& box, Random& random);

  // Replaces an answer under the same key.
  void Keep(const KeptAnswer& answer);

  // Runs the verb, and keeps the answer made of its result if it succeeds.
  template <class T>
  std::function<Stored<T>(WriteSession&)> With(AnswerOf<T> answer, std::function<Stored<T>(WriteSession&)> verb) {
    return [this, answer = std::move(answer), verb = std::move(verb)](WriteSession& session) {
      Stored<T> result = verb(session);
      if (result) Keep({answer.key, answer.request, answer.write(*result), answer.created_at});
      return result;
    };
  }

 private:
  const SecretBox& box_;
  Random& random_;
  Statement keep_;
};

class KeptAnswerReads {
 public:
  explicit KeptAnswerReads(Connection& connection);

  std::optional<KeptAnswer> Find(const SecretBox& box, const Digest& key, Timestamp since);

 private:
  Statement select_;
};

}  // namespace shakehook::sqlite
