// A server on virtual time and real sockets, and a client that writes and reads bytes as they are, for the tests of
// HttpServer.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http_server.h"
#include "testing/simulated_clock.h"

namespace shakehook {

inline constexpr int kPollMs = 2;            // real time in which a socket may become ready
inline constexpr int kQuietPollsMax = 5;     // after this many in a row, nothing more comes
inline constexpr int kWaitPollsMax = 5'000;  // before a test gives up

// A server on virtual time and real sockets; its loop is driven by whoever waits for something.
class HttpService {
 public:
  enum class Loops { kOne, kTwo };

  explicit HttpService(HttpServer::Options options = {}, HttpServer::Handler handler = Echo, Loops loops = Loops::kOne)
      : loop(clock), second(clock) {
    options.port = 0;
    if (!options.refuse) {
      options.refuse = [](int status, std::string_view detail) {
        return HttpResponse{.status = status, .body = std::string(detail)};
      };
    }
    std::vector<Loop*> used = {&loop};
    if (loops == Loops::kTwo) used.push_back(&second);
    server.emplace(std::move(options), used, std::move(handler));
    port = server->Start().value();
    Turn();
  }
  ~HttpService() {
    server->StopAccepting();
    server->CloseAll();
    Turn();
    server.reset();
  }

  void Turn() {
    while (loop.Poll() + second.Poll() > 0) {
    }
  }
  // In steps, so that each sweep and each sleeper gets its turn.
  void Advance(Milliseconds by) {
    const SteadyTime end = clock.Steady() + by;
    for (;;) {
      Turn();
      const auto next = loop.NextTimer();
      if (!next || *next > end) break;
      clock.AdvanceTo(*next);
      loop.RunTimers();
    }
    clock.AdvanceTo(end);
    Turn();
  }

  // "POST /path?query [Name: value]* <body>"
  static Async<HttpResponse> Echo(Loop&, HttpRequest request) {
    std::string text = request.method + " " + request.path;
    if (!request.query.empty()) text += "?" + request.query;
    for (const auto& [name, value] : request.headers) {
      if (name.starts_with("x-")) text += " [" + name + ": " + value + "]";
    }
    if (!request.body.empty()) text += " <" + request.body + ">";
    co_return HttpResponse{.body = text};
  }

  SimulatedClock clock;
  Loop loop, second;
  std::optional<HttpServer> server;
  std::uint16_t port = 0;
};

class RawClient {
 public:
  explicit RawClient(HttpService& service, std::string_view text = {}) : service_(service) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // single bytes are to arrive as such
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(service.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    service_.Turn();
    if (!text.empty()) Send(text);
  }
  // Connects by the Unix socket at `path`.
  RawClient(HttpService& service, const std::string& path, std::string_view text) : service_(service) {
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    service_.Turn();
    Send(text);
  }
  ~RawClient() { Close(); }
  RawClient(const RawClient&) = delete;

  void Close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  void ShutDown() { ::shutdown(socket_, SHUT_WR); }

  // Sends the text; bytes that the server's side does not take in time are dropped.
  void Send(std::string_view text) {
    for (int polls = 0; !text.empty() && polls < kWaitPollsMax; ++polls) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent > 0) text.remove_prefix(sent);
      if (sent < 0 && errno != EAGAIN) return;
      service_.Turn();
      Read(0);
    }
  }
  // Sends one byte at a time.
  void Drip(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) Send(text.substr(i, 1));
  }

  // All that comes until the server closes or nothing more comes.
  std::string Receive() {
    int quiet = 0;
    while (!closed_ && quiet < kQuietPollsMax) quiet = Read(kPollMs) ? 0 : quiet + 1;
    return std::exchange(received_, {});
  }
  // Until that many bytes came.
  std::string Receive(std::size_t bytes) {
    for (int polls = 0; !closed_ && received_.size() < bytes && polls < kWaitPollsMax; ++polls) Read(kPollMs);
    return std::exchange(received_, {});
  }
  bool closed() const { return closed_; }
  bool reset() const { return reset_; }

 private:
  bool Read(int timeout_ms) {
    service_.Turn();
    pollfd wait{.fd = socket_, .events = POLLIN};
    if (::poll(&wait, 1, timeout_ms) <= 0) return false;
    char bytes[65536];
    const ssize_t read = ::recv(socket_, bytes, sizeof bytes, 0);
    if (read > 0) received_.append(bytes, read);
    closed_ = read == 0 || (read < 0 && errno != EAGAIN);
    reset_ = read < 0 && errno == ECONNRESET;
    return read > 0;
  }

  HttpService& service_;
  int socket_ = -1;
  std::string received_;
  bool closed_ = false, reset_ = false;
};

inline std::string Ok(std::string_view body, std::string_view connection = {}) {
  return "HTTP/1.1 200 OK\r\nDate: Wed, 13 Nov 2024 10:30:00 GMT\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(connection) + "\r\n" + std::string(body);
}
inline constexpr std::string_view kClose = "Connection: close\r\n";

// "400 The request line is not valid."; the connection is then closed.
inline std::string Refusal(const std::string& response) {
  static const std::regex kForm(
      "HTTP/1\\.1 ([0-9]{3}) [A-Za-z ]+\r\nDate: [^\r]*\r\nContent-Length: [0-9]+\r\nConnection: close\r\n\r\n(.*)");
  std::smatch match;
  if (!std::regex_match(response, match, kForm)) return "no refusal: " + response;
  return match[1].str() + " " + match[2].str();
}

// A service that answers with a stream: a piece a second until the server drains, or `pieces` of them.
class StreamingService : public HttpService {
 public:
  explicit StreamingService(int pieces = 1'000)
      : HttpService({}, [this](Loop& loop, HttpRequest) { return Respond(loop); }), pieces_(pieces) {}

 private:
  Async<HttpResponse> Respond(Loop& loop) {
    HttpResponse response{.headers = {{"Content-Type", "text/event-stream"}}};
    response.stream = [this, &loop] { return Next(loop); };
    co_return response;
  }
  Async<std::optional<std::string>> Next(Loop& loop) {
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(1'000));
    if (server->draining() || pieces_-- == 0) co_return std::nullopt;
    co_return "data: tick\n\n";
  }

  int pieces_;
};

inline const std::string kStreamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nDate: Wed, 13 Nov 2024 10:30:00 GMT\r\n";
inline const std::string kTick = "c\r\ndata: tick\n\n\r\n";

}  // namespace shakehook
