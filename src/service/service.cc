#include "service/service.h"

#include <utility>

namespace shakehook {
namespace {

Api::Options WithDraining(Api::Options options, const std::atomic<bool>& draining) {
  options.draining = [&draining] { return draining.load(); };
  return options;
}

}  // namespace

Service::Service(Injected injected, Options options)
    : records_(injected.store, injected.clock, injected.random),
      dispatcher_(injected.store, std::move(injected.lanes), options.delivery, injected.metrics),
      api_(injected.store, records_, injected.policy, injected.clock, injected.metrics,
           WithDraining(std::move(options.api), draining_)),
      jobs_(injected.store, records_, injected.jobs, options.retention) {
  injected.store.AddListener(dispatcher_);
  injected.store.AddListener(api_.listener());
}

void Service::Start() {
  dispatcher_.Start();
  jobs_.Start();
}

Async<HttpResponse> Service::Handle(Loop& loop, HttpRequest request) {
  const Microseconds delay = request.method == "GET" ? Microseconds(0) : dispatcher_.ResponseDelay();
  if (delay == Microseconds(0)) return api_.Handle(loop, std::move(request));
  return HandleLater(loop, std::move(request), delay);
}

Async<HttpResponse> Service::HandleLater(Loop& loop, HttpRequest request, Microseconds delay) {
  co_await SleepUntil(loop, loop.clock().Steady() + delay);
  co_return co_await api_.Handle(loop, std::move(request));
}

void Service::Drain(Task done) {
  draining_ = true;
  dispatcher_.Drain(std::move(done));
}

}  // namespace shakehook
