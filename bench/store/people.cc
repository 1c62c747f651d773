#include "people.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace shakehook::bench {
namespace {

constexpr std::size_t kLastNames = 20'000;

constexpr auto kFirstNames = std::to_array<const char*>(
    {"Marie",    "Jean",   "Pierre",  "Camille", "Thomas", "Léa",       "Nicolas",   "Julie",  "François",  "Sophie",
     "Philippe", "Claire", "Antoine", "Élodie",  "Julien", "Manon",     "Alexandre", "Chloé",  "Guillaume", "Emma",
     "Mathieu",  "Zoé",    "Olivier", "Inès",    "Hugo",   "Pauline",   "Benoît",    "Lucie",  "Arthur",    "Jeanne",
     "Kevin",    "Aurore", "Quentin", "Noémie",  "Yann",   "Charlotte", "Xavier",    "Agathe", "Tristan",   "Solène"});
constexpr auto kSyllables = std::to_array<const char*>(
    {"mar", "tin",   "ber", "nard",  "du",   "bois",  "tho", "mas",  "ro",  "bert", "ri",  "chard",
     "pe",  "tit",   "mo",  "reau",  "le",   "roy",   "si",  "mon",  "gar", "cia",  "da",  "vid",
     "fon", "taine", "che", "val",   "gau",  "thier", "per", "rin",  "cle", "ment", "vin", "cent",
     "mul", "ler",   "la",  "croix", "guer", "rier",  "bou", "cher", "kow", "ski",  "zim", "mer"});
constexpr auto kHosts = std::to_array<const char*>(
    {"gmail.com", "orange.fr", "hotmail.fr", "free.fr", "yahoo.fr", "wanadoo.fr", "example.com"});

}  // namespace

People::People(Random& random) : random_(random) {
  for (std::size_t i = 0; i < kLastNames; ++i) {
    std::string name;
    for (std::uint64_t parts = 2 + random_.Below(2); parts > 0; --parts) {
      name += kSyllables[random_.Below(kSyllables.size())];
    }
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
    last_names_.push_back(std::move(name));
  }
}

std::size_t People::Rank(std::size_t count) {
  const double rank = std::exp(random_.Unit() * std::log(static_cast<double>(count) + 1)) - 1;
  return std::min(count - 1, static_cast<std::size_t>(rank));
}

Person People::Next() {
  Person person{.first_name = kFirstNames[Rank(kFirstNames.size())],
                .last_name = last_names_[Rank(last_names_.size())],
                .email = {},
                .phone = "+33 6"};
  person.email = person.last_name + "." + std::to_string(random_.Below(100'000)) + "@" + kHosts[Rank(kHosts.size())];
  for (int pair = 0; pair < 4; ++pair) {
    person.phone += ' ';
    person.phone += static_cast<char>('0' + random_.Below(10));
    person.phone += static_cast<char>('0' + random_.Below(10));
  }
  return person;
}

}  // namespace shakehook::bench
