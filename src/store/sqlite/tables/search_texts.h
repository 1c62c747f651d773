// Brings the texts that are searched and sorted by to the form that this program makes (model/search_text.h). They are
// made of the records' data alone, so that the present rules can make them again at any time: no migration has a copy
// of the rules, and what an older program stored is found like what this one stores.
#pragma once

#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

// Brings the stored texts to the present form (model/search_text.h), if they do not have it. It goes through all
// records, kSearchTextsAtOnce in a transaction, so that neither memory nor the log grows with them; if it is
// interrupted, the next call continues.
// Precondition: the schema is the present one, and nobody else uses the file.
void BringSearchTextsUpToDate(Connection& connection);

inline constexpr std::int64_t kSearchTextsAtOnce = 5'000;

}  // namespace shakehook::sqlite
