// What a row of a CSV file says of a record: the cells as the fields that their columns fill.
//
//   cell            read as
//   (any)           without spaces around it, and without the apostrophe that makes a formula inert; empty: leaves the
//                   field as it is
//   yes or no       yes true 1 oui vrai y o x, no false 0 non faux n
//   number          1200.5; also 1200,5 where columns are parted by something else than commas
//   select          a choice's label or its value, whatever the case; multiselect: several, parted by |
//   object          a JSON object
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "api/resource_change.h"
#include "base/json.h"
#include "model/import.h"

namespace shakehook {

// A merge patch, or what is wrong with the row. `columns` and `delimiter` as in Import. Columns whose custom field is
// gone are passed over.
std::expected<Json, std::vector<FieldError>> ReadImportRow(const ResourceBasis& basis,
                                                           const std::vector<std::string>& columns, char delimiter,
                                                           const std::vector<std::string>& cells);

// Whether a column may fill it: "id", a documented field, or a custom field of the venue.
bool IsImportField(const ResourceBasis& basis, std::string_view field);

// A refused row's cells as they may be opened in a spreadsheet: none is taken for a formula.
std::string InertCell(const std::string& cell);

}  // namespace shakehook
