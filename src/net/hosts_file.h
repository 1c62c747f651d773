// The names that this machine's /etc/hosts knows. They go before what name servers say, as everywhere.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <expected>
#include <string>
#include <vector>

namespace shakehook {

// No address: the file does not name `host`, or there is no file. The error is an errno: it cannot be read now
// (EMFILE). Reads the file, which takes microseconds.
std::expected<std::vector<boost::asio::ip::address>, int> FindInHostsFile(const std::string& host);

}  // namespace shakehook
