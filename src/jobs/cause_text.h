// The cause of a notice as a sentence in its channel's language. Pure.
#pragma once

#include <string>

#include "model/notice.h"

namespace shakehook {

// Returns the sentence, "" where the cause is not known. A cause without a code, of a notice that an older version
// made, stays as it was stored.
std::string CauseText(const NoticeFacts& facts, NoticeLanguage language);

}  // namespace shakehook
