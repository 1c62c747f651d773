#include "testing/silent_listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"

namespace shakehook {

SilentListener::SilentListener(const char* address, std::uint16_t port)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {inet_addr(address)}};
  socklen_t size = sizeof name;
  CHECK(bind(listener_, reinterpret_cast<sockaddr*>(&name), size) == 0 && listen(listener_, 0) == 0);
  CHECK(getsockname(listener_, reinterpret_cast<sockaddr*>(&name), &size) == 0);
  port_ = ntohs(name.sin_port);
  for (int& socket : fill_) {
    socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    connect(socket, reinterpret_cast<sockaddr*>(&name), size);
  }
}

SilentListener::~SilentListener() {
  for (const int socket : fill_) close(socket);
  close(listener_);
}

}  // namespace shakehook
