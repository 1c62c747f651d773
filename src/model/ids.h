// Ids that do not mix. Events, deliveries, webhooks and API keys are named by UUIDs that the server makes; venues,
// venues groups, accounts and contacts by text that their maker may choose (CONTRACT:
// [A-Za-z0-9][A-Za-z0-9._-]{0,127}). Inside, rows have numbers: small, ordered as they were made, never shown.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/complaint.h"
#include "base/uuid.h"

namespace shakehook {

template <class Tag>
struct Id {
  Uuid uuid;

  auto operator<=>(const Id&) const = default;
  std::string ToString() const { return uuid.ToString(); }
  static std::optional<Id> Parse(std::string_view text) {
    if (const auto uuid = Uuid::Parse(text)) return Id{*uuid};
    return std::nullopt;
  }
};

template <class Tag>
struct TextId {
  std::string text;

  auto operator<=>(const TextId&) const = default;
};

template <class Tag>
struct Number {
  std::int64_t value = 0;

  auto operator<=>(const Number&) const = default;
};

using EventId = Id<struct EventTag>;
using DeliveryId = Id<struct DeliveryTag>;
using WebhookId = Id<struct WebhookTag>;
using ApiKeyId = Id<struct ApiKeyTag>;
using ReplayId = Id<struct ReplayTag>;
using ImportId = Id<struct ImportTag>;
using UserId = Id<struct UserTag>;
using InboxId = Id<struct InboxTag>;
using ChannelId = Id<struct ChannelTag>;

using VenueId = TextId<struct VenueTag>;
using VenuesGroupId = TextId<struct VenuesGroupTag>;
using ResourceId = TextId<struct ResourceTag>;  // id of an account or a contact, unique in its venue and kind

using WebhookNumber = Number<struct WebhookTag>;
using ResourceNumber = Number<struct ResourceTag>;
// The position of an event in the order of all events; each webhook gets its events in this order.
using Position = Number<struct PositionTag>;

// Tells whether a caller may choose this text as an id.
bool IsValidTextId(std::string_view text);
// Returns what is wrong with a text that is no such id.
inline Complaint BadTextId() {
  return {"bad_id",
          "must be 1 to 128 of the characters A-Z a-z 0-9 . _ -, beginning with a letter or a digit, and not "
          "\"batch\""};
}

}  // namespace shakehook

template <class Tag>
struct std::hash<shakehook::Id<Tag>> {
  std::size_t operator()(const shakehook::Id<Tag>& id) const { return std::hash<shakehook::Uuid>()(id.uuid); }
};
template <class Tag>
struct std::hash<shakehook::TextId<Tag>> {
  std::size_t operator()(const shakehook::TextId<Tag>& id) const { return std::hash<std::string>()(id.text); }
};
template <class Tag>
struct std::hash<shakehook::Number<Tag>> {
  std::size_t operator()(const shakehook::Number<Tag>& number) const { return std::hash<std::int64_t>()(number.value); }
};
