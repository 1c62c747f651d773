#include "cli/health_check.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <memory>
#include <optional>
#include <span>

#include "base/console.h"

namespace shakehook {
namespace {

using Failure = std::unexpected<std::string>;

constexpr timeval kPatience{.tv_sec = 5, .tv_usec = 0};
constexpr int kReady = 200;

// A server that listens at every address of the machine is asked at the machine's own.
std::string AskedHost(const std::string& host) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  if (error || !address.is_unspecified()) return host;
  return address.is_v4() ? "127.0.0.1" : "::1";
}

// A connection to the server, with TLS or without. Each step waits kPatience at most.
class Asking {
 public:
  explicit Asking(int socket) : socket_(socket) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  }
  ~Asking() { ::close(socket_); }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  // Returns false, and leaves the reason in errno.
  bool Connect(const sockaddr* address, socklen_t size) { return ::connect(socket_, address, size) == 0; }

  // The certificate is not verified: it is made out for the address that others use, and nothing secret is sent.
  std::expected<Done, std::string> BeginTls() {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    ssl_.reset(context_ ? SSL_new(context_.get()) : nullptr);
    if (!ssl_ || SSL_set_fd(ssl_.get(), socket_) != 1) return Failure("no memory for TLS");
    if (SSL_connect(ssl_.get()) == 1) return Done{};
    const char* const reason = ERR_reason_error_string(ERR_peek_error());
    return Failure("the TLS handshake fails" + (reason ? " (" + std::string(reason) + ")" : ""));
  }

  bool Send(const std::string& text) {
    const auto bytes = static_cast<int>(text.size());
    const auto sent = ssl_ ? SSL_write(ssl_.get(), text.data(), bytes) : ::send(socket_, text.data(), text.size(), 0);
    return sent == bytes;
  }
  // Returns how many bytes came; 0 or less: none came any more.
  long Receive(std::span<char> space) {
    if (ssl_) return SSL_read(ssl_.get(), space.data(), static_cast<int>(space.size()));
    return ::recv(socket_, space.data(), space.size(), 0);
  }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  const int socket_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;  // null: no TLS
};

std::string ReasonOf(int error) { return error == EAGAIN ? "it does not answer within 5 s" : std::strerror(error); }

std::expected<std::unique_ptr<Asking>, std::string> ConnectTo(const ListenAddress& asked) {
  if (asked.is_unix()) {
    auto asking = std::make_unique<Asking>(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    std::ranges::copy(asked.socket_path, address.sun_path);
    if (asking->Connect(reinterpret_cast<const sockaddr*>(&address), sizeof address)) return asking;
    return Failure(ReasonOf(errno));
  }
  const addrinfo wanted{.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(asked.host.c_str(), std::to_string(asked.port).c_str(), &wanted, &found);
  if (failed != 0) return Failure(::gai_strerror(failed));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  int error = ECONNREFUSED;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const int socket = ::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol);
    if (socket < 0) continue;
    auto asking = std::make_unique<Asking>(socket);
    if (asking->Connect(each->ai_addr, each->ai_addrlen)) return asking;
    error = errno == EINPROGRESS ? EAGAIN : errno;
  }
  return Failure(ReasonOf(error));
}

// Returns the status of an answer that begins "HTTP/1.1 200 "; nullopt: it begins otherwise.
std::optional<int> StatusOf(std::string_view text) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  int status = 0;
  if (!text.starts_with(kVersion)) return std::nullopt;
  text.remove_prefix(kVersion.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc() || end != text.data() + 3) return std::nullopt;
  return status;
}

std::expected<int, std::string> AskReadiness(const Settings& settings, const ListenAddress& asked) {
  auto asking = ConnectTo(asked);
  if (!asking) return Failure(asking.error());
  if (settings.tls_cert) {
    if (auto begun = (*asking)->BeginTls(); !begun) return Failure(begun.error());
  }
  errno = 0;
  const bool sent =
      (*asking)->Send("GET /readyz HTTP/1.1\r\nHost: " + (asked.is_unix() ? "localhost" : asked.ToString()) +
                      "\r\nConnection: close\r\n\r\n");
  std::array<char, 64> start{};
  std::size_t bytes = 0;
  long got = sent ? 1 : 0;
  while (got > 0 && bytes < start.size()) {
    got = (*asking)->Receive(std::span(start).subspan(bytes));
    bytes += static_cast<std::size_t>(std::max(got, 0L));
  }
  const int error = errno;
  if (bytes == 0) return Failure(error == 0 ? "it closes the connection" : ReasonOf(error));
  const auto status = StatusOf({start.data(), bytes});
  if (!status) return Failure("the answer is not HTTP");
  return *status;
}

}  // namespace

std::expected<Done, std::string> CheckHealth(const Settings& settings) {
  if (settings.listen.port == 0 && !settings.listen.is_unix()) {
    return Failure("the server chooses its port itself (--listen " + settings.listen.ToString() +
                   "), so it cannot be asked");
  }
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that may be closed
  ListenAddress asked = settings.listen;
  asked.host = AskedHost(asked.host);
  const auto status = AskReadiness(settings, asked);
  if (!status) return Failure("no server answers at " + asked.ToString() + ": " + status.error());
  if (*status != kReady) {
    return Failure("the server at " + asked.ToString() + " is not ready: it answers /readyz with " +
                   std::to_string(*status));
  }
  Print("ready\n");
  return Done{};
}

}  // namespace shakehook
