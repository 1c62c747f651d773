// A TraceContext says which trace a piece of work belongs to, and which span it is a part of, as W3C Trace Context has
// it: it is read from a caller's `traceparent` header, and written for receivers. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/webhook.h"

namespace shakehook {

struct TraceId {
  std::array<std::uint8_t, 16> bytes{};

  bool operator==(const TraceId&) const = default;
};

struct SpanId {
  std::array<std::uint8_t, 8> bytes{};

  bool operator==(const SpanId&) const = default;
};

struct TraceContext {
  TraceId trace;
  SpanId span;
  Switch sampled = Switch::kOff;  // kOn: the trace is exported

  bool operator==(const TraceContext&) const = default;
};

// Reads the value of a traceparent header, of this version of the standard or of a later one. Returns nullopt for any
// other text, as the standard wants: a bad header is as none.
std::optional<TraceContext> ParseTraceparent(std::string_view text);
std::string ToTraceparent(const TraceContext& context);

}  // namespace shakehook
