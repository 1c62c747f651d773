// A request about a venue's accounts or contacts, in the terms of src/records.
#pragma once

#include <expected>

#include "api/api_request.h"
#include "api/api_services.h"
#include "api/problem.h"
#include "records/record_basis.h"
#include "records/record_writer.h"

namespace shakehook {

// Names the venue of the request's path, and who asks.
WriteTarget TargetOf(const ApiRequest& request, ResourceKind kind);

// Reads what records of the path's venue are built from. The problem is a 404: the key does not see the venue.
std::expected<RecordBasis, Problem> ReadRecordBasis(const ApiServices& services, const ApiRequest& request,
                                                    ResourceKind kind);

// Makes the problem of a record that was not written.
Problem FromWriteRefusal(const WriteRefusal& refusal, ResourceKind kind);

}  // namespace shakehook
