#include "cli/serve.h"

#include <fcntl.h>
#include <prometheus/registry.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "api/access/password_hasher.h"
#include "api/access/setup_token.h"
#include "api/http/client_address.h"
#include "base/console.h"
#include "base/log.h"
#include "base/memory_privacy.h"
#include "base/memory_reserve.h"
#include "base/secret_box.h"
#include "cli/bootstrap_key.h"
#include "cli/heartbeat.h"
#include "cli/key_file.h"
#include "cli/loop_thread.h"
#include "cli/machine_watch.h"
#include "cli/rotate_master_key.h"
#include "cli/shown_certificate.h"
#include "cli/stop_guard.h"
#include "cli/traces.h"
#include "cli/version.h"
#include "cli/welcome.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "service/service.h"
#include "store/sqlite/engine/sqlite_version.h"
#include "store/sqlite/sqlite_store.h"

namespace shakehook {
namespace {

using Result = std::expected<Done, std::string>;

constexpr Milliseconds kDrainMax{10'000};  // CONTRACT §5
constexpr Milliseconds kDrainStep{20};
constexpr int kDeliveryLoopsPerApiLoop = 4;
constexpr Milliseconds kTakeDownMax{2'000};  // its parts taken apart: memory freed, the database closed

// Files and sockets that are needed whatever the clients do; the rest is halved between clients and receivers.
constexpr std::size_t kFilesReserved = 200;

std::size_t RaiseFileLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) return limit.rlim_max;
  return limit.rlim_cur;
}

// The system enlarges a process's table of files by doubling it, and all threads that open a file then wait some ten
// milliseconds, which is a hundred deliveries' time. So the table is made large before any thread starts.
void WidenFileTable(std::size_t files) {
  constexpr std::size_t kWide = 65'536;  // 512 KiB of the kernel's memory
  const int last = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, static_cast<int>(std::min(files, kWide)) - 1);
  if (last >= 0) ::close(last);
}

std::size_t ConnectionsMax(std::size_t files) {
  const std::size_t half = files > 2 * kFilesReserved ? (files - kFilesReserved) / 2 : kFilesReserved / 2;
  return std::min(half, HttpServer::Limits().connections_max);
}

// A delivery loop's share of what the connections of the API leave: an attempt takes a socket, now and then two.
std::size_t AttemptsMax(std::size_t files, std::size_t loops) {
  const std::size_t left = files - std::min(files, kFilesReserved + ConnectionsMax(files));
  return std::clamp<std::size_t>(left * 3 / 4 / loops, 16, Dispatcher::Options().under_way_max);
}

// The service in a process: with threads, sockets, files and the real clock.
//
// Threads: made, opened, drained and destroyed by the main thread.
class Server {
 public:
  Server(Settings settings, Clock& clock) : settings_(std::move(settings)), clock_(clock) {}

  // Does everything except accepting requests. It may be cut short at any moment.
  Result Open();
  void Start();
  // Returns when a signal has come.
  void Wait(StopSignals& signals, Supervisor& supervisor, const ReadSettingsAgain& read_again);
  // Finishes what is in flight, at most kDrainMax long.
  void Drain(StopSignals& signals);
  // Ends the threads. The destructor does the rest.
  void TakeDown();

 private:
  Result OpenStore();
  std::unique_ptr<Loop> MakeLoop(std::string kind, std::size_t number, std::string_view usual_work);
  Result OpenTrustAndTraces();
  Result BuildService(std::size_t files);
  Result BuildMail();
  void BuildListener(std::size_t files);
  // Takes what may change while the server runs: the log's level and file, the access log, and the certificate.
  void Reload(const ReadSettingsAgain& read_again);
  Result Listen();
  // Returns the address with the port that was taken.
  ListenAddress Listening() const;
  Result OpenBootstrapKey();
  void StartThreads(std::vector<std::unique_ptr<Loop>>& loops, const std::string& name);

  Settings settings_;
  Clock& clock_;
  std::string setup_token_;  // empty: there is an administrator
  BootstrapKey bootstrap_key_;
  std::atomic<bool> delivered_ = false;  // all attempts have ended; a lane may say so after the drain gave up
  bool finished_ = false;                // the drain ended with no attempt in flight

  // Destroyed from the last to the first. The threads end before anything they touch goes; the store and the hasher go
  // before the loops whose coroutines wait in them; and a coroutine that never resumes goes with its loop, before what
  // it may refer to (the service, the policy).
  AddressPolicy policy_{
      {.allowed_targets = settings_.allowed_targets, .allow_http = settings_.allow_http_targets == Switch::kOn}};
  prometheus::Registry metrics_;
  std::unique_ptr<MachineWatch> machine_;
  SecureRandom start_random_, store_random_, service_random_;
  std::vector<std::unique_ptr<SecureRandom>> lane_randoms_;
  std::unique_ptr<SecretBox> box_;
  std::shared_ptr<TlsTrust> trust_;
  std::unique_ptr<Traces> traces_;  // null: nothing is traced
  ShownCertificate certificate_{metrics_, clock_};
  std::unique_ptr<Service> service_;
  std::vector<std::unique_ptr<Loop>> delivery_loops_, api_loops_;
  std::vector<std::unique_ptr<HttpClient>> clients_;
  std::unique_ptr<HttpClient> notice_client_;
  std::unique_ptr<SmtpClient> mail_;  // null: no mail server is named
  std::unique_ptr<HttpServer> listener_;
  std::unique_ptr<PasswordHasher> passwords_;
  std::unique_ptr<Store> store_;
  std::vector<std::unique_ptr<LoopThread>> threads_;
};

Result Server::Open() {
  if (auto loaded = certificate_.Load(settings_); !loaded) return loaded;
  if (auto has = settings_.egress.sources.CheckThisMachine(); !has)
    return std::unexpected("--bind-out: " + has.error());
  const std::size_t files = RaiseFileLimit();
  WidenFileTable(files);
  if (auto opened = OpenStore(); !opened) return opened;
  if (auto built = BuildService(files); !built) return built;
  BuildListener(files);
  if (auto listening = Listen(); !listening) return listening;
  return OpenBootstrapKey();
}

Result Server::OpenStore() {
  if (auto made = MakeFolderOf(settings_.database_path); !made) return made;
  const std::string key_path = MasterKeyPath(settings_);
  auto key = ReadOrMakeMasterKey(key_path, settings_.database_path, start_random_);
  if (!key) return std::unexpected(key.error());
  box_ = std::make_unique<SecretBox>(*key);
  Wipe(*key);
  auto store = OpenSqliteStore({.path = settings_.database_path,
                                .config_limits = {.webhooks = static_cast<std::size_t>(settings_.webhooks_per_scope)},
                                .metrics = &metrics_},
                               *box_, clock_, store_random_);
  if (!store) return std::unexpected(store.error() + HintOfRotation(key_path));
  store_ = std::move(*store);
  return Done{};
}

std::unique_ptr<Loop> Server::MakeLoop(std::string kind, std::size_t number, std::string_view usual_work) {
  auto loop = std::make_unique<Loop>(clock_);
  std::string name = kind + "-" + std::to_string(number);
  loop->Watch(
      {.kind = std::move(kind), .name = std::move(name), .usual_work = usual_work, .slow = settings_.slow_loop_turn});
  return loop;
}

Result Server::OpenTrustAndTraces() {
  auto trust = TlsTrust::Load(settings_.ca_file);
  if (!trust) return std::unexpected(trust.error());
  trust_ = std::move(*trust);
  auto traces = Traces::Open(settings_, clock_, metrics_, trust_);
  if (!traces) return std::unexpected(traces.error());
  traces_ = *std::move(traces);
  return Done{};
}

Result Server::BuildService(std::size_t files) {
  if (auto opened = OpenTrustAndTraces(); !opened) return opened;
  const int threads = settings_.threads.value_or(std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
  std::vector<Dispatcher::Lane> lanes;
  for (int i = 0; i < threads; ++i) {
    Loop& loop = *delivery_loops_.emplace_back(MakeLoop("delivery", static_cast<std::size_t>(i), "delivering"));
    HttpClient& client = *clients_.emplace_back(
        std::make_unique<HttpClient>(loop, policy_, trust_, HttpClient::Options{.egress = settings_.egress}));
    SecureRandom& random = *lane_randoms_.emplace_back(std::make_unique<SecureRandom>());
    lanes.push_back({&loop, &client, &random});
  }
  const std::size_t api_loops = std::max<std::size_t>(1, delivery_loops_.size() / kDeliveryLoopsPerApiLoop);
  for (std::size_t i = 0; i < api_loops; ++i) api_loops_.push_back(MakeLoop("api", i, "connections"));
  std::vector<const Loop*> watched;
  for (const auto* each : {&api_loops_, &delivery_loops_}) {
    for (const auto& loop : *each) watched.push_back(loop.get());
  }
  std::vector<const HttpClient*> clients;
  for (const auto& client : clients_) clients.push_back(client.get());
  machine_ = std::make_unique<MachineWatch>(settings_.database_path, std::move(clients), clock_);
  notice_client_ =
      std::make_unique<HttpClient>(*api_loops_[0], policy_, trust_, HttpClient::Options{.egress = settings_.egress});
  if (auto built = BuildMail(); !built) return built;
  passwords_ = std::make_unique<PasswordHasher>(PasswordHasher::Execution::kThread);
  if (store_->config_cache().AdministratorCount() == 0) setup_token_ = MakeSetupToken(start_random_);
  service_ = std::make_unique<Service>(
      Service::Injected{.clock = clock_,
                        .random = service_random_,
                        .store = *store_,
                        .policy = policy_,
                        .metrics = metrics_,
                        .lanes = std::move(lanes),
                        .jobs = *api_loops_[0],
                        .notices = notice_client_.get(),
                        .mail = mail_.get(),
                        .tracer = traces_ ? &traces_->tracer() : nullptr},
      Service::Options{.delivery = {.timeout = settings_.delivery_timeout,
                                    .schedule = settings_.retry,
                                    .under_way_max = AttemptsMax(files, static_cast<std::size_t>(threads))},
                       .api = {.version = Version(),
                               .rate_limit = settings_.api_rate_limit,
                               .key_quota = settings_.key_quota,
                               .tenant_quota = settings_.tenant_quota,
                               .metrics_open = settings_.metrics_open,
                               .access_log = settings_.access_log,
                               .at_socket = settings_.listen.is_unix() ? Switch::kOn : Switch::kOff,
                               .delivery_timeout = settings_.delivery_timeout,
                               .public_url = settings_.public_url,
                               .trusted_proxies = settings_.trusted_proxies,
                               .setup_token = setup_token_,
                               .passwords = passwords_.get(),
                               .loops = std::move(watched),
                               .collected = {machine_.get()},
                               .box = box_.get()},
                       .retention = settings_.retention,
                       .watch = WebhookWatch::Options{.delivery_timeout = settings_.delivery_timeout}});
  return Done{};
}

Result Server::BuildMail() {
  if (!settings_.smtp) return Done{};
  SmtpServer server = *settings_.smtp;
  if (settings_.smtp_password) server.password = *settings_.smtp_password;
  if (settings_.smtp_password_file) {
    auto password = ReadKeyFile(*settings_.smtp_password_file);
    if (!password) return std::unexpected(password.error());
    if (const auto checked = CheckSmtpPassword(*password); !checked) {
      return std::unexpected(*settings_.smtp_password_file + ": " + checked.error());
    }
    server.password = *std::move(password);
  }
  mail_ = std::make_unique<SmtpClient>(*api_loops_[0], trust_,
                                       SmtpClient::Options{.server = std::move(server), .from = *settings_.smtp_from});
  return Done{};
}

void Server::BuildListener(std::size_t files) {
  std::vector<Loop*> loops;
  for (const auto& loop : api_loops_) loops.push_back(loop.get());
  listener_ = service_->MakeListener(
      {.host = settings_.listen.host,
       .port = settings_.listen.port,
       .socket_path = settings_.listen.socket_path,
       .limits = {.connections_max = ConnectionsMax(files),
                  .connections_per_address_max = settings_.connections_per_address},
       .certificate = certificate_.certificate(),
       // A proxy's address is that of all its clients.
       .is_shared = [&proxies = settings_.trusted_proxies](
                        const asio::ip::address& from) { return IsTrustedProxy(from, proxies); }},
      std::move(loops));
}

// Called before any thread runs: nothing is accepted yet, and the policy may still change.
Result Server::Listen() {
  const auto port = listener_->Start();
  if (!port) return std::unexpected(port.error());
  if (settings_.listen.is_unix()) return Done{};  // no delivery reaches it
  policy_.SetOwnListener(listener_->address(), *port);
  if (settings_.inbox == Switch::kOn) {
    const auto scheme = settings_.tls_cert ? TargetUrl::Scheme::kHttps : TargetUrl::Scheme::kHttp;
    const auto is_inbox = [&config_cache = store_->config_cache()](std::string_view target) {
      constexpr std::string_view kStart = "/inbox/";
      return target.starts_with(kStart) && config_cache.FindInboxByToken(std::string(target.substr(kStart.size())));
    };
    policy_.SetInboxes(listener_->address(), *port, scheme, is_inbox);
  }
  return Done{};
}

Result Server::OpenBootstrapKey() {
  StartThreads(delivery_loops_, "deliver");
  auto key = FindBootstrapKey(settings_, store_->config_cache(), start_random_);
  if (!key) return std::unexpected(key.error());
  bootstrap_key_ = *std::move(key);
  return Await(*delivery_loops_[0], [&] { return SaveBootstrapKey(*store_, bootstrap_key_, clock_.Now()); });
}

ListenAddress Server::Listening() const {
  ListenAddress listening = settings_.listen;
  listening.port = listener_->port();
  return listening;
}

void Server::Start() {
  StartThreads(api_loops_, "api");
  if (traces_) traces_->Start();
  service_->Start();
  machine_->Start();

  const ListenAddress listening = Listening();
  Print(WelcomeText(settings_, listening, bootstrap_key_, setup_token_));
  // The parts that need these have their hashes by now.
  Wipe(bootstrap_key_.key);
  Wipe(setup_token_);
  if (settings_.admin_key) Wipe(*settings_.admin_key);
  if (settings_.smtp_password) Wipe(*settings_.smtp_password);
  if (sqlite::LinkedHasWalResetBug()) {
    LogWarning(
        "this SQLite has the WAL-reset bug, which the server itself never triggers; let no other program write to "
        "the database",
        {{"sqlite", sqlite::SqliteVersion()}});
  }
  if (!settings_.listen.is_unix() && !listener_->address().is_loopback() && !settings_.tls_cert &&
      !settings_.public_url.value_or("").starts_with("https://")) {
    LogWarning(
        "the server listens beyond this machine without TLS: API keys and passwords go over the network in clear; give "
        "it a certificate (--tls-cert), or put a proxy with TLS in front and name its https:// address by --public-url",
        {{"listening", listening.ToString()}});
  }
  LogInfo("started", {{"version", VersionLine()}, {"listening", listening.ToString()}});
}

void Server::Wait(StopSignals& signals, Supervisor& supervisor, const ReadSettingsAgain& read_again) {
  supervisor.TellReady("listening at " + Listening().ToString());
  const auto interval = supervisor.alive_interval();
  if (!interval) {
    while (signals.Wait() == StopSignals::Came::kReload) Reload(read_again);
    return;
  }
  std::vector<Loop*> loops;
  for (const auto* group : {&delivery_loops_, &api_loops_}) {
    for (const auto& loop : *group) loops.push_back(loop.get());
  }
  Heartbeat heartbeat(std::move(loops));
  for (;;) {
    const StopSignals::Came came = signals.WaitFor(*interval);
    if (came == StopSignals::Came::kYes) return;
    if (came == StopSignals::Came::kReload) {
      Reload(read_again);
    } else if (heartbeat.AllBeat()) {
      supervisor.TellAlive();
    } else {
      LogWarning("a loop is blocked; systemd ends the server if it stays blocked",
                 {{"for_ms", std::to_string(interval->count())}});
    }
  }
}

void Server::Reload(const ReadSettingsAgain& read_again) {
  if (settings_.log_file) {
    if (const auto sent = SendLogTo(*settings_.log_file); !sent) {
      LogError("the log file cannot be opened again; the log continues as before", {{"reason", sent.error()}});
    }
  }
  const auto settings = read_again();
  certificate_.Reload(settings ? *settings : settings_, *listener_);
  if (!settings) {
    LogError("the settings are not valid; the server keeps those that it has", {{"reason", settings.error()}});
    return;
  }
  SetLogLevel(settings->log_level);
  service_->api().SetAccessLog(settings->access_log);
  LogInfo(
      "the log level, the log file, the access log and the certificate were set again; other settings need a restart");
}

void Server::StartThreads(std::vector<std::unique_ptr<Loop>>& loops, const std::string& name) {
  for (std::size_t i = 0; i < loops.size(); ++i) {
    threads_.push_back(std::make_unique<LoopThread>(*loops[i], name + "-" + std::to_string(i)));
  }
}

void Server::Drain(StopSignals& signals) {
  listener_->StopAccepting();
  LogInfo("stopping");
  service_->Drain([this] { delivered_ = true; });
  const SteadyTime deadline = clock_.Steady() + kDrainMax;
  const auto wait = [&signals] {
    if (signals.WaitForSecond(kDrainStep) == StopSignals::Came::kYes) StopGuard::EndBySecondSignal();
  };
  while ((!delivered_ || listener_->in_flight() > 0) && clock_.Steady() < deadline) wait();
  finished_ = delivered_ && listener_->in_flight() == 0;
  if (!traces_) return;
  traces_->BeginFlush(deadline);
  while (!traces_->flushed()) wait();
  traces_->End();
}

void Server::TakeDown() {
  listener_->CloseAll();
  threads_.clear();
  // All other threads have ended. The connections get their turn to end here.
  for (const auto& loop : api_loops_) {
    while (loop->Poll() > 0) {
    }
  }
  if (finished_) {
    LogInfo("stopped");
  } else {
    LogWarning("stopped with work in flight; pending deliveries are sent after the next start");
  }
}

}  // namespace

std::expected<Done, std::string> Serve(Settings settings, Clock& clock, StopSignals& signals, Supervisor& supervisor,
                                       const ReadSettingsAgain& read_again) {
  if (settings.log_file) {
    if (auto sent = SendLogTo(*settings.log_file); !sent) return std::unexpected(sent.error());
  }
  SetUpLog(settings.log_format, settings.log_level);
  KeepMemoryReserve();
  auto server = std::make_unique<Server>(std::move(settings), clock);
  {
    const StopGuard guard(signals, StopGuard::Phase::kStart, std::nullopt);
    if (auto opened = server->Open(); !opened) return opened;
  }
  server->Start();
  server->Wait(signals, supervisor, read_again);
  supervisor.TellStopping("finishing what is in flight");
  server->Drain(signals);
  const StopGuard guard(signals, StopGuard::Phase::kEnd, kTakeDownMax);
  server->TakeDown();
  server.reset();
  return Done{};
}

}  // namespace shakehook
