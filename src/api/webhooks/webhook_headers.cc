#include "api/webhooks/webhook_headers.h"

#include <algorithm>
#include <array>

#include "api/webhooks/webhook_json.h"
#include "base/ascii.h"

namespace shakehook {
namespace {

constexpr std::string_view kField = "headers";

// Headers that the server sends itself, and those of the connection (RFC 9110, sections 7.6.1 and 7.8; RFC 9112).
constexpr std::array<std::string_view, 12> kReservedNames = {
    "host",   "user-agent", "idempotency-key", "connection", "keep-alive",     "te",
    "expect", "trailer",    "upgrade",         "via",        "http2-settings", "transfer-encoding"};
constexpr std::array<std::string_view, 4> kReservedPrefixes = {"content-", "bookingshake-", "webhook-", "proxy-"};

// RFC 9110, section 5.6.2.
bool IsToken(std::string_view name) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool IsReserved(const std::string& lower) {
  return std::ranges::find(kReservedNames, lower) != kReservedNames.end() ||
         std::ranges::any_of(kReservedPrefixes, [&](std::string_view prefix) { return lower.starts_with(prefix); });
}

// Returns what is wrong with a name.
std::optional<Complaint> ComplaintAboutName(const std::string& name) {
  if (!IsToken(name)) return Complaint("header_name", "is not a valid name for a header");
  if (IsReserved(LowerAscii(name))) {
    return Complaint("header_reserved", "is a header that the server sets itself, or that belongs to the connection");
  }
  return std::nullopt;
}

// Returns what is wrong with a value. It never quotes the value, which is a credential.
std::optional<Complaint> ComplaintAboutValue(const Json& value) {
  const std::string* const text = value.text();
  if (text == nullptr) {
    return Complaint("wrong_type", "must be {expected}, not {given}; to remove a header, send the others", "a string",
                     value.KindName());
  }
  if (text->empty()) return Complaint("header_empty", "must not be empty; to remove a header, send the others");
  if (!std::ranges::all_of(*text, [](char c) { return c >= ' ' && c <= '~'; })) {
    return Complaint("header_value", "may contain only visible ASCII characters and spaces");
  }
  if (text->front() == ' ' || text->back() == ' ') {
    return Complaint("header_value", "must not begin or end with a space");
  }
  return std::nullopt;
}

}  // namespace

CustomHeaders ReadCustomHeaders(FieldReader& fields, const Json& headers, const CustomHeaders& stored) {
  CustomHeaders read;
  if (headers.object()->size() > kCustomHeadersMax) {
    fields.Refuse(kField, {"too_many_headers", "may have at most {max} headers", kCustomHeadersMax});
    return read;
  }
  std::size_t bytes = 0;
  for (const auto& [name, value] : *headers.object()) {
    std::optional<Complaint> complaint = ComplaintAboutName(name);
    if (!complaint) complaint = ComplaintAboutValue(value);
    const std::string lower = LowerAscii(name);
    if (std::ranges::any_of(read, [&](const auto& other) { return LowerAscii(other.first) == lower; })) {
      complaint = Complaint("repeated", "is given twice");
    }
    if (complaint) {
      fields.Refuse(std::string(kField) + "." + name, *std::move(complaint));
      continue;
    }
    std::string text = *value.text();
    if (text == kMask) {
      const auto kept =
          std::ranges::find_if(stored, [&](const auto& other) { return LowerAscii(other.first) == lower; });
      if (kept == stored.end()) {
        fields.Refuse(std::string(kField) + "." + name,
                      {"header_mask", "is \"***\", which keeps the stored value, but no value is stored"});
        continue;
      }
      text = kept->second;
    }
    bytes += name.size() + text.size();
    read.emplace_back(name, std::move(text));
  }
  if (bytes > kCustomHeaderBytesMax) {
    fields.Refuse(kField, {"too_large", "are larger than {max} bytes together", kCustomHeaderBytesMax});
  }
  return read;
}

}  // namespace shakehook
