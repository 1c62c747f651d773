// Notice channels and notices as the API shows and takes them.
#pragma once

#include <optional>

#include "api/api_services.h"
#include "api/http/problem.h"
#include "base/json.h"
#include "model/notice.h"
#include "model/principal.h"

namespace shakehook {

inline constexpr std::size_t kChannelNameCharactersMax = 255;

// Without the secret; of the URL, which may hold a credential, what MaskedUrl shows.
Json ChannelJson(const NoticeChannel& channel);
Json NoticeJson(const Notice& notice);

// Reads the body of a creation into `channel`, which has its defaults. Returns nullopt if all is well.
std::optional<Problem> ReadNewChannel(const Json& body, const ApiServices& services, const Principal& principal,
                                      NoticeChannel& channel);
// Merges a patch (RFC 7396) into `channel`. If a problem is returned, `channel` is in no defined state.
std::optional<Problem> MergeChannel(const Json& patch, const ApiServices& services, NoticeChannel& channel);

// Returns what an edit changed, as AuditEntry::changes; it holds no credential. Empty: nothing.
std::string ChannelChanges(const NoticeChannel& before, const NoticeChannel& after);

}  // namespace shakehook
