// BrowserSession is the session that a request came with, as it was found.
#pragma once

#include <string>

#include "model/api_key.h"
#include "model/session.h"
#include "store/directory.h"

namespace shakehook {

struct BrowserSession {
  Session session;
  std::string token;  // what the cookie holds
  SharedUser user;
  SharedApiKey authority;  // what the user may do
};

}  // namespace shakehook
