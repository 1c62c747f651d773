#include "service/service.h"

#include <utility>

namespace shakehook {

Service::Service(Injected injected, Options options)
    : records_(injected.store, injected.clock, injected.random),
      dispatcher_(injected.store, std::move(injected.lanes), OptionsOfDelivery(injected, options), injected.metrics),
      public_url_(options.api.public_url.value_or("")),
      api_(injected.store, records_, injected.policy, injected.clock, injected.metrics,
           OptionsOfApi(injected, options)),
      jobs_(
          injected.store, records_, injected.jobs, injected.metrics,
          {.keep = options.retention, .notices = injected.notices, .mail = injected.mail, .public_url = public_url_}) {
  injected.store.AddListener(dispatcher_);
  injected.store.AddListener(api_.listener());
}

Dispatcher::Options Service::OptionsOfDelivery(const Injected& injected, const Options& options) {
  Dispatcher::Options of_delivery = options.delivery;
  of_delivery.tracer = injected.tracer;
  return of_delivery;
}

Api::Options Service::OptionsOfApi(const Injected& injected, const Options& options) {
  Api::Options of_api = options.api;
  if (injected.mail != nullptr) {
    of_api.mail = MailSender{
        .loop = &injected.jobs, .from = injected.mail->from(), .send = [mail = injected.mail](MailMessage message) {
          return mail->Send(std::move(message));
        }};
  }
  of_api.tracer = injected.tracer;
  of_api.draining = [this] { return draining_.load(); };
  of_api.change_delay = [this](const Scope& scope) { return dispatcher_.ResponseDelay(scope); };
  of_api.retry_waits = {.standard = options.delivery.schedule.Waits(),
                        .extended = options.delivery.schedule.Extended().Waits()};
  if (options.watch) {
    watch_.emplace(injected.store, injected.jobs, injected.metrics, *options.watch);
    of_api.collected.push_back(&*watch_);
  }
  return of_api;
}

void Service::Start() {
  dispatcher_.Start();
  if (watch_) watch_->Start();
  jobs_.Start();
}

Async<HttpResponse> Service::Handle(Loop& loop, HttpRequest request) { return api_.Handle(loop, std::move(request)); }

std::unique_ptr<HttpServer> Service::MakeListener(HttpServer::Options options, std::vector<Loop*> loops) {
  options.body_bytes_max = Api::BodyBytesMax;
  options.admit = [this](Loop& loop, const HttpRequest& request) { return api_.Admit(loop, request); };
  options.refuse = Api::Refuse;
  return std::make_unique<HttpServer>(std::move(options), std::move(loops), [this](Loop& loop, HttpRequest request) {
    return Handle(loop, std::move(request));
  });
}

void Service::Drain(Task done) {
  draining_ = true;
  dispatcher_.Drain(std::move(done));
}

}  // namespace shakehook
