// The query of a request, and the cursor in it: no name twice, text is UTF-8 without control characters, and a page has
// one cursor.
#include <algorithm>
#include <array>
#include <cstdint>

#include "api/http/page.h"
#include "api/http/parameter_reader.h"
#include "api/http/router.h"
#include "base/check.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 4> kKnown = {"limit", "cursor", "q", "status"};
constexpr std::array<std::string_view, 1> kRepeatable = {"status"};

std::string Encoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return encoded;
}

void CheckValues(const NamedValues& values) {
  std::string written;
  for (const auto& [name, value] : values) {
    CHECK(IsUtf8(value));
    CHECK(std::ranges::none_of(value, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }));
    CHECK(name == "status" || std::ranges::count(values, name, &NamedValues::value_type::first) == 1);
    written += (written.empty() ? "" : "&") + Encoded(name) + "=" + Encoded(value);
  }
  const auto again = ParseQuery(written, kKnown, kRepeatable);
  CHECK(again && *again == values);
}

void CheckPage(NamedValues values) {
  static SimulatedClock clock;
  static Loop loop(clock);
  static const HttpRequest http;
  // Reading a page touches nothing but the query.
  ApiRequest request{.loop = loop, .http = http, .query = std::move(values)};
  ParameterReader parameters(request);
  const PageRequest page = ReadPage(parameters, "contacts", [](std::string_view key) { return !key.empty(); });
  CHECK(page.limit >= 1 && page.limit <= kPageItemsMax);
  const auto problem = parameters.Finish();
  if (problem) {
    CHECK(problem->status() == 422 && !problem->errors.empty());
    return;
  }
  const std::string* const cursor = request.Query("cursor");
  CHECK(page.after.empty() == (cursor == nullptr));
  if (cursor != nullptr) CHECK(EncodeCursor("contacts", page.after) == *cursor);
}

void Check(std::string_view text) {
  auto values = ParseQuery(text, kKnown, kRepeatable);
  if (!values) {
    CHECK(values.error().status() == 400 || values.error().status() == 422);
  } else {
    CheckValues(*values);
    CheckPage(*std::move(values));
  }
  CheckPage({{"cursor", EncodeCursor("contacts", text)}});
  CheckPage({{"cursor", ToBase64Url(AsBytes(text))}});
  CheckPage({{"cursor", std::string(text)}});
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  shakehook::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
