#include "jobs/notice_fault.h"

#include <string>
#include <string_view>

namespace shakehook {
namespace {

std::string_view CodeOfStatus(int status) {
  switch (status) {
    case 400:
    case 401:
    case 403:
      return "message_refused";
    case 404:
    case 410:
      return "address_gone";
    case 429:
      return "slow_down";
    default:
      break;
  }
  if (status >= 300 && status <= 399) return "redirected";
  return status >= 500 && status <= 599 ? "channel_error" : "answered";
}

std::string_view CodeOf(TransportFailure failure) {
  switch (failure) {
    case TransportFailure::kTimeout:
      return "timeout";
    case TransportFailure::kDns:
      return "dns";
    case TransportFailure::kForbiddenAddress:
      return "forbidden_address";
    case TransportFailure::kConnectionRefused:
      return "connection_refused";
    case TransportFailure::kUnreachable:
      return "unreachable";
    case TransportFailure::kConnectionClosed:
      return "connection_closed";
    case TransportFailure::kTls:
      return "tls";
    case TransportFailure::kInvalidResponse:
      return "invalid_response";
    case TransportFailure::kInternal:
      break;
  }
  return "own_fault";
}

std::string_view CodeOf(MailFailure failure) {
  switch (failure) {
    case MailFailure::kUnreachable:
      return "mail_server_unreachable";
    case MailFailure::kTimeout:
      return "mail_server_silent";
    case MailFailure::kTls:
      return "mail_server_tls";
    case MailFailure::kLogin:
      return "mail_login_refused";
    case MailFailure::kRecipients:
      return "recipients_refused";
    case MailFailure::kRefused:
      return "mail_refused";
    case MailFailure::kProtocol:
      break;
  }
  return "mail_server_odd";
}

}  // namespace

std::optional<NoticeFault> NoticeFaultOf(const Exchange& exchange) {
  if (!exchange.response) {
    const std::string_view code = exchange.own_fault ? "own_fault" : CodeOf(exchange.failure);
    return NoticeFault{.text = exchange.message, .code = std::string(code), .reply = {}};
  }
  const int status = exchange.response->status;
  if (status >= 200 && status <= 299) return std::nullopt;
  return NoticeFault{.text = "The channel answered " + std::to_string(status) + ".",
                     .code = std::string(CodeOfStatus(status)),
                     .status = status,
                     .reply = {}};
}

NoticeFault NoticeFaultOf(const MailResult& result) {
  return {.text = *result.error, .code = std::string(CodeOf(result.failure)), .reply = result.reply};
}

std::optional<NoticeFault> NoticeRemarkOf(const MailResult& result) {
  if (result.refused.empty()) return std::nullopt;
  std::string refused;
  for (const std::string& recipient : result.refused) refused += (refused.empty() ? "" : "; ") + recipient;
  return NoticeFault{.text = "Refused: " + refused, .code = "some_recipients_refused", .reply = refused};
}

}  // namespace shakehook
