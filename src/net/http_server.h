// HttpServer accepts connections, reads requests within its limits, and hands each to the handler. HTTP/1.1 and 1.0,
// kept alive, pipelined requests answered in order; bodies by length or chunked; Expect: 100-continue honoured. With a
// certificate it speaks TLS alone.
//
// One acceptor hands sockets to the server's loops in turn (SO_REUSEPORT spreads few connections badly, and drops some
// when a listener closes). A connection lives on one loop.
//
// Threads: Start, UseCertificate, StopAccepting and Drain from the main thread. The handler runs on the connection's
//          loop.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/loop.h"
#include "net/response_room.h"
#include "net/server_certificate.h"

namespace shakehook {

// How a request came: everybody on the way can read it, or the server's own TLS keeps it secret.
enum class Channel : std::uint8_t { kClear, kTls };

struct HttpRequest {
  std::string method;  // "GET"; the body of a response to "HEAD" is counted and not sent
  std::string path;    // still percent-encoded, without query
  std::string query;   // without '?'
  std::vector<std::pair<std::string, std::string>> headers;  // names lowercase
  std::string body;
  asio::ip::address peer;  // the connection's, over a Unix socket loopback; unspecified if there is none
  Channel channel = Channel::kClear;
  // Stopped some 0.3 s after the client hung up (or closed its sending side): for work that only the response is for.
  std::stop_token gone = {};
  ResponseRoom* room = nullptr;  // null: the request comes from no connection, and memory is not counted

  // Returns the header of that (lowercase) name, which has one value (ParseRequestHead refuses two different ones of
  // those in kSingleHeaders); if it is there several times, the first. Null: none.
  const std::string* Header(std::string_view name) const;
  // Returns the header of that (lowercase) name, which is a list: the lines of that name with ", " between them (RFC
  // 9110, section 5.3). nullopt: none.
  std::optional<std::string> HeaderList(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // Content-Length, Date and Connection are the server's
  std::string body;
  // For a response without end (server-sent events): called again and again for the next piece, until it returns
  // nullopt or the client goes. The wait inside it must end when the server drains (see HttpServer::draining).
  std::function<Async<std::optional<std::string>>()> stream;
};

// The limit for the body of a request that has shown its owner.
struct BodyAdmission {
  std::string owner;  // for HttpServerMemory's shares; not empty
  // The memory that work on the body takes, as a multiple of the body: a parsed JSON text is some times larger.
  std::size_t work_factor = 1;
};

class HttpServer {
 public:
  static constexpr std::size_t kBodyBytesMax = 1024 * 1024;
  struct Limits {
    std::size_t head_bytes_max = 32 * 1024;
    std::size_t connections_max = 16'000;
    std::optional<std::size_t> connections_per_address_max;  // but for those that Options::is_shared names
    Milliseconds handshake_max{10'000};                      // for TLS, from the connection's first moment
    Milliseconds idle_max{75'000};                           // a kept-alive connection without a request
    Milliseconds request_max{30'000};                        // from a request's first byte to its last
    Milliseconds write_max{30'000};                          // a response that the client does not take
    std::size_t unasked_body_bytes_max = 16 * 1024;          // the part that is read before Options::admit is asked
    // The memory of all connections together: requests that come and responses that are made and go, and bodies that
    // are being worked on.
    std::size_t held_bytes_max = 96 * 1024 * 1024;
    std::size_t worked_on_bytes_max = 128 * 1024 * 1024;
    Milliseconds room_wait_max{20'000};  // until a body has its place
  };
  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free one
    std::string socket_path;    // a Unix socket in place of host and port; empty: none
    Limits limits = {};
    // Null: the server speaks no TLS.
    std::shared_ptr<const ServerCertificate> certificate;
    // The largest body that a request may carry; asked when its head is read. Absent: kBodyBytesMax for all.
    std::function<std::size_t(const HttpRequest&)> body_bytes_max;
    // Called before more than Limits::unasked_body_bytes_max are read of a body. Returns the owner of the body, or the
    // answer that refuses it. Absent: every body is read.
    std::function<Async<std::expected<BodyAdmission, HttpResponse>>(Loop& loop, const HttpRequest&)> admit;
    // Tells of an address from which many clients come, such as a proxy's. Absent: none.
    std::function<bool(const asio::ip::address&)> is_shared;
    // Returns the response to bytes that are not a request: 400, 408, 413, 417, 431, 501, 503, 505. Absent: an empty
    // body.
    std::function<HttpResponse(int status, std::string_view detail)> refuse;
  };
  // `loop` is the connection's.
  using Handler = std::function<Async<HttpResponse>(Loop& loop, HttpRequest request)>;

  HttpServer(Options options, std::vector<Loop*> loops, Handler handler);
  ~HttpServer();

  // Opens the port, or the Unix socket. The error is one line for the operator ("cannot listen on 127.0.0.1:8080:
  // Address already in use").
  std::expected<std::uint16_t, std::string> Start();
  // Returns the address where it listens, after Start(); unspecified, and port 0, for a Unix socket.
  asio::ip::address address() const;
  std::uint16_t port() const;
  // Shows another certificate from now on; connections go on with that which they began with. Precondition: the server
  // began with one.
  void UseCertificate(std::shared_ptr<const ServerCertificate> certificate);
  // Accepts no new connections and no new requests; each connection closes once its response is out. Streams end.
  void StopAccepting();
  bool draining() const;
  // Returns how many requests were read and not yet answered.
  std::size_t in_flight() const;
  std::size_t connections() const;
  // Closes the remaining connections. After it and before the loops are destroyed, each loop must run once more.
  void CloseAll();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace shakehook
