#include "store/postgres/tables/attempt_arrays.h"

#include <array>
#include <string_view>

#include "store/attempt_columns.h"

namespace shakehook::postgres {
namespace {

constexpr std::array<std::string_view, AttemptColumns::kCount> kTypes = {
    "int8", "int8",  "int8",  "int8", "int8", "int8", "int8", "bytea", "bytea",
    "text", "bytea", "bytea", "int8", "int8", "int8", "int8", "int8"};

std::optional<std::string_view> OrNull(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<Blob> BytesOrNull(const std::string& bytes) {
  if (bytes.empty()) return std::nullopt;
  return Blob{bytes};
}

}  // namespace

void AttemptArrays::Add(const Attempt* attempt) {
  static const Attempt kNone;
  const Attempt& of = attempt != nullptr ? *attempt : kNone;
  const auto add = [attempt](auto& to, const auto& value) {
    to.Add(attempt != nullptr ? std::optional(value) : std::nullopt);
  };
  add(numbers_, of.number);
  add(triggers_, of.trigger);
  add(started_at_, of.started_at);
  add(durations_, of.duration);
  add(versions_, of.webhook_version);
  status_codes_.Add(of.status_code);
  add(failures_, of.error.failure);
  messages_.Add(BytesOrNull(of.error.message));
  add(signatures_, of.signature);
  standard_signatures_.Add(OrNull(of.standard_signature));
  response_headers_.Add(BytesOrNull(of.response_headers));
  response_bodies_.Add(BytesOrNull(of.response_body));
  add(truncated_, of.response_truncated);
  dns_.Add(of.timings.dns);
  connect_.Add(of.timings.connect);
  tls_.Add(of.timings.tls);
  first_byte_.Add(of.timings.first_byte);
}

void AttemptArrays::BindTo(Parameters& parameters) const {
  parameters.Bind(numbers_);
  parameters.Bind(triggers_);
  parameters.Bind(started_at_);
  parameters.Bind(durations_);
  parameters.Bind(versions_);
  parameters.Bind(status_codes_);
  parameters.Bind(failures_);
  parameters.Bind(messages_);
  parameters.Bind(signatures_);
  parameters.Bind(standard_signatures_);
  parameters.Bind(response_headers_);
  parameters.Bind(response_bodies_);
  parameters.Bind(truncated_);
  parameters.Bind(dns_);
  parameters.Bind(connect_);
  parameters.Bind(tls_);
  parameters.Bind(first_byte_);
}

std::string AttemptArrays::Arguments(int first) {
  std::string arguments;
  for (const std::string_view type : kTypes) {
    arguments += (arguments.empty() ? "$" : ", $") + std::to_string(first++) + "::" + std::string(type) + "[]";
  }
  return arguments;
}

}  // namespace shakehook::postgres
