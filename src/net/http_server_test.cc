#include "net/http_server.h"

#include <gtest/gtest.h>

#include "net/http_request_head.h"
#include "net/http_server_fixture.h"

namespace shakehook {
namespace {

using namespace std::string_literals;

struct Exchange {
  std::string request;
  std::string response;
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
    EXPECT_EQ(client.Receive(), exchange.response) << exchange.request;
    EXPECT_EQ(client.closed(), exchange.closed) << exchange.request;
  }
}

TEST(HttpServer, AnswersRequestsThatComeByteByByte) {
  for (const Exchange& exchange : kExchanges) {
    HttpService service;
    RawClient client(service);
    client.Drip(exchange.request);
    EXPECT_EQ(client.Receive(), exchange.response) << exchange.request;
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
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400 HTTP/1.0 has no Transfer-Encoding."},
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

}  // namespace
}  // namespace shakehook
