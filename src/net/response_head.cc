#include "net/response_head.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <charconv>
#include <cstring>

#include "base/ascii.h"
#include "net/transport.h"

namespace shakehook {
namespace {

namespace http = boost::beast::http;
namespace beast = boost::beast;

constexpr std::size_t kBareStatusLineBytes = 12;  // "HTTP/1.1 204"
constexpr Milliseconds kKeepAliveTimeoutMax{3600'000};

// Reads the parameter of "Keep-Alive: timeout=5, max=1000".
std::optional<Milliseconds> TimeoutOf(beast::string_view value) {
  static constexpr std::string_view kName = "timeout";
  const std::string_view text(value.data(), value.size());
  const auto name = std::ranges::search(text, kName, {}, ToLowerAscii);
  if (name.empty()) return std::nullopt;
  const char* digit = std::find_if_not(name.end(), text.end(), [](char c) { return c == ' ' || c == '='; });
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(digit, text.data() + text.size(), seconds);
  if (error == std::errc::result_out_of_range) return kKeepAliveTimeoutMax;
  if (error != std::errc()) return std::nullopt;
  return std::min(kKeepAliveTimeoutMax, Milliseconds(std::int64_t{seconds} * 1000));
}

// Beast's parser without storage for fields: nothing is copied.
class HeadParser final : public http::basic_parser<false> {
 public:
  HeadParser() {
    body_limit(boost::none);
    header_limit(kResponseHeadBytesMax + 2);
  }

  int status() const { return status_; }
  beast::string_view reason() const { return reason_; }
  std::optional<Milliseconds> keep_alive_timeout() const { return keep_alive_timeout_; }

 private:
  void on_request_impl(http::verb, beast::string_view, beast::string_view, int, beast::error_code&) override {}
  void on_response_impl(int status, beast::string_view reason, int, beast::error_code&) override {
    status_ = status;
    reason_ = reason;
  }
  void on_field_impl(http::field name, beast::string_view, beast::string_view value, beast::error_code&) override {
    if (name == http::field::keep_alive) keep_alive_timeout_ = TimeoutOf(value);
  }
  void on_header_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, beast::error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code&) override {
    return body.size();
  }
  void on_finish_impl(beast::error_code&) override {}

  int status_ = 0;
  beast::string_view reason_;
  std::optional<Milliseconds> keep_alive_timeout_;
};

std::string Explain(const beast::error_code& error) {
  if (error == http::error::bad_version) return "The response is not HTTP/1.1 or HTTP/1.0.";
  if (error == http::error::bad_status) return "The response's status is not a number of three digits.";
  if (error == http::error::bad_reason) return "The response's reason phrase has characters that are not allowed.";
  if (error == http::error::bad_content_length) return "The response's Content-Length is not valid.";
  if (error == http::error::multiple_content_length) return "The response has two different Content-Lengths.";
  if (error == http::error::bad_transfer_encoding) {
    return "The response's Transfer-Encoding contradicts its other headers.";
  }
  if (error == http::error::header_limit) return "The response's headers are larger than 64 KiB.";
  return "The response has a header line that is not valid.";
}

}  // namespace

std::expected<ResponseHead, std::string> ParseResponseHead(std::string_view text) {
  HeadParser parser;
  beast::error_code error;
  const std::size_t line_end = text.find("\r\n");
  std::size_t parsed = 0;
  char mended[kBareStatusLineBytes + 3];
  if (line_end == kBareStatusLineBytes) {
    std::memcpy(mended, text.data(), kBareStatusLineBytes);
    std::memcpy(mended + kBareStatusLineBytes, " \r\n", 3);
    // Accepts the line, and reports that it wants the fields.
    if (parser.put(boost::asio::const_buffer(mended, sizeof mended), error) == sizeof mended &&
        error == http::error::need_more) {
      parsed = line_end + 2;
      error = {};
    }
  }
  if (!error) parsed += parser.put(boost::asio::const_buffer(text.data() + parsed, text.size() - parsed), error);
  if (error || parsed != text.size() || !parser.is_header_done()) return std::unexpected(Explain(error));
  if (parser.status() < 100) return std::unexpected("The response's status is below 100.");

  ResponseHead head{.status = parser.status()};
  if (line_end != kBareStatusLineBytes) head.reason = {parser.reason().data(), parser.reason().size()};
  head.headers = text.substr(line_end + 2, text.size() - line_end - 4);
  head.keep_alive = parser.keep_alive();
  head.keep_alive_timeout = parser.keep_alive_timeout();
  if (parser.is_done()) {
    head.framing = ResponseHead::Framing::kNone;
  } else if (parser.chunked()) {
    head.framing = ResponseHead::Framing::kChunked;
  } else if (parser.need_eof()) {
    head.framing = ResponseHead::Framing::kUntilClose;
  } else {
    head.framing = ResponseHead::Framing::kLength;
    head.body_bytes = parser.content_length().value();
  }
  return head;
}

}  // namespace shakehook
