#include "net/http_server.h"

#include <gtest/gtest.h>

#include "net/http_request_head.h"
#include "net/http_server_fixture.h"

namespace shakehook {
namespace {

using namespace std::string_literals;

constexpr int kPollMs = 2;            // real time in which a socket may become ready
constexpr int kQuietPollsMax = 5;     // after this many in a row, nothing more comes
constexpr int kWaitPollsMax = 5'000;  // before a test gives up

// A server on virtual time and real sockets; a client that waits for something drives its loop.
class Service {
 public:
  enum class Loops { kOne, kTwo };

  explicit Service(HttpServer::Options options = {}, HttpServer::Handler handler = Echo, Loops loops = Loops::kOne)
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
  ~Service() {
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

class Client {
 public:
  explicit Client(Service& service, std::string_view text = {}) : service_(service) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // single bytes are to arrive as such
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(service.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    service_.Turn();
    if (!text.empty()) Send(text);
  }
  ~Client() { Close(); }
  Client(const Client&) = delete;

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

  Service& service_;
  int socket_ = -1;
  std::string received_;
  bool closed_ = false, reset_ = false;
};

std::string Ok(std::string_view body, std::string_view connection = {}) {
  return "HTTP/1.1 200 OK\r\nDate: Wed, 13 Nov 2024 10:30:00 GMT\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(connection) + "\r\n" + std::string(body);
}
constexpr std::string_view kClose = "Connection: close\r\n";

// "400 The request line is not valid."; the connection is then closed.
std::string Refusal(const std::string& answer) {
  static const std::regex kForm(
      "HTTP/1\\.1 ([0-9]{3}) [A-Za-z ]+\r\nDate: [^\r]*\r\nContent-Length: [0-9]+\r\nConnection: close\r\n\r\n(.*)");
  std::smatch match;
  if (!std::regex_match(answer, match, kForm)) return "no refusal: " + answer;
  return match[1].str() + " " + match[2].str();
}

struct Exchange {
  std::string request;
  std::string answer;
  bool closed = false;
};

const Exchange kExchanges[] = {
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", Ok("GET /")},
    {"GET /a%2Fb?q=1&r= HTTP/1.1\r\nHost: a\r\nX-A: \t v w \r\nx-a: 2\r\n\r\n",
     Ok("GET /a%2Fb?q=1&r= [x-a: v w] [x-a: 2]")},
    {"POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", Ok("POST /p <hello>")},
    {"POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", Ok("POST /p")},
    {"POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-T: 1\r\n\r\n",
     Ok("POST /p <abcde>")},
    {"POST /p HTTP/1.1\r\nHost: a\r\ntransfer-encoding: CHUNKED\r\n\r\n0\r\n\r\n", Ok("POST /p")},
    {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Ok("GET /")},
    {"GET http://example.com/x?y HTTP/1.1\r\nHost: example.com\r\n\r\n", Ok("GET /x?y")},
    {"GET https://example.com HTTP/1.1\r\nHost: example.com\r\n\r\n", Ok("GET /")},
    {"GET http://example.com?y HTTP/1.1\r\nHost: example.com\r\n\r\n", Ok("GET /?y")},
    {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", Ok("OPTIONS *")},
    {"BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", Ok("BREW /pot")},
    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", Ok("GET /", kClose), true},
    {"GET / HTTP/1.0\r\n\r\n", Ok("GET /", kClose), true},
    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", Ok("GET /", "Connection: keep-alive\r\n")},
    {"HEAD /x HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
     "HTTP/1.1 200 OK\r\nDate: Wed, 13 Nov 2024 10:30:00 GMT\r\nContent-Length: 7\r\n\r\n" + Ok("GET /")},
    // Pipelined, with bodies, in one piece.
    {"POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\noneGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
     "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\nGET /4 HTTP/1.0\r\n\r\n",
     Ok("POST /1 <one>") + Ok("GET /2") + Ok("POST /3 <x>") + Ok("GET /4", kClose), true},
};

TEST(HttpServer, AnswersRequests) {
  for (const Exchange& exchange : kExchanges) {
    HttpService service;
    RawClient client(service, exchange.request);
    EXPECT_EQ(client.Receive(), exchange.answer) << exchange.request;
    EXPECT_EQ(client.closed(), exchange.closed) << exchange.request;
  }
}

TEST(HttpServer, AnswersRequestsThatComeByteByByte) {
  for (const Exchange& exchange : kExchanges) {
    HttpService service;
    RawClient client(service);
    client.Drip(exchange.request);
    EXPECT_EQ(client.Receive(), exchange.answer) << exchange.request;
  }
}

TEST(HttpRequest, JoinsTheLinesOfAList) {
  const auto head = ParseRequestHead(
      "GET / HTTP/1.1\r\nHost: a\r\nX-List: a, b\r\nAuthorization: Bearer k\r\nx-list:\r\nX-LIST: \"c\"\r\n"
      "authorization: Bearer k\r\n\r\n");
  ASSERT_TRUE(head) << head.error().detail;
  EXPECT_EQ(head->request.HeaderList("x-list"), "a, b, , \"c\"");
  EXPECT_EQ(head->request.HeaderList("x-none"), std::nullopt);
  EXPECT_EQ(*head->request.Header("authorization"), "Bearer k");
}

struct Refused {
  std::string request;
  std::string refusal;
};

TEST(HttpServer, RefusesWhatIsNoRequest) {
  const std::string line = "400 The request line is not valid.";
  const std::string header = "400 The request has a header line that is not valid.";
  const std::string length = "400 The request's Content-Length is not valid.";
  const std::string target = "400 The request's target is not valid.";
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const Refused refusals[] = {
      {"GET /\r\n\r\n", line},
      {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", line},
      {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", line},
      {"GET / HTTP/x.y\r\nHost: a\r\n\r\n", line},
      {"GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", line},
      {"GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n", line},
      {"\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n", line},
      {"\x16\x03\x01\x02", "400 This port speaks plain HTTP, not TLS."},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 This server speaks HTTP/1.1 and HTTP/1.0."},
      {"GET / HTTP/1.1\r\n\r\n", "400 The request needs exactly one Host header."},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 The request needs exactly one Host header."},
      {"GET / HTTP/1.1\nHost: a\n\n", "400 The request's lines do not end in CR LF."},
      {"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", "400 The request's lines do not end in CR LF."},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", "400 The request has a folded header line."},
      {"GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\tc\r\n\r\n", "400 The request has a folded header line."},
      {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", "400 The request has a folded header line."},
      {"GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", header},
      {"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", header},
      {"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", header},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", header},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"s, header},
      {"CONNECT example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n", target},
      {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", target},
      {"GET a/b HTTP/1.1\r\nHost: a\r\n\r\n", target},
      {"GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", target},
      {"GET ftp://a/x HTTP/1.1\r\nHost: a\r\n\r\n", target},
      {"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", target},
      {post + "Content-Length: 5x\r\n\r\nhello", length},
      {post + "Content-Length: -5\r\n\r\nhello", length},
      {post + "Content-Length: +5\r\n\r\nhello", length},
      {post + "Content-Length: 0x5\r\n\r\nhello", length},
      {post + "Content-Length: \r\n\r\nhello", length},
      {post + "Content-Length: 18446744073709551621\r\n\r\nhello", length},
      {post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", length},
      {post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", length},
      {post + "Content-Length: 5, 5\r\n\r\nhello", length},
      {post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "400 The request's Transfer-Encoding contradicts its other headers."},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", length},
      {post + "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
       "400 The request has both a Content-Length and a Transfer-Encoding."},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
       "501 The only Transfer-Encoding that is understood is chunked."},
      {post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
       "501 The only Transfer-Encoding that is understood is chunked."},
      {post + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "400 The request has more than one Transfer-Encoding."},
      {post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
       "501 The only Transfer-Encoding that is understood is chunked."},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400 HTTP/1.0 knows no Transfer-Encoding."},
      {post + "Transfer-Encoding: chunked\r\n\r\nx\r\n", "400 The request's chunked body is not valid."},
      {post + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", "400 The request's chunked body is not valid."},
      {post + "Transfer-Encoding: chunked\r\n\r\n1\nab\r\n0\r\n\r\n", "400 The request's chunked body is not valid."},
      {post + "Expect: miracles\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n",
       "417 The only expectation that is understood is 100-continue."},
      {post + "Content-Type: a/b\r\ncontent-type: c/d\r\n\r\n",
       "400 The request has two different headers \"content-type\"; it takes one value."},
      {post + "Authorization: Bearer a\r\nX-A: b\r\nAUTHORIZATION: Bearer b\r\n\r\n",
       "400 The request has two different headers \"authorization\"; it takes one value."},
      {post + "Idempotency-Key: a\r\nIdempotency-Key: b\r\n\r\n",
       "400 The request has two different headers \"idempotency-key\"; it takes one value."},
      {post + "Origin: http://a\r\nOrigin: http://b\r\n\r\n",
       "400 The request has two different headers \"origin\"; it takes one value."},
      {post + "X-CSRF-Token: a\r\nX-CSRF-Token:\r\n\r\n",
       "400 The request has two different headers \"x-csrf-token\"; it takes one value."},
      {post + "Host: b\r\n\r\n", "400 The request needs exactly one Host header."},
      {post + "Expect: miracles\r\nContent-Length: 1\r\n\r\n",
       "417 The only expectation that is understood is 100-continue."},
  };
  for (const Refused& refused : refusals) {
    HttpService service;
    RawClient client(service, refused.request);
    EXPECT_EQ(Refusal(client.Receive()), refused.refusal) << refused.request;
    EXPECT_TRUE(client.closed()) << refused.request;
    EXPECT_FALSE(client.reset()) << refused.request;
  }
}

// Bytes after a refused request must not be taken for a request.
TEST(HttpServer, ReadsNothingBehindARefusal) {
  HttpService service;
  RawClient client(service,
                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(Refusal(client.Receive()), "400 The request's Transfer-Encoding contradicts its other headers.");
}

TEST(HttpServer, BoundsTheHead) {
  HttpServer::Options options;
  options.limits.head_bytes_max = 1000;
  Service service(options);
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX-P: ";
  const std::string fits(1000 - start.size() - 4, 'p');
  EXPECT_EQ(Client(service, start + fits + "\r\n\r\n").Receive(), Ok("GET / [x-p: " + fits + "]"));
  EXPECT_EQ(Refusal(Client(service, start + fits + "p\r\n\r\n").Receive()),
            "431 The request's head is larger than 1000 bytes.");
  EXPECT_EQ(Refusal(Client(service, start + std::string(100'000, 'p')).Receive()),
            "431 The request's head is larger than 1000 bytes.");
}

TEST(HttpServer, BoundsTheNumberOfHeaders) {
  Service service;
  std::string request = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 200; ++i) request += "A: b\r\n";
  EXPECT_EQ(Refusal(Client(service, request + "\r\n").Receive()), "431 The request has more than 200 headers.");
}

HttpServer::Options WithBodyLimit(std::size_t bytes) {
  HttpServer::Options options;
  options.body_bytes_max = [bytes](const HttpRequest& request) {
    return request.path == "/large" ? 10 * bytes : bytes;
  };
  return options;
}

TEST(HttpServer, BoundsTheBodyByWhatItsRequestMayCarry) {
  const auto options = WithBodyLimit(100);
  for (const std::string path : {"/small", "/large"}) {
    const std::size_t limit = path == "/large" ? 1000 : 100;
    const std::string start = "POST " + path + " HTTP/1.1\r\nHost: a\r\n";
    const auto with_length = [&](std::size_t bytes) {
      return start + "Content-Length: " + std::to_string(bytes) + "\r\n\r\n" + std::string(bytes, 'b');
    };
    const auto chunked = [&](std::size_t bytes) {
      std::string request = start + "Transfer-Encoding: chunked\r\n\r\n";
      for (std::size_t i = 0; i < bytes; ++i) request += "1\r\nb\r\n";
      return request + "0\r\n\r\n";
    };
    const std::string refusal = "413 The body is larger than " + std::to_string(limit) + " bytes.";
    const std::string answer = Ok("POST " + path + " <" + std::string(limit, 'b') + ">");
    Service service(options);
    EXPECT_EQ(Client(service, with_length(limit)).Receive(), answer);
    EXPECT_EQ(Client(service, chunked(limit)).Receive(), answer);
    EXPECT_EQ(Refusal(Client(service, with_length(limit + 1)).Receive()), refusal);
    EXPECT_EQ(Refusal(Client(service, chunked(limit + 1)).Receive()), refusal);
  }
}

TEST(HttpServer, LetsAClientReadTheRefusalOfABodyThatItSendsToItsEnd) {
  Service service(WithBodyLimit(100));
  const std::size_t bytes = 8 * 1024 * 1024;
  Client client(service, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n");
  client.Send(std::string(bytes, 'b'));
  EXPECT_EQ(Refusal(client.Receive()), "413 The body is larger than 100 bytes.");
  EXPECT_FALSE(client.reset());
}

TEST(HttpServer, EndsAClientThatGoesOnSendingAfterItsRefusal) {
  Service service;
  Client client(service, "GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(Refusal(client.Receive()), "400 The request needs exactly one Host header.");
  EXPECT_EQ(service.server->connections(), 1u);
  service.Advance(Milliseconds(6'000));
  EXPECT_EQ(service.server->connections(), 0u);
}

TEST(HttpServer, TakesALargeBody) {
  const std::size_t bytes = 3 * 1024 * 1024;
  HttpServer::Options options;
  options.body_bytes_max = [](const HttpRequest&) { return bytes; };
  std::size_t received = 0;
  Service service(options, [&received](Loop&, HttpRequest request) -> Async<HttpResponse> {
    received = request.body.size();
    co_return HttpResponse{.body = std::move(request.body)};
  });
  Client client(service, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n");
  client.Send(std::string(bytes, 'b'));
  const std::string answer = client.Receive();
  EXPECT_EQ(received, bytes);
  EXPECT_TRUE(answer.ends_with(std::string(bytes, 'b')));
}

TEST(HttpServer, AsksForTheBodyOnlyIfItIsAcceptable) {
  Service service(WithBodyLimit(100));
  const std::string start = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: ";
  Client client(service, start + "5\r\n\r\n");
  EXPECT_EQ(client.Receive(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("hello");
  EXPECT_EQ(client.Receive(), Ok("POST / <hello>"));

  EXPECT_EQ(Refusal(Client(service, start + "101\r\n\r\n").Receive()), "413 The body is larger than 100 bytes.");
  // If the body is there already, no 100 is sent.
  EXPECT_EQ(Client(service, start + "5\r\n\r\nhello").Receive(), Ok("POST / <hello>"));
}

TEST(HttpServer, AnswersAClientThatShutItsSideDown) {
  Service service;
  Client client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.ShutDown();
  EXPECT_EQ(client.Receive(), Ok("GET /"));
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, ClosesAConnectionThatStaysIdle) {
  Service service;
  Client client(service);
  service.Advance(Milliseconds(74'000));
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(client.Receive(), "");
  service.Advance(Milliseconds(74'000));
  client.Receive();
  EXPECT_FALSE(client.closed());
  service.Advance(Milliseconds(2'000));
  EXPECT_EQ(client.Receive(), "");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, EndsARequestThatDoesNotComeWhole) {
  for (const std::string part :
       {"G", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell"}) {
    Service service;
    Client client(service, part);
    service.Advance(Milliseconds(29'000));
    EXPECT_EQ(client.Receive(), "");
    EXPECT_FALSE(client.closed());
    service.Advance(Milliseconds(2'000));
    EXPECT_EQ(Refusal(client.Receive()), "408 The request did not come whole within 30 s.");
    EXPECT_TRUE(client.closed());
  }
}

// A byte now and then must not keep a request alive.
TEST(HttpServer, EndsARequestThatDripsInTooSlowly) {
  Service service;
  Client client(service, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n");
  for (int i = 0; i < 31; ++i) {
    client.Send("b");
    service.Advance(Milliseconds(1'000));
  }
  EXPECT_EQ(Refusal(client.Receive()), "408 The request did not come whole within 30 s.");
}

TEST(HttpServer, EndsAnAnswerThatTheClientDoesNotTake) {
  Service service({}, [](Loop&, HttpRequest) -> Async<HttpResponse> {
    co_return HttpResponse{.body = std::string(50 * 1024 * 1024, 'b')};
  });
  Client client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  service.Advance(Milliseconds(31'000));
  EXPECT_EQ(service.server->connections(), 1u);  // a response of this size may take longer
  service.Advance(Milliseconds(51 * 31'000));
  EXPECT_EQ(service.server->connections(), 0u);
}

TEST(HttpServer, LetsAHandlerTakeItsTime) {
  Service service({}, [](Loop& loop, HttpRequest) -> Async<HttpResponse> {
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(600'000));
    co_return HttpResponse{.status = 204};
  });
  Client client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Receive(), "");
  EXPECT_EQ(service.server->in_flight(), 1u);
  service.Advance(Milliseconds(600'000));
  EXPECT_EQ(client.Receive(), "HTTP/1.1 204 No Content\r\nDate: Wed, 13 Nov 2024 10:40:00 GMT\r\n\r\n");
  EXPECT_EQ(service.server->in_flight(), 0u);
}

// Works for a second, and notes whether its client was there at its end.
struct Worker {
  Async<HttpResponse> Handle(Loop& loop, HttpRequest request) {
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(1'000));
    (request.gone.stop_requested() ? gone : there) += 1;
    co_return HttpResponse{.body = "done"};
  }
  int gone = 0;
  int there = 0;
};

TEST(HttpServer, TellsAHandlerThatItsClientHungUp) {
  Worker worker;
  Service service({}, [&worker](Loop& loop, HttpRequest request) { return worker.Handle(loop, std::move(request)); });
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  Client stays(service, request), goes(service, request);
  // It sent bytes before it went, which are unread.
  Client pipelines(service, request + request);
  goes.Close();
  pipelines.Close();
  service.Advance(Milliseconds(1'500));
  EXPECT_EQ(worker.there, 1);
  EXPECT_EQ(worker.gone, 2);
  EXPECT_NE(stays.Receive().find("done"), std::string::npos);
}

TEST(HttpServer, AnswersAClientThatShutItsSideDownWhileItsRequestIsWorkedOn) {
  Worker worker;
  Service service({}, [&worker](Loop& loop, HttpRequest request) { return worker.Handle(loop, std::move(request)); });
  Client client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.ShutDown();
  service.Advance(Milliseconds(1'500));
  EXPECT_NE(client.Receive().find("done"), std::string::npos);
}

TEST(HttpServer, KeepsAHeaderInItsLine) {
  Service service({}, [](Loop&, HttpRequest) -> Async<HttpResponse> {
    co_return HttpResponse{.status = 201, .headers = {{"Location", "/a\r\nSet-Cookie: b"}}};
  });
  EXPECT_EQ(Client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").Receive(),
            "HTTP/1.1 201 Created\r\nLocation: /a  Set-Cookie: b\r\nDate: Wed, 13 Nov 2024 10:30:00 GMT\r\n"
            "Content-Length: 0\r\n\r\n");
}

TEST(HttpServer, BoundsTheConnections) {
  HttpServer::Options options;
  options.limits.connections_max = 2;
  const auto wait = [](Loop& loop, HttpRequest) -> Async<HttpResponse> {
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(1'000));
    co_return HttpResponse{.status = 204};
  };
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  Service service(options, wait);
  std::optional<Client> first(std::in_place, service, request);
  Client second(service, request);
  Client third(service);
  EXPECT_EQ(Refusal(third.Receive()), "503 The server has too many connections.");
  EXPECT_EQ(service.server->connections(), 2u);
  first.reset();
  service.Advance(Milliseconds(2'000));
  Client fourth(service, request);
  service.Advance(Milliseconds(2'000));
  EXPECT_TRUE(fourth.Receive().starts_with("HTTP/1.1 204"));
}

TEST(HttpServer, WhenFullTheConnectionThatIsIdleLongestMakesPlace) {
  HttpServer::Options options;
  options.limits.connections_max = 3;
  Service service(options);
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  Client dripping(service, "GET / HT");
  service.Advance(Milliseconds(10'000));
  Client idle(service);
  service.Advance(Milliseconds(10'000));
  Client used(service, request);
  EXPECT_TRUE(used.Receive().starts_with("HTTP/1.1 200 OK"));
  service.Advance(Milliseconds(1));
  EXPECT_EQ(Client(service, request).Receive().substr(0, 15), "HTTP/1.1 200 OK");
  dripping.Receive();
  EXPECT_TRUE(dripping.closed());
  idle.Receive();
  EXPECT_FALSE(idle.closed());
  used.Receive();
  EXPECT_FALSE(used.closed());
}

HttpServer::Options WithKeys() {
  HttpServer::Options options;
  options.body_bytes_max = [](const HttpRequest&) { return std::size_t{16} * 1024 * 1024; };
  options.admit = [](Loop&, const HttpRequest& request) -> Async<std::expected<BodyAdmission, HttpResponse>> {
    const std::string* const key = request.Header("x-key");
    if (key == nullptr) co_return std::unexpected(HttpResponse{.status = 401, .body = "no key"});
    co_return BodyAdmission{.owner = *key, .work_factor = 4};
  };
  return options;
}

std::string Post(std::size_t bytes, std::string_view key = {}) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n" +
         (key.empty() ? "" : "X-Key: " + std::string(key) + "\r\n") + "\r\n";
}

TEST(HttpServer, ReadsNoLargeBodyOfAClientThatShowsNoKey) {
  Service service(WithKeys());
  EXPECT_EQ(Refusal(Client(service, Post(16 * 1024 * 1024)).Receive()), "401 no key");
  Client small(service, Post(16 * 1024) + std::string(16 * 1024, 'b'));
  EXPECT_EQ(small.Receive(16 * 1024).substr(0, 15), "HTTP/1.1 200 OK");
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";
  const std::string chunk = "2000\r\n" + std::string(0x2000, 'c') + "\r\n";
  EXPECT_EQ(Client(service, chunked + "\r\n" + chunk + chunk + "0\r\n\r\n").Receive(16 * 1024).substr(0, 15),
            "HTTP/1.1 200 OK");
  EXPECT_EQ(Refusal(Client(service, chunked + "\r\n" + chunk + chunk + chunk + "0\r\n\r\n").Receive()), "401 no key");
  const std::string keyed =
      Client(service, chunked + "X-Key: k\r\n\r\n" + chunk + chunk + chunk + "0\r\n\r\n").Receive();
  EXPECT_TRUE(keyed.starts_with("HTTP/1.1 200 OK")) << keyed.substr(0, 200);
  EXPECT_EQ(keyed.substr(keyed.find("<")), "<" + std::string(3 * 0x2000, 'c') + ">");
}

TEST(HttpServer, WhereMemoryIsFullTheSlowestOfThoseWithoutAKeyGoFirst) {
  HttpServer::Options options = WithKeys();
  options.limits.held_bytes_max = 64 * 1024;
  Service service(options);
  Client slowest(service, Post(16 * 1024) + std::string(9 * 1024, 'b'));
  Client keyed(service, Post(32 * 1024, "k") + "b");
  service.Advance(Milliseconds(2'000));
  EXPECT_EQ(Client(service, Post(20 * 1024, "other") + std::string(20 * 1024, 'b')).Receive(20 * 1024).substr(0, 15),
            "HTTP/1.1 200 OK");
  EXPECT_TRUE(Refusal(slowest.Receive()).starts_with("503 ")) << "it made place";
  keyed.Send(std::string(32 * 1024 - 1, 'b'));
  EXPECT_EQ(keyed.Receive(32 * 1024).substr(0, 15), "HTTP/1.1 200 OK");
}

TEST(HttpServer, ABodyWaitsUntilItsOwnersOthersAreDoneWith) {
  HttpServer::Options options = WithKeys();
  options.limits.worked_on_bytes_max = 200 * 1024;
  std::size_t handled = 0;
  Service service(options, [&handled](Loop& loop, HttpRequest) -> Async<HttpResponse> {
    ++handled;
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(5'000));
    co_return HttpResponse{.status = 204};
  });
  const std::string body(20 * 1024, 'b');
  Client first(service, Post(body.size(), "k") + body);
  Client second(service, Post(body.size(), "k") + body);
  Client other(service, Post(body.size(), "other") + body);
  service.Advance(Milliseconds(1'000));
  EXPECT_EQ(handled, 2u) << "one of each owner";
  service.Advance(Milliseconds(5'000));
  EXPECT_EQ(handled, 3u);
  service.Advance(Milliseconds(5'000));
  for (Client* client : {&first, &second, &other}) EXPECT_TRUE(client->Receive().starts_with("HTTP/1.1 204"));
}

TEST(HttpServer, AnswersThatNobodyReadsGoWhereOthersNeedThePlace) {
  HttpServer::Options options;
  const std::size_t bytes = 20 * 1024 * 1024;
  options.limits.held_bytes_max = 2 * bytes;
  options.limits.write_max = Milliseconds(600'000);
  Service service(options, [](Loop&, HttpRequest) -> Async<HttpResponse> {
    co_return HttpResponse{.body = std::string(bytes, 'b')};
  });
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  Client first(service, request), second(service, request);
  Client third(service, request);
  EXPECT_TRUE(third.Receive().starts_with("HTTP/1.1 503 ")) << "nobody is slow yet";
  service.Advance(Milliseconds(2'000));
  const std::string answer = Client(service, request).Receive(bytes);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK"));
  EXPECT_GE(answer.size(), bytes);
}

TEST(HttpServer, ARequestThatMemoryIsMissingForIsRefusedAndTheServerGoesOn) {
  Service service({}, [](Loop&, HttpRequest request) -> Async<HttpResponse> {
    if (request.path == "/large") throw std::bad_alloc();
    co_return HttpResponse{.status = 204};
  });
  EXPECT_TRUE(Refusal(Client(service, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n").Receive()).starts_with("503 "));
  EXPECT_EQ(service.server->in_flight(), 0u);
  EXPECT_TRUE(Client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").Receive().starts_with("HTTP/1.1 204"));
}

TEST(HttpServer, ServesManyConnectionsAtOnce) {
  Service service;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 300; ++i) clients.push_back(std::make_unique<Client>(service));
  EXPECT_EQ(service.server->connections(), 300u);
  for (int round = 0; round < 2; ++round) {
    for (auto& client : clients) client->Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    for (auto& client : clients) EXPECT_EQ(client->Receive(Ok("GET /").size()), Ok("GET /"));
  }
  clients.clear();
  service.Turn();
  EXPECT_EQ(service.server->connections(), 0u);
}

// --- Streams ---

// A service that answers with a stream: a piece a second until the server drains, or `pieces` of them.
class StreamingService : public Service {
 public:
  explicit StreamingService(int pieces = 1'000)
      : Service({}, [this](Loop& loop, HttpRequest) { return Answer(loop); }), pieces_(pieces) {}

 private:
  Async<HttpResponse> Answer(Loop& loop) {
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

const std::string kStreamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nDate: Wed, 13 Nov 2024 10:30:00 GMT\r\n";
const std::string kTick = "c\r\ndata: tick\n\n\r\n";

TEST(HttpServer, StreamsAnAnswerPieceByPiece) {
  StreamingService service(2);
  Client client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Receive(), kStreamHead + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
  service.Advance(Milliseconds(1'000));
  EXPECT_EQ(client.Receive(), kTick);
  service.Advance(Milliseconds(2'000));
  EXPECT_EQ(client.Receive(), kTick + "0\r\n\r\n");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, StreamsToAnOldClientUntilItCloses) {
  StreamingService service(1);
  Client client(service, "GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.Receive(), kStreamHead + "Connection: close\r\n\r\n");
  service.Advance(Milliseconds(3'000));
  EXPECT_EQ(client.Receive(), "data: tick\n\n");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, AnswersHeadWithoutTheStream) {
  StreamingService service;
  Client client(service, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Receive(), kStreamHead + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, StreamsPastTheTimeThatAnswersMayTake) {
  StreamingService service(200);
  Client client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  for (int minute = 0; minute < 3; ++minute) {
    service.Advance(Milliseconds(60'000));
    EXPECT_NE(client.Receive(), "");
    EXPECT_FALSE(client.closed());
  }
}

TEST(HttpServer, EndsAStreamWhoseClientGoesBetweenTwoPieces) {
  StreamingService service;
  Client client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.Send("what is sent meanwhile is dropped");
  client.Receive();
  EXPECT_EQ(service.server->connections(), 1u);
  client.Close();
  service.Advance(Milliseconds(1'000));
  EXPECT_EQ(service.server->connections(), 0u);
}

TEST(HttpServer, EndsAStreamThatTheClientDoesNotRead) {
  Service service({}, [](Loop&, HttpRequest) -> Async<HttpResponse> {
    HttpResponse response;
    response.stream = []() -> Async<std::optional<std::string>> { co_return std::string(100'000, 's'); };
    co_return response;
  });
  Client client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  service.Advance(Milliseconds(31'000));
  service.Advance(Milliseconds(6'000));
  EXPECT_EQ(service.server->connections(), 0u);
}

// --- Draining ---

TEST(HttpServer, ClosesIdleConnectionsAndTakesNoNewOnesWhileDraining) {
  Service service;
  Client idle(service);
  Client served(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(served.Receive(), Ok("GET /"));
  service.server->StopAccepting();
  service.Turn();
  EXPECT_TRUE(service.server->draining());
  EXPECT_EQ(service.server->connections(), 0u);
  idle.Receive();
  served.Receive();
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(served.closed());
  Client late(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(late.Receive(), "");
}

TEST(HttpServer, AnswersWhatIsUnderWayAndClosesWhileDraining) {
  Service service({}, [](Loop& loop, HttpRequest request) -> Async<HttpResponse> {
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(1'000));
    co_return HttpResponse{.body = request.body};
  });
  Client handled(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  Client half(service, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
  service.server->StopAccepting();
  service.Turn();
  half.Send("lo");
  EXPECT_EQ(service.server->in_flight(), 2u);
  service.Advance(Milliseconds(1'000));
  const auto answer = [](std::string_view body) {
    return std::regex_replace(Ok(body, kClose), std::regex("30:00"), "30:01");
  };
  EXPECT_EQ(handled.Receive(), answer(""));
  EXPECT_EQ(half.Receive(), answer("hello"));
  EXPECT_TRUE(handled.closed());
  EXPECT_TRUE(half.closed());
  EXPECT_EQ(service.server->in_flight(), 0u);
}

TEST(HttpServer, EndsStreamsWhileDraining) {
  StreamingService service;
  Client client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.Receive();
  service.server->StopAccepting();
  service.Advance(Milliseconds(1'000));
  EXPECT_EQ(client.Receive(), "0\r\n\r\n");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, ClosesWhatIsLeftWhenTold) {
  StreamingService service;
  Client client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.Receive();
  service.server->CloseAll();
  client.Receive();
  EXPECT_TRUE(client.closed());
}

// --- Start ---

TEST(HttpServer, NamesThePortThatIsTaken) {
  Service service;
  HttpServer::Options options{.port = service.port};
  HttpServer second(options, {&service.loop}, Service::Echo);
  EXPECT_EQ(second.Start().error(),
            "cannot listen on 127.0.0.1:" + std::to_string(service.port) + ": Address already in use");
  service.Turn();
}

TEST(HttpServer, NamesTheHostThatItDoesNotKnow) {
  Service service;
  HttpServer second({.host = "no.such.host.invalid", .port = 1}, {&service.loop}, Service::Echo);
  EXPECT_TRUE(second.Start().error().starts_with("cannot listen on no.such.host.invalid:1: "));
}

TEST(HttpServer, ListensOnANameAndOnIpv6) {
  for (const std::string host : {"localhost", "::1", "0.0.0.0", "::"}) {
    Service service({.host = host});
    EXPECT_NE(service.port, 0);
    if (host == "localhost") EXPECT_EQ(service.server->address(), asio::ip::make_address("127.0.0.1"));
    if (host == "::1") continue;
    EXPECT_EQ(Client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").Receive(), Ok("GET /"));
  }
}

TEST(HttpServer, SpreadsConnectionsOverItsLoopsInTurn) {
  std::vector<Loop*> used;
  Service service(
      {},
      [&used](Loop& loop, HttpRequest) -> Async<HttpResponse> {
        used.push_back(&loop);
        co_return HttpResponse{};
      },
      Service::Loops::kTwo);
  for (int i = 0; i < 4; ++i) Client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").Receive();
  EXPECT_EQ(used, (std::vector<Loop*>{&service.loop, &service.second, &service.loop, &service.second}));
}

}  // namespace
}  // namespace shakehook
