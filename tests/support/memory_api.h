// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/routes.h"
#include "support/memory_stores.h"
#include "support/run_task.h"
#include "support/sent_request.h"

namespace ginnel::support {

/// The whole interface over stores in memory: routes, handlers and services as they are, without a
/// socket, for one core. Clicks are not recorded, so no link may be followed with GET.
class MemoryApi final {
 public:
  MemoryApi() {
    caches_.push_back(
        std::make_unique<cache::TieredLinkCache>(stores_.links(), cache::LocalCacheOptions()));
    api::add_routes(router_, handlers_);
  }

  /// Answers `line`, a method and a target (`POST /users`), with this JSON body where one is given.
  http::Response ask(std::string_view line,
                     std::string_view body = {},
                     std::string_view fields = "Content-Type: application/json\r\n") {
    const SentRequest request(line, fields, body);
    const auto match = router_.match(request->method(), request->path());
    if (match.route == nullptr) {
      throw std::invalid_argument(std::string(line) + " is no route");
    }
    return run_task(match.route->handler(*request, match.parameters));
  }

  const http::Router& router() const noexcept { return router_; }
  MemoryStores& stores() noexcept { return stores_; }

  /// What the health routes say of the process.
  bool serving = true;

 private:
  api::ProcessState state() {
    api::ProcessState state;
    state.ping_database = [this] { return stores_.ping(); };
    state.serving = [this] { return serving; };
    state.metrics = [] { return std::string(); };
    return state;
  }

  MemoryStores stores_;
  std::vector<std::unique_ptr<cache::TieredLinkCache>> caches_;
  std::vector<std::unique_ptr<clicks::ClickRecorder>> recorders_;
  http::TrustedProxies proxies_;
  service::UserService users_{stores_.users()};
  service::LinkService links_{stores_.links(), service::LinkOptions(), 0};
  service::EventService events_{stores_.events()};
  service::BulkService bulk_{stores_, service::BulkOptions(), {}};
  service::StatsService stats_{stores_.links(), stores_.clicks()};
  service::RedirectService redirects_{caches_, recorders_};
  api::Handlers handlers_{api::UserHandlers(users_),
                          api::LinkHandlers(links_),
                          api::StatsHandler(stats_),
                          api::EventHandlers(events_),
                          api::BulkHandler(bulk_),
                          api::RedirectHandler(redirects_, proxies_),
                          api::QrHandler(redirects_, links_),
                          api::HealthHandlers(state()),
                          page::PageHandlers(service::LinkOptions().public_url)};
  http::Router router_;
};

}  // namespace ginnel::support
