#include "net/tls_sessions.h"

#include <utility>

namespace shakehook {

void TlsSessions::Put(const std::string& origin, TlsSession session) {
  if (sessions_.size() >= kSessionsMax && !sessions_.contains(origin)) sessions_.erase(sessions_.begin());
  sessions_[origin] = std::move(session);
}

TlsSession TlsSessions::Take(const std::string& origin) {
  auto found = sessions_.extract(origin);
  if (!found || !SSL_SESSION_is_resumable(found.mapped().get())) return nullptr;
  return std::move(found.mapped());
}

}  // namespace shakehook
