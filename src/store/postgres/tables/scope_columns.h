// ReadScope reads a scope from its two columns, scope_kind and scope_id.
#pragma once

#include "model/scope.h"
#include "store/postgres/engine/result.h"

namespace shakehook::postgres {

template <class RowColumns>
Scope ReadScope(const Row<RowColumns>& row) {
  return {row.template Get<"scope_kind">(), row.template Get<"scope_id">()};
}

}  // namespace shakehook::postgres
