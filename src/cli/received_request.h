// What `shakehook receive` shows of a request: one line that says what came and whether it is signed right, then the
// payload, laid out. Nothing in it is obeyed by a terminal.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "net/http_server.h"

namespace shakehook {

enum class SignatureVerdict { kNotChecked, kMissing, kValid, kInvalid };

// The header Bookingshake-Signature against the HMAC-SHA256 of the raw body, in constant time. An empty secret: not
// checked. During a rotation's overlap the old secret is the one that signs.
SignatureVerdict CheckSignature(const HttpRequest& request, std::string_view secret);

// JSON over several lines, indented by two spaces.
std::string IndentedJson(const Json& value);

// "#3 contact.created  POST /hook  signature valid  key 0193…  answered 204", then the payload. `number` counts from 1.
std::string DescribeReceived(int number, const HttpRequest& request, SignatureVerdict verdict, int answered_status);

}  // namespace shakehook
