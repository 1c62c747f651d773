#include "testing/raw_receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/check.h"

namespace shakehook {
namespace {

constexpr int kBacklog = 1024;

SSL_CTX* MakeContext(const TlsIdentity& identity) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  CHECK(SSL_CTX_set_max_proto_version(context, identity.version_max) == 1);
  const auto read = [](const std::string& text, auto parse) {
    BIO* memory = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
    auto* parsed = parse(memory, nullptr, nullptr, nullptr);
    BIO_free(memory);
    CHECK(parsed != nullptr);
    return parsed;
  };
  X509* certificate = read(identity.certificate, PEM_read_bio_X509);
  EVP_PKEY* key = read(identity.key, PEM_read_bio_PrivateKey);
  CHECK(SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

}  // namespace

RawReceiver::RawReceiver(Script script, const TlsIdentity* identity) : script_(std::move(script)) {
  signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that may be closed
  if (identity != nullptr) tls_ = MakeContext(*identity);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  CHECK(listener_ >= 0 && bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
  CHECK(listen(listener_, kBacklog) == 0);
  CHECK(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

RawReceiver::~RawReceiver() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const MutexLock lock(mutex_);
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
  SSL_CTX_free(tls_);
}

std::vector<std::string> RawReceiver::requests() const {
  const MutexLock lock(mutex_);
  return requests_;
}

void RawReceiver::Accept() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (stopping_) {
      if (socket >= 0) close(socket);
      return;
    }
    if (socket < 0) continue;
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int number = connections_++;
    {
      const MutexLock lock(mutex_);
      sockets_.push_back(socket);
    }
    threads_.emplace_back([this, socket, number] {
      Peer peer(*this, socket, number);
      if (peer.Handshake()) script_(peer);
    });
  }
}

std::string RawReceiver::Peer::address() const {
  sockaddr_in from{};
  socklen_t size = sizeof from;
  CHECK(getpeername(socket_, reinterpret_cast<sockaddr*>(&from), &size) == 0);
  std::string text(INET_ADDRSTRLEN, '\0');
  CHECK(inet_ntop(AF_INET, &from.sin_addr, text.data(), INET_ADDRSTRLEN) != nullptr);
  text.resize(text.find('\0'));
  return text;
}

RawReceiver::Peer::~Peer() {
  SSL_free(ssl_);
  const MutexLock lock(receiver_.mutex_);
  std::erase(receiver_.sockets_, socket_);
  close(socket_);
}

bool RawReceiver::Peer::Handshake() {
  if (receiver_.tls_ == nullptr) return true;
  ssl_ = SSL_new(receiver_.tls_);
  SSL_set_fd(ssl_, socket_);
  return SSL_accept(ssl_) == 1;
}

bool RawReceiver::Peer::Renegotiate() {
  if (ssl_ == nullptr || SSL_renegotiate(ssl_) != 1 || SSL_do_handshake(ssl_) != 1) return false;
  char byte = 0;
  SSL_peek(ssl_, &byte, 1);  // reads what the client says to it
  return SSL_renegotiate_pending(ssl_) == 0;
}

long RawReceiver::Peer::Receive(char* buffer, std::size_t bytes) {
  return ssl_ != nullptr ? SSL_read(ssl_, buffer, static_cast<int>(bytes)) : recv(socket_, buffer, bytes, 0);
}

std::string RawReceiver::Peer::ReadRequest() {
  static constexpr std::string_view kLength = "\r\nContent-Length: ";
  for (;;) {
    if (const std::size_t head_end = unread_.find("\r\n\r\n"); head_end != std::string::npos) {
      std::size_t body_bytes = 0;
      if (const std::size_t at = unread_.find(kLength); at < head_end) {
        std::from_chars(unread_.data() + at + kLength.size(), unread_.data() + head_end, body_bytes);
      }
      if (const std::size_t bytes = head_end + 4 + body_bytes; unread_.size() >= bytes) {
        std::string request = unread_.substr(0, bytes);
        unread_.erase(0, bytes);
        const MutexLock lock(receiver_.mutex_);
        receiver_.requests_.push_back(request);
        return request;
      }
    }
    char buffer[16 * 1024];
    const long got = Receive(buffer, sizeof buffer);
    if (got <= 0) return {};
    unread_.append(buffer, static_cast<std::size_t>(got));
  }
}

bool RawReceiver::Peer::Send(std::string_view text) {
  while (!text.empty()) {
    const long sent = ssl_ != nullptr ? SSL_write(ssl_, text.data(), static_cast<int>(text.size()))
                                      : send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawReceiver::Peer::Drip(std::string_view text, Milliseconds pause) {
  for (const char& byte : text) {
    if (!Send({&byte, 1})) return false;
    Pause(pause);
  }
  return true;
}

void RawReceiver::Peer::Pause(Milliseconds time) {
  pollfd event = {socket_, POLLIN, 0};
  poll(&event, 1, static_cast<int>(time.count()));
}

void RawReceiver::Peer::WaitForClose() {
  char buffer[4096];
  while (Receive(buffer, sizeof buffer) > 0) {
  }
}

void RawReceiver::Peer::Reset() {
  const linger reset = {.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  // The descriptor stays ours until the script ends, so that no other thread meets a reused number.
  sockaddr nothing = {.sa_family = AF_UNSPEC};
  connect(socket_, &nothing, sizeof nothing);
}

}  // namespace shakehook
