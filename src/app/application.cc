// SPDX-License-Identifier: MIT
#include "app/application.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <malloc.h>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "app/shutdown.h"
#include "base/file_io.h"
#include "base/run_blocking_task.h"
#include "config/server_urls.h"
#include "domain/reserved_codes.h"
#include "observability/version.h"
#include "page/page_handlers.h"
#include "service/own_hosts.h"

namespace ginnel::app {
namespace {

using namespace std::chrono_literals;
using observability::MetricKind;

/// How often it is looked whether the last handler has ended.
constexpr auto kPollHandlers = 5ms;

service::BulkOptions bulk_options(const config::Settings& settings) {
  service::BulkOptions options = settings.bulk;
  if (!options.folder.empty()) {
    return options;
  }
  const auto file = storage::database_file(settings.store.url);
  options.folder =
      file ? (std::filesystem::path(*file).parent_path() / ".").string() : temporary_folder();
  return options;
}

/// As set, with the port that was bound; and where links may lead to private addresses, they lead
/// to none at which this process listens, for that would be a circle.
service::LinkOptions link_options(const config::Settings& settings, const http::Server& server) {
  service::LinkOptions options = config::with_public_url(settings.links, server.bound());
  if (options.allow_private) {
    for (const http::ListenAddress& address : settings.http.listen) {
      options.own_hosts.push_back(address.host);
    }
  }
  return options;
}

}  // namespace

/// What stands between the routes and the stores.
struct Application::Services {
  Services(Application& application, const service::LinkOptions& options, std::uint64_t taken)
      : users(application.stores_->users()),
        links(application.stores_->links(), options, taken),
        events(application.stores_->events()),
        stats(application.stores_->links(), application.stores_->clicks()),
        bulk(*application.stores_,
             bulk_options(application.settings_),
             service::target_rules(options)),
        handlers{api::UserHandlers(users),
                 api::LinkHandlers(links),
                 api::StatsHandler(stats, links),
                 api::EventHandlers(events),
                 api::BulkHandler(bulk),
                 api::RedirectHandler(application.redirects_, application.proxies_),
                 api::QrHandler(application.redirects_, links),
                 api::HealthHandlers(state_of(application)),
                 page::PageHandlers(options.public_url,
                                    service::own_hosts(options),
                                    api::to_text(application.guard_.mode()))} {}

  static api::ProcessState state_of(Application& application) {
    api::ProcessState state;
    state.ping_database = [&application] { return application.stores_->ping({}); };
    state.serving = [&application] { return !application.server_->draining(); };
    state.metrics = [&application] { return application.metrics_.render(); };
    return state;
  }

  service::UserService users;
  service::LinkService links;
  service::EventService events;
  service::StatsService stats;
  service::BulkService bulk;
  api::Handlers handlers;
};

Application::Application(const config::Settings& settings, observability::Log& log)
    : settings_(settings),
      log_(log),
      guard_(settings.guard, settings.links, settings.http),
      server_(std::make_unique<http::Server>(settings.http)) {}

Application::~Application() = default;

Result<Done> Application::open() {
  if (auto opened = open_stores(); !opened) {
    return opened;
  }
  auto links = wait_for(stores_->links().count({}));
  if (!links) {
    return std::move(links).error();
  }
  auto clicks = ClickPipeline::open(
      settings_, server_->loops().size(), *stores_, server_->loops().front()->context(), log_);
  if (!clicks) {
    return std::move(clicks).error();
  }
  clicks_ = std::move(*clicks);
  if (auto lock = FileMark::of(clicks_->lock_path())) {
    stores_->watch(std::move(*lock));
  }
  make_cores();
  auto proxies = http::TrustedProxies::parse(settings_.http.trusted_proxies,
                                             settings_.http.client_address_field);
  if (!proxies) {
    return std::move(proxies).error();
  }
  proxies_ = std::move(*proxies);
  if (auto listening = listen(); !listening) {
    return listening;
  }
  services_ = std::make_unique<Services>(*this, link_options(settings_, *server_), *links);
  api::add_routes(router_, services_->handlers);
  router_.set_guard(std::string(api::kGuardFields),
                    [this](const http::Request& request) { return guard_.admit(request); });
  make_recorder();
  broadcast_.attach(cores_);
  clicks_->start(cores_);
  add_figures();
  warn_of_shadowed_links();
  log_.info("database open", {{"links", *links}, {"version", observability::version()}});
  return Done();
}

Result<Done> Application::open_stores() {
  storage::Executors executors;
  for (const auto& loop : server_->loops()) {
    executors.emplace_back(loop->context().get_executor());
  }
  auto opened = storage::backend_of(settings_.store)
                    .open_stores(settings_.store, broadcast_, executors, &log_);
  if (!opened) {
    return std::move(opened).error();
  }
  stores_ = std::move(*opened);
  return Done();
}

/// Before the loops run.
template <class T>
T Application::wait_for(Task<T> task) {
  return run_blocking_task(server_->loops().front()->context(), std::move(task));
}

void Application::make_cores() {
  for (const auto& loop : server_->loops()) {
    cores_.push_back(std::make_unique<Core>(*loop,
                                            stores_->redirects(),
                                            settings_.cache_of_a_core(),
                                            clicks_->writer(loop->core()),
                                            settings_.clicks.address));
    redirects_.push_back(&cores_.back()->redirects);
  }
}

/// Before there is anything to serve: what short URLs begin with depends on the port.
Result<Done> Application::listen() {
  auto listening = server_->listen();
  if (listening) {
    stores_->announce(url());
  }
  return listening;
}

std::string Application::url() const {
  return config::local_url(server_->bound().front());
}

void Application::make_recorder() {
  std::vector<std::string> routes;
  for (const http::Route& route : router_.routes()) {
    routes.push_back(route.pattern);
  }
  std::vector<std::string> methods;
  for (std::size_t method = 0; method < http::kMethodCount; ++method) {
    methods.emplace_back(http::to_text(static_cast<http::Method>(method)));
  }
  const std::size_t cores = settings_.http.threads;
  http_metrics_ = std::make_unique<observability::HttpMetrics>(routes, methods, cores);
  proxy_notice_ = std::make_unique<ProxyNotice>(log_, proxies_);
  recorder_ = std::make_unique<RequestRecorder>(
      log_, *http_metrics_, *proxy_notice_, proxies_, settings_.log.redirects_one_in, cores);
}

void Application::run() {
  // A large answer or body shall go back to the system when it is done. By itself glibc raises this
  // to the largest block that was ever freed, and keeps such blocks (mallopt(3)).
  ::mallopt(M_MMAP_THRESHOLD, 32 * 1024);
  ShutdownSignals signals;  // from here on a signal drains
  server_->start(router_, *recorder_);
  say_who_is_served();
  say_who_is_counted();
  for (const std::string& address : server_->addresses()) {
    log_.info("listening", {{"address", address}, {"threads", settings_.http.threads}});
  }
  drain_on_signal(signals, *server_, settings_.http, log_);
  stores_->hurry();
  wait_for_handlers();
  clicks_->finish();
  stores_.reset();  // finishes what is queued; its answers still find their loops
  server_->stop();
  log_.info("stopped");
}

void Application::say_who_is_served() {
  using Mode = api::Guard::Mode;
  const Mode mode = guard_.mode();
  const std::string meaning = guard_.meaning();
  const observability::Field name("mode", api::to_text(mode));
  const observability::Field means("means", meaning);
  if (mode == Mode::kClosed) {
    log_.warn("access", {name, means, {"cure", api::kMakeAKey}});
  } else if (mode == Mode::kOpen) {
    log_.warn("access", {name, means});
  } else {
    log_.info("access", {name, means});
  }
}

void Application::say_who_is_counted() {
  if (api::hides_visitors(settings_.links, settings_.http)) {
    proxy_notice_->tell("127.0.0.1", "links.public_url");
  }
}

/// Every wait of a handler has a deadline, what takes many of them was told to hurry, and an upload
/// ends with its connection: so this ends.
void Application::wait_for_handlers() {
  while (server_->in_flight() > 0) {
    std::this_thread::sleep_for(kPollHandlers);
  }
}

void Application::warn_of_shadowed_links() {
  std::vector<std::string> words;
  for (const std::string_view word : domain::reserved_codes()) {
    words.emplace_back(word);
  }
  const auto shadowed = wait_for(stores_->links().find_by_codes(std::move(words), {}));
  if (!shadowed) {
    return;
  }
  for (const domain::Link& link : *shadowed) {
    log_.warn("link is shadowed by a route", {{"code", link.code}, {"id", link.id.value}});
  }
}

void Application::add_figures() {
  const auto add = [this](MetricKind kind, const char* name, const char* help, auto read) {
    metrics_.add({name, help, kind, {}, [read] { return static_cast<double>(read()); }});
  };
  constexpr auto kGauge = MetricKind::kGauge;
  constexpr auto kCounter = MetricKind::kCounter;
  http::Server* server = server_.get();
  service::LinkService* links = &services_->links;
  service::BulkService* bulk = &services_->bulk;
  observability::Log* log = &log_;
  metrics_.add(*http_metrics_);
  clicks_->add_figures(metrics_);
  add(kGauge, "ginnel_http_connections", "Open connections.", [=] {
    return server->connections();
  });
  add(kGauge, "ginnel_http_requests_in_flight", "Requests whose handler waits.", [=] {
    return server->in_flight();
  });
  add(kCounter,
      "ginnel_http_connections_refused_total",
      "Connections over http.max_connections that found no waiting one to take the place of.",
      [=] { return server->refused(); });
  add(kCounter,
      "ginnel_http_connections_evicted_total",
      "Connections that waited for a request, closed to make room for others.",
      [=] { return server->evicted(); });
  add(kGauge, "ginnel_http_memory_bytes", "Memory that connections hold.", [=] {
    return server->memory().used();
  });
  add(kGauge, "ginnel_http_memory_limit_bytes", "What they may hold: http.max_memory_bytes.", [=] {
    return server->memory().limit();
  });
  add(kCounter,
      "ginnel_http_memory_refused_total",
      "Requests answered 503 since connections held all they may.",
      [=] { return server->memory().refused(); });
  add(kCounter,
      "ginnel_http_memory_closed_total",
      "Connections closed since their unsent answers held most.",
      [=] { return server->memory().closed(); });
  add(kGauge, "ginnel_bulk_uploads", "Uploads of files under way: 0 or 1.", [=] {
    return bulk->uploads();
  });
  add(kCounter, "ginnel_bulk_rows_inserted_total", "Rows inserted from uploaded files.", [=] {
    return bulk->inserted();
  });
  add(kCounter, "ginnel_code_collisions_total", "Random codes that were taken and made anew.", [=] {
    return links->collisions();
  });
  add(kCounter,
      "ginnel_log_lines_dropped_total",
      "Log lines dropped because the queue was full.",
      [=] { return log->dropped(); });
  for (observability::Figure& figure : stores_->figures()) {
    metrics_.add(std::move(figure));
  }
  add_cache_figures();
  add_guard_figures();
}

void Application::add_guard_figures() {
  for (std::size_t place = 0; place < api::kRefusalReasons.size(); ++place) {
    const auto reason = static_cast<api::RefusalReason>(place);
    metrics_.add({"ginnel_api_refused_total",
                  "Requests refused because of who sent them, by reason.",
                  MetricKind::kCounter,
                  {{"reason", std::string(api::kRefusalReasons[place])}},
                  [this, reason] { return static_cast<double>(guard_.refused(reason)); }});
  }
}

void Application::add_cache_figures() {
  using Figures = cache::LocalCacheFigures;
  const auto add =
      [this](MetricKind kind, const char* name, const char* help, std::uint64_t Figures::*member) {
        metrics_.add({name, help, kind, {}, [this, member] {
                        std::uint64_t sum = 0;
                        for (const auto& core : cores_) {
                          sum += core->cache.local().figures().*member;
                        }
                        return static_cast<double>(sum);
                      }});
      };
  add(MetricKind::kCounter,
      "ginnel_cache_hits_total",
      "Redirects answered from memory.",
      &Figures::hits);
  add(MetricKind::kCounter,
      "ginnel_cache_misses_total",
      "Redirects memory could not answer.",
      &Figures::misses);
  add(MetricKind::kCounter,
      "ginnel_cache_evictions_total",
      "Links that left memory for want of room.",
      &Figures::evictions);
  add(MetricKind::kGauge,
      "ginnel_cache_entries",
      "Links in memory, of all cores together.",
      &Figures::entries);
  add(MetricKind::kGauge, "ginnel_cache_bytes", "Memory of the cached links.", &Figures::bytes);
}

}  // namespace ginnel::app
