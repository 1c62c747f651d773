#include "net/smtp_client.h"

#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "base/encoding.h"
#include "net/connect_race.h"
#include "net/deadline_sweep.h"
#include "net/dns_resolver.h"
#include "net/host_addresses.h"
#include "net/own_fault.h"
#include "net/smtp_reply.h"
#include "net/tls_sessions.h"
#include "net/tls_stream.h"

namespace shakehook {
namespace {

using boost::system::error_code;
constexpr asio::use_awaitable_t<Executor> kAwait;
constexpr Milliseconds kTurn{100};
constexpr std::size_t kReadBytes = 4096;
const SourceAddresses kAnySource;

// The parts of a client that its conversations share.
struct Parts {
  Loop& loop;
  TlsTrust& trust;
  TlsSessions& sessions;
  DnsResolver& resolver;
  // The client owns the races, because each keeps the coroutine that waits for it.
  std::list<ConnectRace>& races;
  const SmtpServer& server;
};

// Offers are what the server answers to EHLO that it can do.
struct Offers {
  bool start_tls = false;
  bool plain = false;
  bool login = false;
};

Offers ReadOffers(const SmtpReply& reply) {
  Offers offers;
  for (const std::string& line : reply.lines) {
    if (EqualIgnoringCase(Trimmed(line), "STARTTLS")) offers.start_tls = true;
    if (line.size() < 5 || !EqualIgnoringCase(line.substr(0, 4), "AUTH")) continue;
    std::string_view rest = std::string_view(line).substr(5);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (EqualIgnoringCase(rest.substr(0, end), "PLAIN")) offers.plain = true;
      if (EqualIgnoringCase(rest.substr(0, end), "LOGIN")) offers.login = true;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return offers;
}

TargetUrl UrlOf(const SmtpServer& server) {
  return {.scheme = TargetUrl::Scheme::kHttps,
          .host = server.host,
          .port = server.port,
          .target = "/",
          .host_header = server.host + ":" + std::to_string(server.port)};
}

std::string ExplainConnect(const ConnectRace::Failure& failure, std::uint16_t port) {
  if (failure.error == asio::error::connection_refused) {
    return "Nothing listens on the mail server's port " + std::to_string(port) + " (connection refused).";
  }
  if (const auto fault = OwnFaultOf(failure.error, failure.address)) return Explain(*fault);
  return "The mail server cannot be reached on port " + std::to_string(port) + ".";
}

// Conversation is one connection to the mail server, from the lookup of its name to QUIT. Each step returns whether it
// succeeded; the first that does not leaves `error`.
class Conversation final : public Deadline {
 public:
  Conversation(const Parts& parts, SteadyTime deadline) : Deadline(deadline), parts_(parts) {}

  Async<bool> Open();
  Async<bool> LogIn();
  Async<bool> Deliver(const MailMessage& message, std::vector<std::string>& refused);
  Async<> Quit();

  std::string error;
  MailFailure failure = MailFailure::kProtocol;
  std::string reply;  // the mail server's, where that is the reason
  bool login_refused = false;

 private:
  void OnPassed() override;
  bool Fail(MailFailure kind, std::string why);
  // Fails with a sentence and what the server answered.
  bool FailWith(MailFailure kind, std::string_view sentence, const SmtpReply& reply);
  Async<bool> Connect();
  Async<bool> BeginTls();
  Async<bool> Hello();
  Async<bool> Write(std::string bytes);
  Async<std::optional<SmtpReply>> ReadReply();
  // Sends a line, and returns the answer; nullopt: it failed.
  Async<std::optional<SmtpReply>> Ask(std::string line);
  std::string LocalName() const;

  const Parts parts_;
  bool passed_ = false;
  std::string_view step_ = "The mail server's name was not found";  // the beginning of an error where time runs out
  DnsResolver::WaitId lookup_ = 0;
  ConnectRace* race_ = nullptr;
  std::optional<Connection::Socket> socket_;
  std::unique_ptr<TlsStream> tls_;
  SmtpReplyReader reader_;
  Offers offers_;
};

void Conversation::OnPassed() {
  passed_ = true;
  if (lookup_ != 0) parts_.resolver.Cancel(lookup_);
  if (race_ != nullptr) race_->Abort();
  error_code ignored;
  if (socket_) socket_->close(ignored);
}

bool Conversation::Fail(MailFailure kind, std::string why) {
  failure = passed_ ? MailFailure::kTimeout : kind;
  error = passed_ ? std::string(step_) + " in time." : std::move(why);
  return false;
}

bool Conversation::FailWith(MailFailure kind, std::string_view sentence, const SmtpReply& answer) {
  reply = answer.ToString();
  return Fail(kind, std::string(sentence) + ": " + reply);
}

Async<bool> Conversation::Connect() {
  const DnsAnswer found = co_await AddressesOf(parts_.server.host, parts_.resolver, lookup_);
  if (passed_ || !found)
    co_return Fail(MailFailure::kUnreachable, passed_ ? "" : "The mail server: " + found.error().message);
  step_ = "The mail server did not accept a connection";
  const auto race = parts_.races.emplace(parts_.races.end(), parts_.loop, parts_.server.port, kAnySource);
  race->Add(found->addresses);
  race_ = &*race;
  auto socket = co_await race->Run();
  race_ = nullptr;
  parts_.races.erase(race);
  if (passed_ || !socket)
    co_return Fail(MailFailure::kUnreachable, passed_ ? "" : ExplainConnect(socket.error(), parts_.server.port));
  socket_.emplace(*std::move(socket));
  co_return true;
}

Async<bool> Conversation::BeginTls() {
  step_ = "The TLS handshake with the mail server was not done";
  tls_ = std::make_unique<TlsStream>(*socket_, parts_.trust, parts_.sessions, UrlOf(parts_.server),
                                     TlsStream::Peer::kOther);
  CHECK(SSL_set_alpn_protos(tls_->stream().native_handle(), nullptr, 0) == 0);  // it is not HTTP that follows
  error_code broken;
  co_await tls_->stream().async_handshake(asio::ssl::stream_base::client, asio::redirect_error(kAwait, broken));
  if (broken) co_return Fail(MailFailure::kTls, passed_ ? "" : "The mail server: " + tls_->Explain(broken));
  co_return true;
}

Async<bool> Conversation::Open() {
  if (!co_await Connect()) co_return false;
  const bool at_once = parts_.server.security == SmtpServer::Security::kTls;
  if (at_once && !co_await BeginTls()) co_return false;
  step_ = "The mail server did not answer";
  const auto greeting = co_await ReadReply();
  if (!greeting) co_return false;
  if (!greeting->positive()) co_return FailWith(MailFailure::kRefused, "The mail server does not serve", *greeting);
  if (!co_await Hello()) co_return false;
  if (at_once) co_return true;
  if (!offers_.start_tls)
    co_return Fail(MailFailure::kTls, "The mail server offers no TLS (STARTTLS); nothing was sent without it.");
  const auto begun = co_await Ask("STARTTLS");
  if (!begun) co_return false;
  if (!begun->positive()) co_return FailWith(MailFailure::kTls, "The mail server does not begin TLS", *begun);
  // Otherwise an attacker who can write into the connection could insert replies before the protected ones.
  if (reader_.HasUnread())
    co_return Fail(MailFailure::kTls, "The mail server sent more than it may before TLS; nothing was sent.");
  if (!co_await BeginTls()) co_return false;
  step_ = "The mail server did not answer";
  co_return co_await Hello();
}

// RFC 5321, section 4.1.3: a client without a name of its own says its address.
std::string Conversation::LocalName() const {
  error_code failure;
  const auto endpoint = socket_->local_endpoint(failure);
  if (failure) return "[127.0.0.1]";
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? "[IPv6:" + address.substr(0, address.find('%')) + "]" : "[" + address + "]";
}

Async<bool> Conversation::Hello() {
  const auto answer = co_await Ask("EHLO " + LocalName());
  if (!answer) co_return false;
  if (!answer->positive()) co_return FailWith(MailFailure::kRefused, "The mail server does not greet", *answer);
  offers_ = ReadOffers(*answer);
  co_return true;
}

Async<bool> Conversation::LogIn() {
  const SmtpServer& server = parts_.server;
  if (server.user.empty()) co_return true;
  std::optional<SmtpReply> answer;
  if (offers_.plain) {
    const std::string zero(1, '\0');
    answer = co_await Ask("AUTH PLAIN " + ToBase64(AsBytes(zero + server.user + zero + server.password)));
  } else if (offers_.login) {
    answer = co_await Ask("AUTH LOGIN");
    if (answer && answer->code == 334) answer = co_await Ask(ToBase64(AsBytes(server.user)));
    if (answer && answer->code == 334) answer = co_await Ask(ToBase64(AsBytes(server.password)));
  } else {
    co_return Fail(MailFailure::kLogin, "The mail server offers no login that this server knows (PLAIN, LOGIN).");
  }
  if (!answer) co_return false;
  if (answer->positive()) co_return true;
  login_refused = answer->code / 100 == 5;
  co_return FailWith(MailFailure::kLogin, "The mail server refuses this server's login", *answer);
}

Async<bool> Conversation::Deliver(const MailMessage& message, std::vector<std::string>& refused) {
  const auto sender = co_await Ask("MAIL FROM:<" + message.from + ">");
  if (!sender) co_return false;
  if (!sender->positive())
    co_return FailWith(MailFailure::kRefused, "The mail server refuses e-mail from " + message.from, *sender);
  for (const std::string& to : message.to) {
    const auto recipient = co_await Ask("RCPT TO:<" + to + ">");
    if (!recipient) co_return false;
    if (!recipient->positive()) refused.push_back(to + ": " + recipient->ToString());
  }
  if (refused.size() == message.to.size()) {
    reply = refused[0];
    co_return Fail(MailFailure::kRecipients,
                   "The mail server refuses " +
                       std::string(refused.size() == 1 ? "the recipient " : "every recipient, the first is ") +
                       refused[0]);
  }
  const auto data = co_await Ask("DATA");
  if (!data) co_return false;
  if (data->code != 354) co_return FailWith(MailFailure::kRefused, "The mail server takes no e-mail", *data);
  if (!co_await Write(DotStuffed(WriteMail(message)))) co_return false;
  const auto taken = co_await ReadReply();
  if (!taken) co_return false;
  if (!taken->positive()) co_return FailWith(MailFailure::kRefused, "The mail server refuses the e-mail", *taken);
  co_return true;
}

Async<> Conversation::Quit() {
  if (!socket_ || passed_) co_return;
  co_await Write("QUIT\r\n");  // its answer says nothing new
}

Async<bool> Conversation::Write(std::string bytes) {
  error_code broken;
  auto token = asio::redirect_error(kAwait, broken);
  if (tls_) {
    co_await asio::async_write(tls_->stream(), asio::buffer(bytes), token);
  } else {
    co_await asio::async_write(*socket_, asio::buffer(bytes), token);
  }
  if (broken) co_return Fail(MailFailure::kProtocol, "The mail server closed the connection.");
  co_return true;
}

Async<std::optional<SmtpReply>> Conversation::ReadReply() {
  std::array<char, kReadBytes> bytes;
  for (;;) {
    const auto progress = reader_.Read();
    if (progress == SmtpReplyReader::Progress::kWhole) co_return reader_.Take();
    if (progress == SmtpReplyReader::Progress::kInvalid) {
      Fail(MailFailure::kProtocol,
           "Port " + std::to_string(parts_.server.port) + " of the mail server does not speak SMTP as its URL says.");
      co_return std::nullopt;
    }
    error_code broken;
    auto token = asio::redirect_error(kAwait, broken);
    const std::size_t count = tls_ ? co_await tls_->stream().async_read_some(asio::buffer(bytes), token)
                                   : co_await socket_->async_read_some(asio::buffer(bytes), token);
    if (broken) {
      Fail(MailFailure::kProtocol, "The mail server closed the connection.");
      co_return std::nullopt;
    }
    reader_.Add({bytes.data(), count});
  }
}

Async<std::optional<SmtpReply>> Conversation::Ask(std::string line) {
  if (!co_await Write(std::move(line) + "\r\n")) co_return std::nullopt;
  co_return co_await ReadReply();
}

}  // namespace

struct SmtpClient::State {
  State(Loop& loop, std::shared_ptr<TlsTrust> trust, Options options)
      : loop(loop),
        trust(std::move(trust)),
        options(std::move(options)),
        deadlines(loop),
        resolver(loop, {.servers = this->options.name_servers, .search = DnsResolver::Search::kDomains}) {}

  Async<MailResult> Converse(const MailMessage& message);

  Loop& loop;
  const std::shared_ptr<TlsTrust> trust;
  const Options options;
  TlsSessions sessions;
  DeadlineSweep deadlines;
  DnsResolver resolver;
  std::list<ConnectRace> races;
  int under_way = 0;
  MailResult refused_login;  // the last one
  SteadyTime no_login_until{};
};

SmtpClient::SmtpClient(Loop& loop, std::shared_ptr<TlsTrust> trust, Options options)
    : state_(std::make_unique<State>(loop, std::move(trust), std::move(options))) {}
SmtpClient::~SmtpClient() = default;

const std::string& SmtpClient::from() const { return state_->options.from; }

Async<MailResult> SmtpClient::State::Converse(const MailMessage& message) {
  MailResult result;
  Conversation conversation({loop, *trust, sessions, resolver, races, options.server},
                            loop.clock().Steady() + options.timeout);
  deadlines.Add(conversation);
  const bool opened = co_await conversation.Open();
  const bool delivered =
      opened && co_await conversation.LogIn() && co_await conversation.Deliver(message, result.refused);
  if (!delivered) {
    result.error = conversation.error;
    result.failure = conversation.failure;
    result.reply = conversation.reply;
  }
  if (conversation.login_refused) {
    refused_login = result;
    no_login_until = loop.clock().Steady() + kPauseAfterRefusedLogin;
  }
  if (opened) co_await conversation.Quit();
  co_return result;
}

Async<MailResult> SmtpClient::Send(MailMessage message) {
  CHECK(!message.to.empty());
  State& state = *state_;
  while (state.under_way >= kUnderWayMax) co_await SleepUntil(state.loop, state.loop.clock().Steady() + kTurn);
  if (state.loop.clock().Steady() < state.no_login_until) co_return state.refused_login;
  ++state.under_way;
  MailResult result = co_await state.Converse(message);
  --state.under_way;
  co_return result;
}

}  // namespace shakehook
