// The parts of a TlsTrust, for the parts of net that speak TLS.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include "net/http_client.h"

namespace shakehook {

struct TlsTrust::State {
  asio::ssl::context context{asio::ssl::context::tls_client};
};

}  // namespace shakehook
