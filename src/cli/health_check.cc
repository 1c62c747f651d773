#include "cli/health_check.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <iomanip>

#include "base/console.h"

namespace shakehook {
namespace {

using boost::asio::ip::tcp;

constexpr std::chrono::seconds kPatience{5};
constexpr unsigned kReady = 200;

// A server that listens at every address of the machine is asked at the machine's own.
std::string AskedHost(const std::string& host) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  if (error || !address.is_unspecified()) return host;
  return address.is_v4() ? "127.0.0.1" : "::1";
}

}  // namespace

std::expected<Done, std::string> CheckHealth(const Settings& settings) {
  if (settings.listen.port == 0) {
    return std::unexpected("the server chooses its port itself (--listen " + settings.listen.ToString() +
                           "), so it cannot be asked");
  }
  const ListenAddress asked{AskedHost(settings.listen.host), settings.listen.port};
  tcp::iostream stream;
  stream.expires_after(kPatience);
  stream.connect(asked.host, std::to_string(asked.port));
  stream << "GET /readyz HTTP/1.1\r\nHost: " << asked.ToString() << "\r\nConnection: close\r\n\r\n" << std::flush;
  std::string version;
  unsigned status = 0;
  stream >> std::setw(16) >> version >> status;
  if (!stream) {
    const std::string reason = stream.error() ? stream.error().message() : "the answer is not HTTP";
    return std::unexpected("no server answers at " + asked.ToString() + ": " + reason);
  }
  if (status != kReady) {
    return std::unexpected("the server at " + asked.ToString() + " is not ready: it answers /readyz with " +
                           std::to_string(status));
  }
  Print("ready\n");
  return Done{};
}

}  // namespace shakehook
