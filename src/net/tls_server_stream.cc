#include "net/tls_server_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "base/check.h"

namespace shakehook {
namespace {

using Socket = TlsServerStream::Socket;

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

// The socket's number is asked for each time: it is none once the socket is closed, while it may be another's by then.
int NumberOf(BIO* bio) { return static_cast<Socket*>(BIO_get_data(bio))->native_handle(); }

int WriteToSocket(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(NumberOf(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && WouldBlock()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int ReadFromSocket(BIO* bio, char* space, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(NumberOf(bio), space, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (got < 0 && WouldBlock()) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

long ControlSocket(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* SocketMethod() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket of a loop");
    CHECK(made != nullptr);
    BIO_meth_set_write(made, WriteToSocket);
    BIO_meth_set_read(made, ReadFromSocket);
    BIO_meth_set_ctrl(made, ControlSocket);
    return made;
  }();
  return method;
}

}  // namespace

TlsServerStream::TlsServerStream(Socket& socket, const ServerCertificate& certificate)
    : ssl_(SSL_new(certificate.context())) {
  BIO* const bio = ssl_ ? BIO_new(SocketMethod()) : nullptr;
  ERR_clear_error();
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, &socket);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
}

TlsServerStream::State TlsServerStream::Handshake() {
  ERR_clear_error();
  return StateAfter(SSL_accept(ssl_.get()));
}

TlsServerStream::Progress TlsServerStream::Read(std::span<char> space) {
  CHECK(!space.empty());
  ERR_clear_error();
  std::size_t bytes = 0;
  const State state = StateAfter(SSL_read_ex(ssl_.get(), space.data(), space.size(), &bytes));
  return {state, bytes};
}

TlsServerStream::Progress TlsServerStream::Write(std::string_view bytes) {
  CHECK(!bytes.empty());
  ERR_clear_error();
  std::size_t written = 0;
  const std::size_t size = std::min(bytes.size(), kRecordBytesMax);
  const State state = StateAfter(SSL_write_ex(ssl_.get(), bytes.data(), size, &written));
  return {state, written};
}

void TlsServerStream::SayEnd() {
  if (failed_ || SSL_is_init_finished(ssl_.get()) == 0 || (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) != 0) {
    return;
  }
  SSL_shutdown(ssl_.get());  // a socket that takes nothing now is not waited for
  ERR_clear_error();
}

TlsServerStream::State TlsServerStream::StateAfter(int returned) {
  if (returned == 1) return State::kDone;
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return State::kAwaitRead;
    case SSL_ERROR_WANT_WRITE:
      return State::kAwaitWrite;
    case SSL_ERROR_ZERO_RETURN:
      return State::kEnd;
    default:
      failed_ = true;
      client_speaks_http_ = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
      ERR_clear_error();
      return State::kEnd;
  }
}

}  // namespace shakehook
