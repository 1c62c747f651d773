#include "net/hosts_file.h"

#include <ares.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace shakehook {
namespace {

namespace ip = boost::asio::ip;

constexpr const char* kHostsFile = "/etc/hosts";

void Collect(void* found, int status, int /*timeouts*/, ares_addrinfo* info) {
  const std::unique_ptr<ares_addrinfo, void (*)(ares_addrinfo*)> owned(info, ares_freeaddrinfo);
  if (status != ARES_SUCCESS || info == nullptr) return;
  auto& addresses = *static_cast<std::vector<ip::address>*>(found);
  for (const ares_addrinfo_node* node = info->nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_family == AF_INET) {
      sockaddr_in address;
      std::memcpy(&address, node->ai_addr, sizeof address);
      addresses.push_back(ip::address_v4(ntohl(address.sin_addr.s_addr)));
    } else if (node->ai_family == AF_INET6) {
      sockaddr_in6 address;
      std::memcpy(&address, node->ai_addr, sizeof address);
      ip::address_v6::bytes_type bytes;
      std::memcpy(bytes.data(), &address.sin6_addr, bytes.size());
      addresses.push_back(ip::address_v6(bytes));
    }
  }
}

}  // namespace

std::expected<std::vector<ip::address>, int> FindInHostsFile(const std::string& host) {
  // c-ares does not tell a file that cannot be opened from a name that is not in it.
  const int file = ::open(kHostsFile, O_RDONLY | O_CLOEXEC);
  if (file < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM)) return std::unexpected(errno);
  if (file < 0) return {};
  ::close(file);

  ares_options options = {};
  char lookups[] = "f";  // the file alone
  char no_settings[] = "/dev/null";
  options.lookups = lookups;
  options.resolvconf_path = no_settings;
  ares_channel channel = nullptr;
  if (ares_init_options(&channel, &options, ARES_OPT_LOOKUPS | ARES_OPT_RESOLVCONF) != ARES_SUCCESS) {
    return std::unexpected(ENOMEM);
  }
  std::vector<ip::address> addresses;
  ares_addrinfo_hints hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = ARES_AI_NOSORT;
  ares_getaddrinfo(channel, host.c_str(), nullptr, &hints, &Collect, &addresses);
  ares_destroy(channel);
  return addresses;
}

}  // namespace shakehook
