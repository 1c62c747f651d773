#include "testing/world/request_recorder.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>

namespace shakehook {
namespace {

using Endpoint = asio::ip::tcp::endpoint;
constexpr asio::use_awaitable_t<Executor> kAwait;

// The length of the first whole request in `bytes`; 0: it is not whole yet.
std::size_t WholeRequest(const std::string& bytes) {
  const auto head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string::npos) return 0;
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const auto at = bytes.find(kLength);
  std::size_t length = 0;
  if (at < head_end) std::from_chars(bytes.data() + at + kLength.size(), bytes.data() + head_end, length);
  const std::size_t total = head_end + 4 + length;
  return bytes.size() >= total ? total : 0;
}

}  // namespace

RequestRecorder::RequestRecorder(Loop& loop)
    : loop_(loop),
      acceptor_(loop.executor(), Endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()) {
  loop_.Spawn(Accept());
}

Async<> RequestRecorder::Accept() {
  for (;;) {
    boost::system::error_code error;
    Socket socket(loop_.executor());
    co_await acceptor_.async_accept(socket, asio::redirect_error(kAwait, error));
    if (error) co_return;
    loop_.Spawn(Serve(std::move(socket)));
  }
}

Async<> RequestRecorder::Serve(Socket socket) {
  std::string bytes;
  std::array<char, 16384> piece;
  for (;;) {
    boost::system::error_code error;
    const std::size_t read = co_await socket.async_read_some(asio::buffer(piece), asio::redirect_error(kAwait, error));
    if (error) co_return;
    bytes.append(piece.data(), read);
    while (const std::size_t whole = WholeRequest(bytes)) {
      requests_.push_back(bytes.substr(0, whole));
      bytes.erase(0, whole);
      const std::string_view response = "HTTP/1.1 204 No Content\r\n\r\n";
      co_await asio::async_write(socket, asio::buffer(response), asio::redirect_error(kAwait, error));
      if (error) co_return;
    }
  }
}

}  // namespace shakehook
