// bench_load creates contacts through the API and, where asked to, is their receiver too. It prints one line of JSON:
// what was accepted and what arrived, the latency of the API's answers, and of the arrivals: from the time that the
// contact was meant to be sent at, and from the API's answer.
//
// usage: bench_load --api=PORT --key=KEY --venues=PREFIX:COUNT [--seconds=S] [--rate=R] [--connections=N] [--batch=N]
//                   [--contacts=N] [--other-venues=PREFIX:COUNT --other-rate=R] [--path=PATH]
//                   [--server-may-end=1] [--before=TEXT --after=TEXT]
//                   [--receive=PORT --secrets=FILE [--silent=PORT]]
// FILE: a line "PATH SECRET" for each webhook. PATH: what is posted to instead of a venue's contacts (a peer), with the
// texts before and after each contact.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "load_client.h"
#include "receiver.h"

namespace shakehook::bench {
namespace {

// After the last response; deliveries that have not arrived by then are lost.
constexpr std::chrono::seconds kArrivalMax{60};
constexpr std::uint64_t kNumbersWithoutRate = 4'000'000;
// More files than it ever has open.
constexpr int kFilesMax = 16'384;

using Flags = std::map<std::string, std::string>;

Flags ReadFlags(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::size_t equals = argument.find('=');
    if (!argument.starts_with("--") || equals == std::string::npos) {
      std::fprintf(stderr, "bench_load: cannot use %s\n", argv[i]);
      std::exit(2);
    }
    flags[argument.substr(2, equals - 2)] = argument.substr(equals + 1);
  }
  return flags;
}

std::string Get(const Flags& flags, const std::string& name, const std::string& otherwise) {
  const auto found = flags.find(name);
  return found == flags.end() ? otherwise : found->second;
}

Venues ReadVenues(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return {};
  return {text.substr(0, colon), std::stoul(text.substr(colon + 1))};
}

LoadClient::Options ReadOptions(const Flags& flags) {
  const std::string path = Get(flags, "path", "");
  return {.port = static_cast<std::uint16_t>(std::stoi(Get(flags, "api", "0"))),
          .key = Get(flags, "key", ""),
          .venues = ReadVenues(Get(flags, "venues", "")),
          .other_venues = ReadVenues(Get(flags, "other-venues", "")),
          .other_rate = std::stod(Get(flags, "other-rate", "0")),
          .connections = std::stoul(Get(flags, "connections", "64")),
          .rate = std::stod(Get(flags, "rate", "0")),
          .duration = std::chrono::duration<double>(std::stod(Get(flags, "seconds", "10"))),
          .batch = std::stoul(Get(flags, "batch", "1")),
          .contacts_max = std::stoull(Get(flags, "contacts", "0")),
          .path = !path.empty()                     ? path
                  : Get(flags, "batch", "1") == "1" ? "contacts"
                                                    : "contacts/batch",
          .venue_in_path = path.empty(),
          .before = Get(flags, "before", ""),
          .after = Get(flags, "after", ""),
          .server_may_end = flags.contains("server-may-end")};
}

// Before there are threads: while the system enlarges a table of files later, all that open one wait some ten
// milliseconds, which would count as the server's.
void WidenFileTable() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const int last = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, kFilesMax - 1);
  if (last >= 0) ::close(last);
}

std::unique_ptr<Receiver> StartReceiver(const Flags& flags, const LoadClient::Options& load) {
  if (!flags.contains("receive")) return nullptr;
  Receiver::Options options{.port = static_cast<std::uint16_t>(std::stoi(flags.at("receive")))};
  if (flags.contains("silent")) options.silent_port = static_cast<std::uint16_t>(std::stoi(flags.at("silent")));
  std::ifstream secrets(Get(flags, "secrets", ""));
  for (std::string path, secret; secrets >> path >> secret;) options.secrets[path] = secret;
  options.contacts_max =
      load.rate > 0 ? static_cast<std::size_t>(load.rate * load.duration.count()) + 1 : kNumbersWithoutRate;
  return std::make_unique<Receiver>(std::move(options));
}

// `each`: how many webhooks a contact goes to.
void AwaitArrivals(const Receiver& receiver, std::uint64_t wanted) {
  const SteadyTime end = std::chrono::steady_clock::now() + kArrivalMax;
  while (receiver.arrived() < wanted && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

int Measure(const Flags& flags) {
  WidenFileTable();
  const LoadClient::Options options = ReadOptions(flags);
  const auto receiver = StartReceiver(flags, options);
  const auto client = std::make_unique<LoadClient>(options);
  client->Run();
  std::printf(
      R"({"accepted":%llu,"others_accepted":%llu,"refused":%llu,"seconds":%.4f,"answers":%s)",
      static_cast<unsigned long long>(client->accepted()), static_cast<unsigned long long>(client->others_accepted()),
      static_cast<unsigned long long>(client->refused()), client->seconds(), client->responses().ToJson().c_str());
  if (receiver) {
    AwaitArrivals(*receiver, client->accepted() * std::stoul(Get(flags, "webhooks-each", "1")));
    const auto from_meant = std::make_unique<Histogram>();
    const auto from_answer = std::make_unique<Histogram>();
    std::uint64_t missing = 0;
    for (std::size_t i = 0; options.rate > 0 && i < client->sent(); ++i) {
      const auto arrival = receiver->ArrivalOf(i);
      if (client->answered_at(i) == SteadyTime()) continue;  // refused
      if (!arrival) {
        ++missing;
        continue;
      }
      from_meant->Add(*arrival - client->meant_at(i));
      from_answer->Add(*arrival - client->answered_at(i));
    }
    std::printf(R"(,"arrived":%llu,"missing":%llu,"wrongly_signed":%llu,"came_twice":%llu,"arrivals":%s,)"
                R"("arrivals_after_answer":%s)",
                static_cast<unsigned long long>(receiver->arrived()), static_cast<unsigned long long>(missing),
                static_cast<unsigned long long>(receiver->wrongly_signed()),
                static_cast<unsigned long long>(receiver->came_twice()), from_meant->ToJson().c_str(),
                from_answer->ToJson().c_str());
  }
  std::printf("}\n");
  std::fflush(stdout);
  std::_Exit(0);  // the receiver's thread runs on
}

}  // namespace
}  // namespace shakehook::bench

int main(int argc, char** argv) {
  try {
    return shakehook::bench::Measure(shakehook::bench::ReadFlags(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_load: a flag's value cannot be used (%s)\n", error.what());
    return 2;
  }
}
