// Statements of PostgreSQL with their parameters bound, and the pipeline that sends several at once.
//
// A Statement returns no rows, or only matters by how many it changed; a Select returns rows with named columns
// (result.h). Both are texts that live as long as the program needs them; a connection prepares each when it meets it
// first. A Once is put together for one execution and is not prepared. An enumerator is bound.
//
//   const Select<SessionColumns> select("FROM session WHERE token_hash = $1");
//   const auto rows = co_await connection.Run(select.With(token_hash));
//
// Threads: any, one at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/columns.h"
#include "store/postgres/engine/parameters.h"
#include "store/postgres/engine/result.h"

namespace shakehook::postgres {

enum class Preparation : std::uint8_t { kPrepared, kOnce };

// A statement with its parameters.
struct BoundStatement {
  std::string sql;
  Parameters parameters;
  Preparation preparation = Preparation::kPrepared;
};
// The same, of a statement that returns these columns.
template <class RowColumns>
struct BoundSelect {
  BoundStatement statement;
};

class Statement {
 public:
  explicit Statement(std::string_view sql) : sql_(sql) {}

  // Binds the values to $1, $2, ...
  template <class... Values>
  BoundStatement With(const Values&... values) const {
    return {sql_, Parameters(values...)};
  }

 private:
  std::string sql_;
};

// The columns may be declared in the header and defined where they are read.
template <class RowColumns>
class Select {
 public:
  // `rest`: what follows the columns, from FROM on.
  explicit Select(std::string_view rest) : sql_("SELECT " + RowColumns::Text() + " " + std::string(rest)) {}

  template <class... Values>
  BoundSelect<RowColumns> With(const Values&... values) const {
    return {{sql_, Parameters(values...)}};
  }

 private:
  std::string sql_;
};

// A statement that changes rows and returns columns of them.
template <class RowColumns>
class Returning {
 public:
  // `change`: what stands before RETURNING.
  explicit Returning(std::string_view change) : sql_(std::string(change) + " RETURNING " + RowColumns::Text()) {}

  template <class... Values>
  BoundSelect<RowColumns> With(const Values&... values) const {
    return {{sql_, Parameters(values...)}};
  }

 private:
  std::string sql_;
};

// The place of a statement's result among those of its pipeline.
struct ChangePlace {
  std::size_t index;
};
template <class RowColumns>
struct RowsPlace {
  std::size_t index;
};

// Statements that are sent together, without waiting for one another's results. The first one that fails ends all: the
// others of the pipeline do not run.
class Pipeline {
 public:
  ChangePlace Add(BoundStatement statement) {
    statements_.push_back(std::move(statement));
    return {statements_.size() - 1};
  }
  template <class RowColumns>
  RowsPlace<RowColumns> Add(BoundSelect<RowColumns> select) {
    return {Add(std::move(select.statement)).index};
  }
  const std::vector<BoundStatement>& statements() const { return statements_; }

 private:
  std::vector<BoundStatement> statements_;
};

// The results of a pipeline, one for each statement.
class Results {
 public:
  explicit Results(std::vector<Result> results) : results_(std::move(results)) {}

  // Returns how many rows the statement changed.
  std::int64_t Changed(ChangePlace place) const;
  // Takes the rows out: once for each place.
  template <class RowColumns>
  Rows<RowColumns> Take(RowsPlace<RowColumns> place) {
    return Rows<RowColumns>(std::move(results_[place.index]));
  }

 private:
  std::vector<Result> results_;
};

}  // namespace shakehook::postgres
