#include "api/http/json_body.h"

#include <algorithm>

#include "api/http/field_reader.h"
#include "base/ascii.h"
#include "base/json_reader.h"
#include "base/loop_turn.h"
#include "base/utf8.h"
#include "model/free_text.h"

namespace shakehook {
namespace {

// Returns the media type without parameters. Parameters are ignored, `charset=utf-8` too: RFC 8259 gives them no
// meaning, and bytes that are not UTF-8 are refused when they are read.
std::string_view MediaType(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ') || content_type.ends_with('\t')) content_type.remove_suffix(1);
  return content_type;
}

constexpr std::size_t kShownBytesMax = 100;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Problem UnsupportedType(const HttpRequest& request, const std::string* content_type) {
  std::string detail = "Content-Type must be application/json";
  if (request.method == "PATCH") detail += " or application/merge-patch+json";
  if (content_type == nullptr) {
    detail += "; the request has none.";
  } else {
    detail += ", not " + ToValidUtf8(std::string_view(*content_type).substr(0, kShownBytesMax)) + '.';
    if (EqualIgnoringCase(MediaType(*content_type), "application/x-www-form-urlencoded")) {
      detail += " (curl -d sends this by default; add -H 'Content-Type: application/json'.)";
    }
  }
  return {"unsupported-media-type", Sentence::OfText(std::move(detail))};
}

std::expected<Done, Problem> CheckType(const HttpRequest& request) {
  const std::string* const content_type = request.Header("content-type");
  if (content_type != nullptr) {
    const std::string_view type = MediaType(*content_type);
    if (EqualIgnoringCase(type, "application/json") || EqualIgnoringCase(type, "text/json")) return Done();
    if (request.method == "PATCH" && EqualIgnoringCase(type, "application/merge-patch+json")) return Done();
  }
  return std::unexpected(UnsupportedType(request, content_type));
}

// Returns a sentence that says why the body is not JSON in UTF-8: its encoding, if that can be told, else the parser's
// message.
std::string Explain(std::string_view body, const JsonError& error) {
  // JSON begins with an ASCII character, so the zeros beside it show the encoding (RFC 4627, section 3).
  const bool utf16 = body.starts_with("\xff\xfe") || body.starts_with("\xfe\xff") ||
                     (body.size() >= 2 && (body[0] == '\0') != (body[1] == '\0'));
  if (utf16) return "The body is JSON in another encoding (UTF-16 or UTF-32, it seems); it must be UTF-8.";
  if (body.starts_with("\x1f\x8b")) return "The body is compressed (gzip); it must be sent as it is.";
  if (body.ends_with('\0')) return "The body is not JSON: it ends in a NUL byte.";
  if (!IsUtf8(body)) return "The body is not JSON: its bytes are not UTF-8.";
  return "The body is not JSON: " + error.message + ".";
}

}  // namespace

std::expected<Done, Problem> CheckContentEncoding(const HttpRequest& request) {
  const auto codings = request.HeaderList("content-encoding");
  if (!codings || codings->empty() || EqualIgnoringCase(*codings, "identity")) return Done();
  return std::unexpected(Problem("unsupported-media-type",
                                 "The body has the Content-Encoding {encoding}; it must be sent as it is, without one.",
                                 ToValidUtf8(std::string_view(*codings).substr(0, kShownBytesMax)))
                             .With("Accept-Encoding", "identity"));
}

std::expected<std::string_view, Problem> JsonText(const ApiRequest& request) {
  if (auto type = CheckType(request.http); !type) return std::unexpected(std::move(type.error()));
  if (auto plain = CheckContentEncoding(request.http); !plain) return std::unexpected(std::move(plain.error()));
  std::string_view body = request.http.body;
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  if (body.empty()) return std::unexpected(Problem("malformed", "The body is empty; JSON is expected."));
  return body;
}

namespace {

std::expected<Json, Problem> Checked(std::expected<Json, JsonError> json, std::string_view text,
                                     std::string_view path) {
  if (!json) {
    if (!path.empty()) json.error().message = "item " + std::string(path) + ": " + json.error().message;
    return std::unexpected(Problem("malformed", Sentence::OfText(Explain(text, json.error()))));
  }
  if (MayHoldFaultyText(text)) {
    if (auto faults = FaultsOfTexts(*json, std::string(path)); !faults.empty()) {
      return std::unexpected(Invalid(std::move(faults)));
    }
  }
  return *std::move(json);
}

}  // namespace

std::expected<Json, Problem> ReadJson(std::string_view text, std::string_view path) {
  return Checked(ParseJson(text), text, path);
}

Async<std::expected<Json, Problem>> ReadJsonInTurns(Loop& loop, std::string_view text, std::string_view path) {
  constexpr std::size_t kPieceBytes = 32 * 1024;
  if (text.size() <= kLongBodyBytes) co_return ReadJson(text, path);
  JsonReader reader;
  for (std::string_view left = text; !left.empty();) {
    const std::string_view piece = left.substr(0, kPieceBytes);
    left.remove_prefix(piece.size());
    if (!reader.Add(piece)) break;
    co_await NextTurn(loop);
  }
  auto json = Checked(reader.Finish(), text, path);
  co_await NextTurn(loop);
  co_return std::move(json);
}

Async<> ReadLongBody(ApiRequest& request) {
  if (request.http.body.size() <= kLongBodyBytes) co_return;
  const auto text = JsonText(request);
  if (text) request.read_body = co_await ReadJsonInTurns(request.loop, *text);
}

std::expected<Json, Problem> JsonBody(ApiRequest& request) {
  if (request.read_body) return std::move(*request.read_body);
  const auto text = JsonText(request);
  if (!text) return std::unexpected(text.error());
  return ReadJson(*text);
}

std::expected<Json, Problem> OptionalJsonBody(ApiRequest& request) {
  if (request.http.body.empty()) return Json(Json::Object());
  return JsonBody(request);
}

std::optional<Problem> CheckNoFields(ApiRequest& request) {
  const auto body = OptionalJsonBody(request);
  if (!body) return body.error();
  return FieldReader(*body).Finish();
}

}  // namespace shakehook
