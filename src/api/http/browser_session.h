// BrowserSession is the session that a request came with, as it was found.
#pragma once

#include <string>

#include "model/principal.h"
#include "model/session.h"
#include "store/config_cache.h"

namespace shakehook {

struct BrowserSession {
  Session session;
  std::string token;  // the cookie's value
  SharedUser user;
  SharedPrincipal principal;  // the user
};

}  // namespace shakehook
