#include "cli/receive.h"

#include "base/console.h"
#include "cli/key_file.h"
#include "cli/loop_thread.h"
#include "cli/received_request.h"
#include "net/http_server.h"

namespace shakehook {
namespace {

constexpr std::size_t kBodyBytesMax = 1024 * 1024;

// Threads: lives on its loop.
class Receiver {
 public:
  explicit Receiver(const ReceiveOptions& options) : options_(options) {}

  Async<HttpResponse> Handle(Loop& loop, HttpRequest request) {
    const int number = ++received_;
    const bool fails = options_.fail_every > 0 && number % options_.fail_every == 0;
    const HttpResponse response{.status = fails ? 500 : options_.status};
    if (options_.delay.count() > 0) co_await SleepUntil(loop, loop.clock().Steady() + options_.delay);
    Print(DescribeReceived(number, request, CheckSignature(request, options_.secret), response.status));
    co_return response;
  }

 private:
  const ReceiveOptions& options_;
  int received_ = 0;
};

}  // namespace

std::expected<Done, std::string> Receive(ReceiveOptions options, Clock& clock, StopSignals& signals) {
  if (!options.secret_file.empty()) {
    auto secret = ReadKeyFile(options.secret_file);
    if (!secret) return std::unexpected(secret.error());
    options.secret = std::move(*secret);
  }
  Receiver receiver(options);
  Loop loop(clock);
  HttpServer server({.host = options.listen.host,
                     .port = options.listen.port,
                     .body_bytes_max = [](const HttpRequest&) { return kBodyBytesMax; }},
                    {&loop},
                    [&receiver](Loop& on, HttpRequest request) { return receiver.Handle(on, std::move(request)); });
  const auto port = server.Start();
  if (!port) return std::unexpected(port.error());
  LoopThread thread(loop, "receive");
  Print("Receiving on http://" + ListenAddress{options.listen.host, *port}.ToString() + "/; end with Ctrl-C.\n");
  signals.Wait();
  server.StopAccepting();
  server.CloseAll();
  thread.Stop();
  loop.Poll();
  return Done{};
}

}  // namespace shakehook
