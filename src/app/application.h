// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/guard.h"
#include "api/routes.h"
#include "app/click_pipeline.h"
#include "app/core.h"
#include "app/link_change_broadcast.h"
#include "app/proxy_notice.h"
#include "app/request_recorder.h"
#include "base/result.h"
#include "config/settings.h"
#include "http/router.h"
#include "http/server.h"
#include "observability/http_metrics.h"
#include "observability/log.h"
#include "observability/metrics.h"
#include "service/event_service.h"
#include "service/import_service.h"
#include "service/link_service.h"
#include "service/redirect_service.h"
#include "service/stats_service.h"
#include "service/user_service.h"
#include "storage/backend.h"

namespace ginnel::app {

/// The serving process: everything that `ginnel serve` is made of, lowest layer first.
///
/// Life: `open`, `run`, destruction. The loops are made before the stores, whose calls they await:
/// until they run, the start itself runs the first of them. They outlive the stores' last answer,
/// and the stores outlive the last handler; `run` returns only when both hold.
class Application final {
 public:
  /// `settings` and `log` must outlive it.
  Application(const config::Settings& settings, observability::Log& log);
  ~Application();

  /// Opens the database and listens. Fails as Backend::open_stores and Server::listen do.
  Result<Done> open();

  /// Where a caller on this machine finds it, once it is open.
  std::string url() const;

  /// Serves until a signal of ShutdownSignals, then drains: answers what is in flight for
  /// `shutdown.grace_ms`, ends the rest. A second signal ends the grace.
  void run();

 private:
  struct Services;

  Result<Done> open_stores();
  Result<Done> listen();
  template <class T>
  T wait_for(Task<T> task);
  void make_cores();
  void make_recorder();
  void add_figures();
  void add_cache_figures();
  void add_guard_figures();
  void say_who_is_served();
  void say_who_is_counted();
  void warn_of_shadowed_links();
  void wait_for_handlers();

  const config::Settings& settings_;
  observability::Log& log_;
  observability::Metrics metrics_;
  LinkChangeBroadcast broadcast_;
  http::TrustedProxies proxies_;
  api::Guard guard_;
  http::Router router_;
  std::unique_ptr<observability::HttpMetrics> http_metrics_;
  std::unique_ptr<ProxyNotice> proxy_notice_;
  std::unique_ptr<RequestRecorder> recorder_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<storage::Stores> stores_;
  std::unique_ptr<ClickPipeline> clicks_;
  Cores cores_;
  service::RedirectServices redirects_;
  std::unique_ptr<Services> services_;
};

}  // namespace ginnel::app
