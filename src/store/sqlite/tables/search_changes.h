// The changes of searched texts, and of the names that lists are sorted by, that the index of grams (search_index.h)
// does not know yet, in the order in which they were committed, each with those from before. A record that is new needs
// none: the index knows up to which number it has all. They are written in the transaction of the change, and removed
// once the index has them.
//
// Threads: the writer's.
#pragma once

#include <string>

#include "model/resource.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

class SearchChanges {
 public:
  // The file says so once the index was opened: without an index nothing is noted.
  explicit SearchChanges(Connection& connection)
      : there_is_an_index_(connection.Integer("SELECT stamp FROM search_index") != 0),
        note_(connection, "INSERT INTO search_change (number, venue, kind, name, search) VALUES (?1, ?2, ?3, ?4, ?5)") {
  }

  // The text that the record had before; none where it was deleted, or only announced.
  void Note(ResourceNumber number, std::int64_t venue, ResourceKind kind, const std::string& name,
            const std::string& search) {
    if (there_is_an_index_) note_.Run(number, venue, kind, name, search);
  }
  void NoteOfNothing(ResourceNumber number, std::int64_t venue, ResourceKind kind) {
    if (there_is_an_index_) note_.Run(number, venue, kind, nullptr, nullptr);
  }

 private:
  const bool there_is_an_index_;
  Statement note_;
};

}  // namespace shakehook::sqlite
