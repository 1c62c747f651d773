// /api/audit: the audit log, newest first. For administrators and admin keys.
#include <charconv>

#include "api/access/audit.h"
#include "api/access/authentication.h"
#include "api/all_routes.h"
#include "api/http/page_response.h"
#include "api/http/response.h"

namespace shakehook {
namespace {

constexpr std::string_view kList = "audit";
constexpr std::array<std::string_view, 4> kActorKindNames = {"user", "api_key", "bootstrap", "server"};

Json TextOrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json EntryJson(const AuditEntry& entry) {
  Json actor{Json::Object()};
  actor.Add("kind", kActorKindNames[static_cast<std::size_t>(entry.actor.kind)]);
  actor.Add("id", TextOrNull(entry.actor.id));
  actor.Add("name", entry.actor.name);
  Json subject;
  if (entry.subject) {
    subject.Add("kind", entry.subject->kind);
    subject.Add("id", entry.subject->id);
    subject.Add("name", TextOrNull(entry.subject->name));
  }
  Json json{Json::Object()};
  json.Add("id", entry.id.ToString());
  json.Add("at", UnixMs(entry.at));
  json.Add("actor", std::move(actor));
  json.Add("action", ToString(entry.action));
  json.Add("subject", std::move(subject));
  const ShownAuditDetails details = ReadAuditDetails(entry.detail);
  json.Add("detail", TextOrNull(details.text));
  json.Add("details", details.codes);
  json.Add("changes", entry.changes.empty() ? Json() : ParseJson(entry.changes).value_or(Json()));
  return json;
}

std::optional<Position> ParsePosition(std::string_view text) {
  Position position;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position.value);
  if (error != std::errc() || end != text.data() + text.size() || position.value < 1) return std::nullopt;
  return position;
}

Async<ApiResponse> ListAudit(ApiServices& services, ApiRequest& request) {
  if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  ParameterReader parameters(request);
  const PageRequest page =
      ReadPage(parameters, kList, [](std::string_view key) { return ParsePosition(key).has_value(); });
  AuditQuery query{.since = parameters.Time("since"), .until = parameters.Time("until"), .limit = page.limit + 1};
  query.before = ParsePosition(page.after);
  if (const std::string* const action = parameters.Any("action")) {
    query.action = ParseAuditAction(*action);
    if (!query.action) parameters.Refuse("action", {"names_no_action", "there is no action with this name"});
  }
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  query.asker = request.asker();
  const auto entries = co_await services.store.ListAudit(std::move(query));
  if (!entries) co_return std::unexpected(FromRefusal(entries.error(), "audit entry"));
  co_return co_await RespondWithPage(
      request.loop, page, *entries, [](const ListedAuditEntry& listed) { return EntryJson(listed.entry); },
      [](const ListedAuditEntry& listed) { return std::to_string(listed.position.value); });
}

}  // namespace

void AddAuditRoutes(Router& router, ApiServices&) {
  router.Add({"GET", "/api/audit", Access::kManage, ListAudit, {"action", "since", "until", "limit", "cursor"}});
}

}  // namespace shakehook
