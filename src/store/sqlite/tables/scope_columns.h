// ReadScope reads a scope from its two columns, scope_kind and scope_id.
//
// Threads: those of the connection.
#pragma once

#include "model/scope.h"
#include "store/sqlite/engine/select.h"

namespace shakehook::sqlite {

template <class RowColumns>
Scope ReadScope(const Rows<RowColumns>& row) {
  return {row.template Get<"scope_kind">(), row.template Get<"scope_id">()};
}

}  // namespace shakehook::sqlite
