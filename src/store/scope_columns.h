// ReadScope reads a scope from its two columns, scope_kind and scope_id, of a row of either database.
#pragma once

#include "model/scope.h"

namespace shakehook {

template <class Row>
Scope ReadScope(const Row& row) {
  return {row.template Get<"scope_kind">(), row.template Get<"scope_id">()};
}

}  // namespace shakehook
