// A webhook's URL as it is shown to those who may not change it. Services such as Slack, Teams and Zapier put a
// credential into the path or the query.
#pragma once

#include <string>
#include <string_view>

namespace shakehook {

// Origin and the plain words of the path stay ("https://hooks.example.com/services/***"): everything from the first
// segment on that may be a credential is masked, and so is a query. A segment of at most 24 lowercase letters, hyphens,
// underscores and dots is a plain word, and so is a version ("v1").
std::string MaskedUrl(std::string_view url);

}  // namespace shakehook
