// The text that `shakehook receive` shows of a request: one line with the event and whether the signature is right,
// then the payload, laid out. It contains no characters that a terminal obeys.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "net/http_server.h"

namespace shakehook {

enum class SignatureVerdict { kNotChecked, kMissing, kValid, kInvalid };

// Checks the header Bookingshake-Signature against the HMAC-SHA256 of the raw body, in constant time. With an empty
// secret nothing is checked. During a rotation's overlap the old secret signs this header.
SignatureVerdict CheckSignature(const HttpRequest& request, std::string_view secret);

// JSON over several lines, indented by two spaces.
std::string IndentedJson(const Json& value);

// "#3 contact.created  POST /hook  signature valid  key 0193…  answered 204", then the payload. `number` counts from 1.
std::string DescribeReceived(int number, const HttpRequest& request, SignatureVerdict verdict, int answered_status);

}  // namespace shakehook
