#include "net/response_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace shakehook {
namespace {

using testing::HasSubstr;
using Progress = ResponseReader::Progress;

enum class Ending { kStaysOpen, kCloses };

// Gives the reader `text` in pieces of at most `piece_bytes`, until it has enough.
Progress Feed(ResponseReader& reader, std::string_view text, std::size_t piece_bytes,
              Ending ending = Ending::kStaysOpen) {
  Progress progress = Progress::kMore;
  while (!text.empty() && progress == Progress::kMore) {
    const std::span<char> space = reader.Space();
    const std::size_t bytes = std::min({piece_bytes, text.size(), space.size()});
    std::ranges::copy(text.substr(0, bytes), space.begin());
    text.remove_prefix(bytes);
    progress = reader.Commit(bytes);
  }
  if (progress == Progress::kMore && ending == Ending::kCloses) progress = reader.End();
  return progress;
}

// Every response must read the same in whatever pieces it comes.
constexpr std::size_t kPieceBytes[] = {1, 2, 7, 1000, 1'000'000};

struct Good {
  std::string text;
  int status;
  std::string reason;
  std::string headers;
  std::string body;
  bool reusable;
};

TEST(ResponseReader, ReadsAnswersInAnyPieces) {
  const Good cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "OK", "Content-Length: 2\r\n", "ok", true},
      {"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", 204, "No Content", "X: y\r\n", "", true},
      {"HTTP/1.1 204\r\n\r\n", 204, "", "", "", true},
      {"HTTP/1.1 204 \r\nA: b\r\n\r\n", 204, "", "A: b\r\n", "", true},
      {"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", 200, "", "Content-Length: 1\r\n", "x", true},
      {"HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n", 204, "None", "Content-Length: 5\r\n", "", true},
      {"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", 304, "Not Modified",
       "Transfer-Encoding: chunked\r\n", "", true},
      {"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: close\r\n\r\n", 200, "OK",
       "content-length: 0\r\nConnection: close\r\n", "", false},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 200, "OK",
       "Content-Length: 3\r\nContent-Length: 3\r\n", "abc", true},
      {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "OK", "Content-Length: 0\r\n", "", false},
      {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", 200, "OK",
       "Content-Length: 0\r\nConnection: keep-alive\r\n", "", true},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "OK", "Transfer-Encoding: chunked\r\n",
       "", true},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n000\r\nT: "
       "r\r\n\r\n",
       200, "OK", "Transfer-Encoding: chunked\r\n", "abc0123456789", true},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 202 "
       "Accepted\r\nContent-Length: "
       "0\r\n\r\n",
       202, "Accepted", "Content-Length: 0\r\n", "", true},
      {"HTTP/1.1 700 Odd\r\nContent-Length: 0\r\n\r\n", 700, "Odd", "Content-Length: 0\r\n", "", true},
      {"HTTP/1.1 999 \r\nContent-Length: 0\r\n\r\n", 999, "", "Content-Length: 0\r\n", "", true},
      {"HTTP/1.1 200 caf\xc3\xa9\r\nX: \xff\r\nContent-Length: 0\r\n\r\n", 200, "caf\xc3\xa9",
       "X: \xff\r\nContent-Length: 0\r\n", "", true},
      {"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", 301, "Moved",
       "Location: http://127.0.0.1/\r\nContent-Length: 0\r\n", "", true},
  };
  ResponseReader reader;
  for (const Good& expected : cases) {
    for (const std::size_t piece_bytes : kPieceBytes) {
      SCOPED_TRACE(expected.text + " in pieces of " + std::to_string(piece_bytes));
      reader.Reset();
      ASSERT_EQ(Feed(reader, expected.text, piece_bytes), Progress::kDone) << reader.failure();
      EXPECT_EQ(reader.reusable(), expected.reusable);
      const PostResponse response = reader.TakeResponse();
      EXPECT_EQ(response.status, expected.status);
      EXPECT_EQ(response.reason, expected.reason);
      EXPECT_EQ(response.headers, expected.headers);
      EXPECT_EQ(response.body, expected.body);
      EXPECT_FALSE(response.truncated);
    }
  }
}

TEST(ResponseReader, RefusesWhatIsNoAnswer) {
  const std::pair<std::string, std::string> cases[] = {
      {"SSH-2.0-OpenSSH_9.2\r\n", "not HTTP"},
      {"\r\nHTTP/1.1 200 OK\r\n\r\n", "not HTTP"},
      {"http/1.1 200 OK\r\n\r\n", "not HTTP"},
      {"\x15\x03\x01\x00\x02\x02\x16", "speaks TLS"},
      {"HTTP/1.1 200 OK\n\n", "CR LF"},
      {"HTTP/2 200\r\n\r\n", "not HTTP/1.1"},
      {"HTTP/2.0 200 OK\r\n\r\n", "not HTTP/1.1"},
      {"HTTP/0.9 200 OK\r\n\r\n", "not HTTP/1.1"},
      {"HTTP/1.1 99 Low\r\n\r\n", "three digits"},
      {"HTTP/1.1 099 Low\r\n\r\n", "below 100"},
      {"HTTP/1.1 000\r\n\r\n", "below 100"},
      {"HTTP/1.1 2000 OK\r\n\r\n", "three digits"},
      {"HTTP/1.1 2x0 OK\r\n\r\n", "three digits"},
      {"HTTP/1.1  200 OK\r\n\r\n", "three digits"},
      {"HTTP/1.1 abc\r\n\r\n", "three digits"},
      {"HTTP/1.1 200 \x01\r\n\r\n", "reason"},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "101"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "two different"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello", "two different"},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "contradicts"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", "header line"},
      {"HTTP/1.1 200 OK\r\n: no name\r\n\r\n", "header line"},
      {"HTTP/1.1 200 OK\r\nName : value\r\n\r\n", "header line"},
      {std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", 27), "header line"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'a') + "\r\n\r\n", "64 KiB"},
      {"HTTP/1.1 200 " + std::string(70'000, 'a'), "64 KiB"},
  };
  ResponseReader reader;
  for (const auto& [text, reason] : cases) {
    for (const std::size_t piece_bytes : kPieceBytes) {
      SCOPED_TRACE(text.substr(0, 100) + " in pieces of " + std::to_string(piece_bytes));
      reader.Reset();
      ASSERT_EQ(Feed(reader, text, piece_bytes), Progress::kBad);
      EXPECT_THAT(reader.failure(), HasSubstr(reason));
      EXPECT_FALSE(reader.has_head());
      EXPECT_FALSE(reader.reusable());
    }
  }
}

TEST(ResponseReader, EndsAnEndlessRowOf1xx) {
  std::string text;
  while (text.size() <= kResponseHeadBytesMax) text += "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
  ResponseReader reader;
  EXPECT_EQ(Feed(reader, text, 1000), Progress::kBad);
  EXPECT_THAT(reader.failure(), HasSubstr("64 KiB"));
}

TEST(ResponseReader, TakesAHeadOfTheLargestSize) {
  const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ", end = "\r\n\r\n";
  ResponseReader reader;
  EXPECT_EQ(Feed(reader, start + std::string(kResponseHeadBytesMax - start.size() - end.size(), 'a') + end, 1000),
            Progress::kDone);
  EXPECT_TRUE(reader.reusable());
  reader.Reset();
  EXPECT_EQ(Feed(reader, start + std::string(kResponseHeadBytesMax - start.size() - end.size() + 1, 'a') + end, 1000),
            Progress::kBad);
}

TEST(ResponseReader, KeepsTheFirstBytesOfALongBody) {
  for (const std::size_t piece_bytes : {1000, 1'000'000}) {
    ResponseReader reader;
    const std::string body(kKeptBodyBytes + 1, 'b');
    ASSERT_EQ(Feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
                   piece_bytes),
              Progress::kDone);
    EXPECT_TRUE(reader.reusable());
    const PostResponse response = reader.TakeResponse();
    EXPECT_EQ(response.body, body.substr(0, kKeptBodyBytes));
    EXPECT_TRUE(response.truncated);
  }
}

TEST(ResponseReader, StopsReadingAnEndlessBody) {
  for (const std::string framing : {"", "Content-Length: 9000000000000000000\r\n", "Transfer-Encoding: chunked\r\n"}) {
    ResponseReader reader;
    ASSERT_EQ(Feed(reader, "HTTP/1.1 200 OK\r\n" + framing + "\r\n", 1000), Progress::kMore);
    const std::string piece =
        framing.starts_with("T") ? "3e8\r\n" + std::string(1000, 'b') + "\r\n" : std::string(1000, 'b');
    int pieces = 0;
    while (Feed(reader, piece, 1000) == Progress::kMore) ASSERT_LT(++pieces, 100);
    EXPECT_FALSE(reader.reusable());
    const PostResponse response = reader.TakeResponse();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body.size(), kKeptBodyBytes);
    EXPECT_TRUE(response.truncated);
  }
}

TEST(ResponseReader, KeepsTheVerdictWhateverTheBodyDoes) {
  const std::pair<std::string, std::string> cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "half"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", "ab"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc", ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc", ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\nabc", "abc"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", "abc"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer without end", ""},
  };
  for (const auto& [text, body] : cases) {
    for (const std::size_t piece_bytes : kPieceBytes) {
      SCOPED_TRACE(text + " in pieces of " + std::to_string(piece_bytes));
      ResponseReader reader;
      ASSERT_EQ(Feed(reader, text, piece_bytes, Ending::kCloses), Progress::kDone);
      EXPECT_FALSE(reader.reusable());
      const PostResponse response = reader.TakeResponse();
      EXPECT_EQ(response.status, 200);
      EXPECT_EQ(response.body, body);
      EXPECT_TRUE(response.truncated);
    }
  }
}

TEST(ResponseReader, TakesABodyThatEndsWithTheConnection) {
  ResponseReader reader;
  ASSERT_EQ(Feed(reader, "HTTP/1.1 200 OK\r\n\r\nall of it", 1000, Ending::kCloses), Progress::kDone);
  EXPECT_FALSE(reader.reusable());
  const PostResponse response = reader.TakeResponse();
  EXPECT_EQ(response.body, "all of it");
  EXPECT_FALSE(response.truncated);
}

TEST(ResponseReader, SaysWhereTheConnectionWasClosed) {
  ResponseReader reader;
  EXPECT_EQ(reader.End(), Progress::kBad);
  EXPECT_FALSE(reader.started());
  EXPECT_THAT(reader.failure(), HasSubstr("without a response"));
  reader.Reset();
  EXPECT_EQ(Feed(reader, "HTTP/1.1 200 OK\r\nCont", 1000, Ending::kCloses), Progress::kBad);
  EXPECT_TRUE(reader.started());
  EXPECT_THAT(reader.failure(), HasSubstr("middle"));
}

TEST(ResponseReader, DoesNotReuseAConnectionWithBytesBehindTheAnswer) {
  ResponseReader reader;
  ASSERT_EQ(Feed(reader, "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n", 1000), Progress::kDone);
  EXPECT_FALSE(reader.reusable());
}

TEST(ResponseReader, KnowsHowLongThePeerKeepsAnIdleConnection) {
  const std::pair<std::string, std::optional<Milliseconds>> cases[] = {
      {"X: y", std::nullopt},
      {"Keep-Alive: timeout=5", Milliseconds(5000)},
      {"keep-alive: max=100, Timeout=2", Milliseconds(2000)},
      {"Keep-Alive: timeout = 3, max=1", Milliseconds(3000)},
      {"Keep-Alive: timeout=99999999999999", Milliseconds(3'600'000)},
      {"Keep-Alive: timeout=4000000000", Milliseconds(3'600'000)},
      {"Keep-Alive: timeout=0", Milliseconds(0)},
      {"Keep-Alive: timeout=-1", std::nullopt},
      {"Keep-Alive: timeout", std::nullopt},
      {"Keep-Alive: max=1", std::nullopt},
  };
  for (const auto& [line, timeout] : cases) {
    ResponseReader reader;
    ASSERT_EQ(Feed(reader, "HTTP/1.1 204 None\r\n" + line + "\r\n\r\n", 1000), Progress::kDone);
    EXPECT_EQ(reader.keep_alive_timeout(), timeout) << line;
  }
}

}  // namespace
}  // namespace shakehook
