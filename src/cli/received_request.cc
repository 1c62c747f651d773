#include "cli/received_request.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "base/inert_text.h"

namespace shakehook {
namespace {

void AppendIndented(std::string& out, const Json& value, std::string_view indent) {
  const std::string inner = std::string(indent) + "  ";
  const auto line = [&](bool first) {
    out += first ? "\n" : ",\n";
    out += inner;
  };
  if (const Json::Object* object = value.object(); object && !object->empty()) {
    out.push_back('{');
    for (const auto& [key, member] : *object) {
      line(&member == &object->front().second);
      AppendJsonText(out, key);
      out += ": ";
      AppendIndented(out, member, inner);
    }
    out += "\n" + std::string(indent) + "}";
  } else if (const Json::Array* array = value.array(); array && !array->empty()) {
    out.push_back('[');
    for (const Json& element : *array) {
      line(&element == &array->front());
      AppendIndented(out, element, inner);
    }
    out += "\n" + std::string(indent) + "]";
  } else {
    AppendJson(out, value);
  }
}

std::string_view VerdictText(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::kNotChecked:
      return "signature not checked (no --secret)";
    case SignatureVerdict::kMissing:
      return "signature MISSING";
    case SignatureVerdict::kValid:
      return "signature valid";
    case SignatureVerdict::kInvalid:
      return "signature WRONG";
  }
  return {};
}

// Line by line, so that the line ends of the layout stay.
std::string InertLines(std::string_view text, std::string_view indent) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t bytes = std::min(text.find('\n'), text.size());
    lines += indent;
    lines += InertText(text.substr(0, bytes));
    lines += "\n";
    text.remove_prefix(std::min(bytes + 1, text.size()));
  }
  return lines;
}

}  // namespace

SignatureVerdict CheckSignature(const HttpRequest& request, std::string_view secret) {
  if (secret.empty()) return SignatureVerdict::kNotChecked;
  const std::string* const signature = request.Header("bookingshake-signature");
  if (!signature) return SignatureVerdict::kMissing;
  const std::string expected = ToHex(HmacKey(secret).Sign(request.body));
  return EqualInConstantTime(*signature, expected) ? SignatureVerdict::kValid : SignatureVerdict::kInvalid;
}

std::string IndentedJson(const Json& value) {
  std::string text;
  AppendIndented(text, value, {});
  return text;
}

std::string DescribeReceived(int number, const HttpRequest& request, SignatureVerdict verdict, int answered_status) {
  const auto payload = ParseJson(request.body);
  const Json* const event = payload ? payload->Find("event") : nullptr;
  std::string line = "#" + std::to_string(number) + " ";
  if (event && event->text()) line += *event->text() + "  ";
  line += request.method + " " + request.path + "  ";
  line += VerdictText(verdict);
  if (const std::string* key = request.Header("idempotency-key")) line += "  key " + *key;
  if (request.Header("bookingshake-test")) line += "  test";
  line += "  answered " + std::to_string(answered_status);
  std::string text = InertText(line) + "\n";
  if (!request.body.empty()) text += InertLines(payload ? IndentedJson(*payload) : request.body, "  ");
  return text;
}

}  // namespace shakehook
