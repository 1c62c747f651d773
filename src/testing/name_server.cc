#include "testing/name_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace shakehook {
namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr int kTypeA = 1;
constexpr int kTypeCname = 5;
constexpr int kTypeAaaa = 28;
constexpr int kServerFailure = 2;
constexpr int kNameError = 3;
const std::string kLate = "late";  // not answered yet

void Append16(std::string& out, unsigned value) {
  out += static_cast<char>(value >> 8);
  out += static_cast<char>(value);
}

unsigned Read16(const std::string& text, std::size_t at) {
  return static_cast<unsigned char>(text[at]) << 8 | static_cast<unsigned char>(text[at + 1]);
}

// The bytes of a resource record before its data: name, type, class, time to live, length.
constexpr std::size_t kResponseHeadBytes = 12;

// "a.example" as DNS writes it.
std::string Labels(const std::string& name) {
  std::string labels;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find('.', at), name.size());
    labels += static_cast<char>(end - at);
    labels += name.substr(at, end - at);
    at = end + 1;
  }
  return labels + '\0';
}

}  // namespace

NameServer::NameServer() {
  socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  stop_event_ = eventfd(0, EFD_CLOEXEC);
  CHECK(socket_ >= 0 && stop_event_ >= 0);
  sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  CHECK(bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
  CHECK(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

NameServer::~NameServer() {
  CHECK(eventfd_write(stop_event_, 1) == 0);
  thread_.join();
  close(socket_);
  close(stop_event_);
}

void NameServer::Set(const std::string& name, Record record) {
  const MutexLock lock(mutex_);
  records_[name] = std::move(record);
}

void NameServer::SetHealth(Health health) {
  const MutexLock lock(mutex_);
  health_ = health;
}

void NameServer::AnswerLate() {
  std::vector<Waiting> late;
  {
    const MutexLock lock(mutex_);
    answers_late_ = true;
    late = std::exchange(late_, {});
  }
  for (const Waiting& waiting : late) {
    const std::string answer = Answer(waiting.question);
    const auto* peer = reinterpret_cast<const sockaddr*>(waiting.peer.data());
    sendto(socket_, answer.data(), answer.size(), 0, peer, static_cast<socklen_t>(waiting.peer.size()));
  }
}

int NameServer::queries(const std::string& name) const {
  const MutexLock lock(mutex_);
  const auto found = queries_.find(name);
  return found == queries_.end() ? 0 : found->second;
}

void NameServer::Serve() {
  for (;;) {
    pollfd events[2] = {{socket_, POLLIN, 0}, {stop_event_, POLLIN, 0}};
    if (poll(events, 2, -1) < 0) continue;
    if (events[1].revents != 0) return;
    char buffer[512];
    sockaddr_in peer;
    socklen_t size = sizeof peer;
    const ssize_t bytes = recvfrom(socket_, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&peer), &size);
    if (bytes < static_cast<ssize_t>(kHeaderBytes + 5)) continue;
    const std::string question(buffer, static_cast<std::size_t>(bytes));
    const std::string answer = Answer(question);
    if (answer == kLate) {
      const MutexLock lock(mutex_);
      late_.push_back({question, std::string(reinterpret_cast<const char*>(&peer), size)});
    } else if (!answer.empty())
      sendto(socket_, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&peer), size);
  }
}

std::string NameServer::Answer(const std::string& question) {
  std::string name;
  std::size_t at = kHeaderBytes;
  while (at < question.size() && question[at] != 0) {
    const std::size_t label = static_cast<unsigned char>(question[at]);
    if (!name.empty()) name += '.';
    name += question.substr(at + 1, label);
    at += label + 1;
  }
  if (at + 5 > question.size()) return {};
  const unsigned type = Read16(question, at + 1);
  const std::size_t question_end = at + 5;

  const MutexLock lock(mutex_);
  ++queries_[name];
  const auto found = records_.find(name);
  Record record = found == records_.end() ? Record{.error = kNameError} : found->second;
  if (record.silent || health_ == Health::kSilent || (record.silent_v6 && type == kTypeAaaa)) return {};
  if (health_ == Health::kFails) record = {.error = kServerFailure};
  if (!record.late_v6.empty() && type == kTypeAaaa) {
    if (!answers_late_) return kLate;
    record.addresses = record.late_v6;
  }

  unsigned answers = 0;
  std::string body;
  const auto add = [&](std::size_t name_at, unsigned answer_type, std::string_view bytes) {
    Append16(body, 0xc000 | static_cast<unsigned>(name_at));
    Append16(body, answer_type);
    Append16(body, 1);
    Append16(body, record.ttl_seconds >> 16);
    Append16(body, record.ttl_seconds & 0xffff);
    Append16(body, static_cast<unsigned>(bytes.size()));
    body += bytes;
    ++answers;
  };
  std::size_t owner_at = kHeaderBytes;  // the question's name
  std::vector<std::string> addresses = record.addresses;
  if (!record.alias.empty()) {
    const std::size_t alias_at = question_end + body.size() + kResponseHeadBytes;
    add(owner_at, kTypeCname, Labels(record.alias));
    owner_at = alias_at;
    addresses = records_[record.alias].addresses;
  }
  for (const std::string& text : addresses) {
    const bool v6 = text.contains(':');
    if (type != static_cast<unsigned>(v6 ? kTypeAaaa : kTypeA)) continue;
    char bytes[16];
    CHECK(inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), bytes) == 1);
    add(owner_at, type, {bytes, v6 ? 16U : 4U});
  }
  std::string answer = question.substr(0, 2);
  Append16(answer, 0x8180u | static_cast<unsigned>(record.error));  // an answer, recursion available
  Append16(answer, 1);
  Append16(answer, answers);
  Append16(answer, 0);
  Append16(answer, 0);
  return answer + question.substr(kHeaderBytes, question_end - kHeaderBytes) + body;
}

}  // namespace shakehook
