// bench_store fills a server's database, or checks requests that were sent against it. The server must not run.
//
// usage: bench_store fill FOLDER VENUE_PREFIX VENUE_COUNT EVENTS pending|ended   prints how many deliveries it made
//        bench_store people FOLDER VENUE_PREFIX VENUE_COUNT CONTACTS             makes contacts with people's names
//        bench_store index FOLDER                                                makes the index for searches
//        bench_store webhooks FOLDER VENUE_PREFIX COUNT                          makes COUNT webhooks, in new venues
//        bench_store check FOLDER < NOTED                                        prints how many were right and wrong
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "check.h"
#include "fill.h"
#include "fill_with_people.h"
#include "webhooks.h"

namespace shakehook::bench {
namespace {

int RunPeople(char** arguments) {
  FillWithPeople({.folder = arguments[0],
                  .venue_prefix = arguments[1],
                  .venue_count = std::strtoull(arguments[2], nullptr, 10),
                  .count = std::strtoull(arguments[3], nullptr, 10)});
  return 0;
}

int RunFill(char** arguments) {
  const std::string then = arguments[4];
  const Fill fill{.folder = arguments[0],
                  .venue_prefix = arguments[1],
                  .venue_count = std::strtoull(arguments[2], nullptr, 10),
                  .event_count = std::strtoull(arguments[3], nullptr, 10),
                  .then = then == "ended" ? Fill::Then::kEnded : Fill::Then::kPending};
  std::printf("%llu\n", static_cast<unsigned long long>(Run(fill)));
  return 0;
}

int RunIndex(const std::string& folder) {
  MakeSearchIndex(folder);
  return 0;
}

int RunWebhooks(char** arguments) {
  Make({.folder = arguments[0], .venue_prefix = arguments[1], .count = std::strtoull(arguments[2], nullptr, 10)});
  return 0;
}

int RunCheck(const std::string& folder) {
  const Checked checked = Check(folder, std::cin);
  std::printf("%llu %llu\n", static_cast<unsigned long long>(checked.right),
              static_cast<unsigned long long>(checked.wrong));
  return 0;
}

}  // namespace
}  // namespace shakehook::bench

int main(int argc, char** argv) {
  using namespace shakehook::bench;
  if (argc == 7 && std::string(argv[1]) == "fill") return RunFill(argv + 2);
  if (argc == 6 && std::string(argv[1]) == "people") return RunPeople(argv + 2);
  if (argc == 3 && std::string(argv[1]) == "index") return RunIndex(argv[2]);
  if (argc == 5 && std::string(argv[1]) == "webhooks") return RunWebhooks(argv + 2);
  if (argc == 3 && std::string(argv[1]) == "check") return RunCheck(argv[2]);
  std::fputs(
      "usage: bench_store fill FOLDER VENUE_PREFIX VENUE_COUNT EVENTS pending|ended\n"
      "       bench_store people FOLDER VENUE_PREFIX VENUE_COUNT CONTACTS\n"
      "       bench_store index FOLDER\n"
      "       bench_store webhooks FOLDER VENUE_PREFIX COUNT\n"
      "       bench_store check FOLDER < NOTED\n",
      stderr);
  return 2;
}
