#include "api/access/visible.h"

#include "api/http/field_reader.h"

namespace shakehook {

bool CanSee(const Principal& principal, const Venue& venue) { return principal.scope.Covers(venue); }

bool CanSee(const Principal& principal, const VenuesGroup& group) {
  return Contains(principal.scope, Scope::Of(group.id), nullptr);
}

bool CanSee(const ConfigCache& config_cache, const Principal& principal, const Scope& scope) {
  if (scope.kind == Scope::Kind::kAll) return principal.IsAdmin();
  if (scope.kind != Scope::Kind::kVenue) return Contains(principal.scope, scope, nullptr);
  const SharedVenue venue = config_cache.FindVenue({scope.id});
  return Contains(principal.scope, scope, venue.get());
}

VisibleScopes::VisibleScopes(const ConfigCache& config_cache, const Principal& principal)
    : scope_(principal.scope), admin_(principal.IsAdmin()) {
  if (scope_.kind != Scope::Kind::kVenuesGroup) return;
  for (const SharedVenue& venue : config_cache.VenuesOf({scope_.id})) venues_.insert(venue->id.text);
}

bool VisibleScopes::Sees(const Scope& scope) const {
  if (scope.kind == Scope::Kind::kAll) return admin_;
  return Contains(scope_, scope, nullptr) || (scope.kind == Scope::Kind::kVenue && venues_.contains(scope.id));
}

std::expected<SharedVenue, Problem> FindVisibleVenue(const ConfigCache& config_cache, const Principal& principal,
                                                     const std::string& id) {
  SharedVenue venue = config_cache.FindVenue({id});
  if (!venue || !CanSee(principal, *venue)) return std::unexpected(NotFound("venue"));
  return venue;
}

std::expected<SharedVenuesGroup, Problem> FindVisibleVenuesGroup(const ConfigCache& config_cache,
                                                                 const Principal& principal, const std::string& id) {
  SharedVenuesGroup group = config_cache.FindVenuesGroup({id});
  if (!group || !CanSee(principal, *group)) return std::unexpected(NotFound("venues group"));
  return group;
}

std::optional<Scope> ReadScope(FieldReader& fields, const ConfigCache& config_cache, const Principal& principal,
                               Switch all) {
  const bool sound_before = fields.ok();
  const std::optional<std::string> venue_id = fields.Text("venue_id");
  const std::optional<std::string> group_id = fields.Text("venues_group_id");
  if (sound_before && !fields.ok()) return std::nullopt;
  if (venue_id && group_id) {
    fields.Refuse("venues_group_id", TwoScopes());
    return std::nullopt;
  }
  if (venue_id) {
    if (!FindVisibleVenue(config_cache, principal, *venue_id)) {
      fields.Refuse("venue_id", NoSuchVenue());
      return std::nullopt;
    }
    return Scope::Of(VenueId{*venue_id});
  }
  if (group_id) {
    if (!FindVisibleVenuesGroup(config_cache, principal, *group_id)) {
      fields.Refuse("venues_group_id", NoSuchVenuesGroup());
      return std::nullopt;
    }
    return Scope::Of(VenuesGroupId{*group_id});
  }
  if (all == Switch::kOn) {
    // Leaving out both fields means everything; no value of a field does, so that a lost value never does.
    for (const std::string_view name : {"venue_id", "venues_group_id"}) {
      if (fields.IsNull(name))
        fields.Refuse(name, {"not_clearable", "must not be null; leave it out to mean everything"});
    }
    if (sound_before && !fields.ok()) return std::nullopt;
  }
  if (all == Switch::kOn && principal.IsAdmin()) return Scope::All();
  if (all == Switch::kOn) {
    fields.Refuse("",
                  {"scope_missing", "must name a venue_id or a venues_group_id; only an admin key may leave both out"});
  } else {
    fields.Refuse("venue_id", NeitherScope());
  }
  return std::nullopt;
}

Json ToJson(const Scope& scope) {
  Json json{Json::Object()};
  if (scope.kind == Scope::Kind::kVenuesGroup) json.Add("venues_group_id", scope.id);
  if (scope.kind == Scope::Kind::kVenue) json.Add("venue_id", scope.id);
  return json;
}

}  // namespace shakehook
