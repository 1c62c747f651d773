// The names in this machine's /etc/hosts. They take precedence over name servers, as everywhere.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <expected>
#include <string>
#include <vector>

namespace shakehook {

// Returns no address if the file does not name `host`, or there is no file. The error is an errno: it cannot be read
// now (EMFILE). Reads the file, which takes microseconds.
std::expected<std::vector<boost::asio::ip::address>, int> FindInHostsFile(const std::string& host);

}  // namespace shakehook
