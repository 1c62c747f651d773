// PostgresError is what PostgreSQL, or the connection to it, could not do. Everything that can be refused is checked
// before, so an error means a race with another node, or that the database cannot be used now; it ends the whole
// transaction. It never leaves store/postgres.
//
// Its text is the server's own sentence without the values that the server quotes (DETAIL), so that it may be logged.
#pragma once

#include <stdexcept>
#include <string>

namespace shakehook::postgres {

class PostgresError : public std::runtime_error {
 public:
  // `state`: the five characters of SQLSTATE; empty: the server said nothing, because the connection is gone.
  PostgresError(std::string state, const std::string& message)
      : std::runtime_error(message), state_(std::move(state)) {}

  // Tells whether the connection broke. If it was at a COMMIT, nobody knows yet whether that was done.
  bool lost() const { return state_.empty(); }
  const std::string& state() const { return state_; }

 private:
  std::string state_;
};

// The states that this program tells apart (PostgreSQL's documentation, appendix A).
inline constexpr const char* kUniqueViolation = "23505";
inline constexpr const char* kQueryCanceled = "57014";  // by a timeout or by Connection::Cancel
inline constexpr const char* kLockNotAvailable = "55P03";

}  // namespace shakehook::postgres
