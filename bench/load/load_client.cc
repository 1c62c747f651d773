#include "load_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <thread>

namespace shakehook::bench {
namespace {

constexpr int kEventsMax = 256;
constexpr std::chrono::seconds kAnswersMax{30};
constexpr int kRefusalsShown = 3;
// Between the first and the last end of a killed server's connections.
constexpr std::chrono::milliseconds kEndMax{100};

timespec ToTimespec(SteadyTime::duration duration) {
  const auto ns = std::max<std::int64_t>(0, std::chrono::duration_cast<Nanoseconds>(duration).count());
  return {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
}

}  // namespace

LoadClient::LoadClient(Options options) : options_(std::move(options)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  Connect();
  if (options_.rate > 0) {
    const auto contacts = static_cast<std::size_t>(options_.rate * options_.duration.count()) + 1;
    meant_at_.resize(contacts);
    answered_at_.resize(contacts);
  }
}

void LoadClient::Connect() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options_.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (std::size_t i = 0; i < options_.connections; ++i) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) Fail("connect");
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
    connections_.push_back({.stream = std::make_unique<HttpStream>(descriptor)});
    for (std::size_t j = 0; j < options_.pipeline; ++j) free_.push_back(i);
  }
}

void LoadClient::AppendContact(std::string& body, std::uint64_t number, bool other) const {
  const std::string digits = std::to_string(number);
  body += options_.before;
  body += R"({"first_name":"Jean-Baptiste","last_name":")";
  body += other ? "Other " : "Number ";
  body += digits;
  body += R"(","email":"jb.moreau.)";
  body += digits;
  body += R"(@example.com","phone":"+33612345678","landline_phone":"+33145678901","title":"Responsable evenementiel",)"
          R"("optin_marketing":true,"address_line_1":"10 rue du Faubourg Saint-Honore",)"
          R"("address_line_2":"Batiment A, 2e etage, escalier de gauche","postal_code":"75008","city":"Paris",)"
          R"("country":"France"})";
  body += options_.after;
}

void LoadClient::Send(Connection& connection, const Request& request) {
  const Venues& venues = request.other ? options_.other_venues : options_.venues;
  body_.clear();
  if (options_.batch > 1) {
    for (std::size_t i = 0; i < options_.batch; ++i) {
      body_ += i == 0 ? '[' : ',';
      AppendContact(body_, request.number + i, request.other);
    }
    body_ += ']';
  } else {
    AppendContact(body_, request.number, request.other);
  }
  text_ = "POST /";
  if (options_.venue_in_path) {
    text_ += "api/venues/";
    text_ += venues.prefix;
    text_ += std::to_string((request.other ? others_ : requests_) % venues.count);
    text_ += '/';
  }
  text_ += options_.path;
  text_ += " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer ";
  text_ += options_.key;
  text_ += "\r\nContent-Length: ";
  text_ += std::to_string(body_.size());
  text_ += "\r\n\r\n";
  text_ += body_;
  ++(request.other ? others_ : requests_);
  ++under_way_;
  connection.under_way.push_back(request);
  connection.stream->Write(text_);
}

void LoadClient::SendNext(Connection& connection, SteadyTime meant_at) {
  const Request request{.number = next_number_, .meant_at = meant_at};
  next_number_ += options_.batch;
  if (request.number < meant_at_.size()) meant_at_[request.number] = meant_at;
  Send(connection, request);
}

bool LoadClient::MaySend(SteadyTime now) const {
  return now < end_ && (options_.contacts_max == 0 || next_number_ < options_.contacts_max);
}

SteadyTime LoadClient::After(double seconds) const {
  return begin_ + std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>(seconds));
}

void LoadClient::ScheduleOther() {
  if (options_.other_rate <= 0) return;
  others_scheduled_for_ += std::exponential_distribution<double>(options_.other_rate)(random_);
  next_other_at_ = After(others_scheduled_for_);
}

// Open loop: all whose time has come, as far as connections are free. Closed loop: one on each free connection.
void LoadClient::SendDue(SteadyTime now) {
  const bool open_loop = options_.rate > 0;
  while (!free_.empty()) {
    const SteadyTime meant_at = open_loop ? std::min(NextAt(), next_other_at_) : now;
    if (open_loop ? meant_at > now || meant_at >= end_ : !MaySend(now)) return;
    Connection& connection = connections_[free_.front()];
    free_.pop_front();
    if (meant_at == next_other_at_) {
      Send(connection, {.number = others_, .meant_at = meant_at, .other = true});
      ScheduleOther();
    } else {
      ++scheduled_;
      SendNext(connection, meant_at);
    }
  }
}

void LoadClient::Take(Connection& connection, SteadyTime now) {
  if (!connection.stream->Read()) {
    if (!options_.server_may_end) Fail("the server closed a connection");
    server_ended_ = true;
    return;
  }
  while (const auto response = connection.stream->Next()) {
    const Request request = connection.under_way.front();
    connection.under_way.pop_front();
    --under_way_;
    free_.push_back(static_cast<std::size_t>(&connection - connections_.data()));
    const bool good = response->head.size() > 9 && response->head[9] == '2';
    if (!good) {
      if (++refused_ <= kRefusalsShown) {
        const std::string shown = "refused: " + std::string(response->head.substr(0, response->head.find("\r\n"))) +
                                  std::string(response->body.substr(0, 300)) + "\n";
        std::fputs(shown.c_str(), stderr);
      }
      continue;
    }
    if (request.other) {
      others_accepted_ += options_.batch;
      continue;
    }
    accepted_ += options_.batch;
    responses_.Add(now - request.meant_at);
    if (request.number < answered_at_.size()) answered_at_[request.number] = now;
  }
  connection.stream->Flush();
}

// A killed server's connections end one by one, and the last response may still be unread on each.
void LoadClient::TakeLast(SteadyTime now) {
  std::this_thread::sleep_for(kEndMax);
  for (Connection& connection : connections_) Take(connection, now);
}

void LoadClient::Run() {
  std::array<epoll_event, kEventsMax> events;
  begin_ = std::chrono::steady_clock::now();
  end_ = begin_ + std::chrono::duration_cast<SteadyTime::duration>(options_.duration);
  const double meant = options_.rate * options_.duration.count() / static_cast<double>(options_.batch);
  ScheduleOther();
  SteadyTime now = begin_;
  for (;;) {
    SendDue(now);
    const bool more = options_.rate > 0 ? static_cast<double>(scheduled_) < meant : MaySend(now);
    if (!more && under_way_ == 0) break;
    if (now > end_ + kAnswersMax) Fail("no answer within 30 s of the load's end");
    SteadyTime::duration wait = std::chrono::milliseconds(100);
    if (options_.rate > 0 && more && !free_.empty()) wait = std::min(NextAt(), next_other_at_) - now;
    const timespec timeout = ToTimespec(wait);
    const int ready = ::epoll_pwait2(epoll_, events.data(), kEventsMax, &timeout, nullptr);
    now = std::chrono::steady_clock::now();
    for (int i = 0; i < ready; ++i) Take(connections_[events[static_cast<std::size_t>(i)].data.u64], now);
    if (server_ended_) {
      TakeLast(now);
      break;
    }
  }
  seconds_ = std::chrono::duration<double>(now - begin_).count();
}

}  // namespace shakehook::bench
