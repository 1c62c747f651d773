// Fills a database with contacts that have names as people have them (people.h), to search in. They are written to
// their table at once, without events, several times as fast as the store's verbs would.
#pragma once

#include <cstdint>
#include <string>

namespace shakehook::bench {

struct PeopleFill {
  std::string folder;
  std::string venue_prefix;  // the venues exist
  std::uint64_t venue_count = 1;
  std::uint64_t count = 0;  // one venue after the other has one, in turn
};

// A failure ends the program.
void FillWithPeople(const PeopleFill& fill);

// Brings the index for searches of the folder's database up to date, as the server does in what time others leave it.
void MakeSearchIndex(const std::string& folder);

}  // namespace shakehook::bench
