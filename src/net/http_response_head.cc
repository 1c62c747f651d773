#include "net/http_response_head.h"

#include <array>
#include <boost/beast/http/status.hpp>
#include <cstdio>

namespace shakehook {
namespace {

constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void AppendFieldText(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back((byte < 0x20 && c != '\t') || byte == 0x7f ? ' ' : c);
  }
}

void AppendStatusLine(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  out += std::to_string(status);
  out.push_back(' ');
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  out.append(reason.data(), reason.size());
  out += "\r\n";
}

}  // namespace

const std::string& DateHeader::At(Timestamp now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second == second_ && !text_.empty()) return text_;
  second_ = second;
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(second - day);
  std::array<char, 64> text;
  const int size = std::snprintf(text.data(), text.size(), "Date: %s, %02u %s %04d %02d:%02d:%02d GMT\r\n",
                                 kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                                 kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                                 static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                                 static_cast<int>(time.seconds().count()));
  text_.assign(text.data(), size);
  return text_;
}

void AppendResponseHead(std::string& out, const HttpResponse& response, ResponseFraming framing,
                        const std::string& date_header) {
  AppendStatusLine(out, response.status);
  for (const auto& [name, value] : response.headers) {
    AppendFieldText(out, name);
    out += ": ";
    AppendFieldText(out, value);
    out += "\r\n";
  }
  out += date_header;
  if (framing.body == ResponseFraming::Body::kChunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (framing.body == ResponseFraming::Body::kLength && response.status != 204 && response.status != 304) {
    out += "Content-Length: ";
    out += std::to_string(response.body.size());
    out += "\r\n";
  }
  if (framing.connection == ResponseFraming::Connection::kClose) out += "Connection: close\r\n";
  if (framing.connection == ResponseFraming::Connection::kKeepSaid) out += "Connection: keep-alive\r\n";
  out += "\r\n";
}

}  // namespace shakehook
