#include "net/http_request_head.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "base/result.h"

namespace shakehook {
namespace {

namespace http = boost::beast::http;
namespace beast = boost::beast;

constexpr std::size_t kUsualHeaders = 12;

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

std::unexpected<RequestProblem> Problem(int status, std::string detail) {
  return std::unexpected(RequestProblem{status, std::move(detail)});
}

// Beast's parser with storage of our own.
class HeadParser final : public http::basic_parser<true> {
 public:
  explicit HeadParser(std::size_t head_bytes) {
    body_limit(boost::none);
    header_limit(static_cast<std::uint32_t>(head_bytes + 1));
    head.request.headers.reserve(kUsualHeaders);
  }

  RequestHead head;
  std::string_view target;
  std::string_view length;
  std::string_view transfer_encoding;
  bool expects_continue = false, expects_other = false;
  int lengths = 0, transfer_encodings = 0, hosts = 0;
  bool too_many = false;

 private:
  void on_request_impl(http::verb, beast::string_view method, beast::string_view target_text, int version,
                       beast::error_code&) override {
    head.request.method = View(method);
    target = View(target_text);
    head.minor_version = version % 10;
  }
  void on_field_impl(http::field field, beast::string_view name, beast::string_view value,
                     beast::error_code& error) override {
    auto& headers = head.request.headers;
    if (headers.size() == kRequestHeadersMax) {
      too_many = true;
      error = http::error::header_limit;
      return;
    }
    auto& [name_text, value_text] = headers.emplace_back(View(name), View(value));
    std::ranges::transform(name_text, name_text.begin(), ToLowerAscii);
    switch (field) {
      case http::field::content_length:
        ++lengths;
        length = View(value);
        break;
      case http::field::transfer_encoding:
        ++transfer_encodings;
        transfer_encoding = View(value);
        break;
      case http::field::host:
        ++hosts;
        break;
      case http::field::expect:
        if (EqualIgnoringCase(View(value), "100-continue")) {
          expects_continue = true;
        } else {
          expects_other = true;
        }
        break;
      default:
        break;
    }
  }
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
  void on_header_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, beast::error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code&) override {
    return body.size();
  }
  void on_finish_impl(beast::error_code&) override {}
};

// Tells whether it is a well written version that is not supported, such as "HTTP/2.0".
bool HasOtherVersion(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\r'));
  const std::size_t at = line.rfind(" HTTP/");
  if (at == std::string_view::npos) return false;
  const std::string_view version = line.substr(at + 6);
  return version.size() == 3 && version[0] >= '0' && version[0] <= '9' && version[0] != '1' && version[1] == '.';
}

RequestProblem Explain(const beast::error_code& error, const HeadParser& parser, std::string_view text) {
  if (parser.too_many) return {431, "The request has more than " + std::to_string(kRequestHeadersMax) + " headers."};
  if (error == http::error::bad_version && HasOtherVersion(text)) {
    return {505, "This server speaks HTTP/1.1 and HTTP/1.0."};
  }
  if (error == http::error::bad_method || error == http::error::bad_target || error == http::error::bad_version) {
    return {400, "The request line is not valid."};
  }
  if (error == http::error::bad_content_length || error == http::error::multiple_content_length) {
    return {400, "The request's Content-Length is not valid."};
  }
  if (error == http::error::bad_transfer_encoding) {
    return {400, "The request's Transfer-Encoding contradicts its other headers."};
  }
  return {400, "The request has a header line that is not valid."};
}

std::expected<Done, RequestProblem> DecideFraming(const HeadParser& parser, RequestHead& head) {
  if (parser.transfer_encodings > 0) {
    if (parser.lengths > 0) return Problem(400, "The request has both a Content-Length and a Transfer-Encoding.");
    if (head.minor_version == 0) return Problem(400, "HTTP/1.0 has no Transfer-Encoding.");
    if (parser.transfer_encodings > 1) return Problem(400, "The request has more than one Transfer-Encoding.");
    if (!EqualIgnoringCase(parser.transfer_encoding, "chunked")) {
      return Problem(501, "The only Transfer-Encoding that is understood is chunked.");
    }
    head.framing = RequestHead::Framing::kChunked;
  } else if (parser.lengths > 0) {
    const char* const begin = parser.length.data();
    const char* const end = begin + parser.length.size();
    const auto [stop, error] = std::from_chars(begin, end, head.body_bytes);
    if (parser.lengths > 1 || error != std::errc() || stop != end) {
      return Problem(400, "The request's Content-Length is not valid.");
    }
    if (head.body_bytes > 0) head.framing = RequestHead::Framing::kLength;
  }
  return Done{};
}

// Reads origin-form, absolute-form and asterisk-form of RFC 9112, section 3.2; a proxy's CONNECT is not supported.
std::expected<Done, RequestProblem> TakeTarget(std::string_view target, HttpRequest& request) {
  const auto invalid = Problem(400, "The request's target is not valid.");
  if (target.find('#') != std::string_view::npos) return invalid;
  if (target == "*") {
    if (request.method != "OPTIONS") return invalid;
    request.path = "*";
    return Done{};
  }
  if (!target.starts_with('/')) {
    const std::size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) return invalid;
    if (!EqualIgnoringCase(target.substr(0, scheme), "http") && !EqualIgnoringCase(target.substr(0, scheme), "https"))
      return invalid;
    target.remove_prefix(scheme + 3);
    const std::size_t authority = std::min(target.find_first_of("/?"), target.size());
    if (authority == 0) return invalid;
    target.remove_prefix(authority);
  }
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (request.path.empty()) request.path = "/";
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  return Done{};
}

std::expected<Done, RequestProblem> CheckSingleHeaders(const HttpRequest& request) {
  for (const std::string_view name : kSingleHeaders) {
    const std::string* const first = request.Header(name);
    if (first == nullptr) continue;
    for (const auto& [header, value] : request.headers) {
      if (header == name && value != *first) {
        return Problem(400, "The request has two different headers \"" + std::string(name) + "\"; it takes one value.");
      }
    }
  }
  return Done{};
}

}  // namespace

const std::string* HttpRequest::Header(std::string_view name) const {
  for (const auto& [header, value] : headers) {
    if (header == name) return &value;
  }
  return nullptr;
}

std::optional<std::string> HttpRequest::HeaderList(std::string_view name) const {
  std::optional<std::string> list;
  for (const auto& [header, value] : headers) {
    if (header != name) continue;
    if (list) {
      (*list += ", ") += value;
    } else {
      list = value;
    }
  }
  return list;
}

std::expected<RequestHead, RequestProblem> ParseRequestHead(std::string_view text) {
  HeadParser parser(text.size());
  beast::error_code error;
  const std::size_t parsed = parser.put(boost::asio::const_buffer(text.data(), text.size()), error);
  if (error || parsed != text.size() || !parser.is_header_done()) {
    return std::unexpected(Explain(error, parser, text));
  }

  RequestHead& head = parser.head;
  head.keep_alive = parser.keep_alive();
  if (const auto framing = DecideFraming(parser, head); !framing) return std::unexpected(framing.error());
  if (parser.hosts > 1 || (parser.hosts == 0 && head.minor_version == 1)) {
    return Problem(400, "The request needs exactly one Host header.");
  }
  if (const auto single = CheckSingleHeaders(head.request); !single) return std::unexpected(single.error());
  if (const auto taken = TakeTarget(parser.target, head.request); !taken) return std::unexpected(taken.error());
  if (head.minor_version == 1) {
    if (parser.expects_other) return Problem(417, "The only expectation that is understood is 100-continue.");
    head.expects_continue = parser.expects_continue && head.framing != RequestHead::Framing::kNone;
  }
  return std::move(head);
}

}  // namespace shakehook
