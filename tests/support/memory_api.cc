// SPDX-License-Identifier: MIT
#include "support/memory_api.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "api/routes.h"
#include "base/run_blocking_task.h"
#include "support/lost_clicks.h"
#include "support/sent_request.h"

namespace ginnel::support {

namespace {

service::LinkOptions link_options() {
  service::LinkOptions options;
  options.public_url = "http://localhost:8080";
  return options;
}

}  // namespace

struct MemoryApi::Parts {
  explicit Parts(const bool& is_serving) : handlers(handlers_of(is_serving)) {
    api::add_routes(router, handlers);
  }

  api::Handlers handlers_of(const bool& is_serving) {
    api::ProcessState state;
    state.ping_database = [this] { return stores.ping({}); };
    state.serving = [&is_serving] { return is_serving; };
    state.metrics = [] { return std::string(); };
    return {api::UserHandlers(users),
            api::LinkHandlers(links),
            api::StatsHandler(stats, links),
            api::EventHandlers(events),
            api::BulkHandler(bulk),
            api::RedirectHandler(redirects, proxies),
            api::QrHandler(redirects, links),
            api::HealthHandlers(std::move(state)),
            page::PageHandlers(link_options().public_url, {"localhost"}, "open")};
  }

  MemoryStores stores;
  LostClicks clicks;
  cache::TieredLinkCache cache{stores.redirects(), cache::LocalCacheOptions()};
  service::RedirectService redirect{cache, clicks.recorder};
  const service::RedirectServices redirects{&redirect};
  http::TrustedProxies proxies;
  service::UserService users{stores.users()};
  service::LinkService links{stores.links(), link_options(), 0};
  service::EventService events{stores.events()};
  service::BulkService bulk{stores, service::BulkOptions(), {}};
  service::StatsService stats{stores.links(), stores.clicks()};
  api::Handlers handlers;
  http::Router router;
};

MemoryApi::MemoryApi() : parts_(std::make_unique<Parts>(serving)) {}

MemoryApi::~MemoryApi() = default;

http::Response MemoryApi::ask(std::string_view line,
                              std::string_view body,
                              std::string_view fields) {
  const SentRequest request(line, fields, body);
  const auto match = parts_->router.match(request->method(), request->path());
  if (match.route == nullptr) {
    throw std::invalid_argument(std::string(line) + " is no route");
  }
  auto response = run_blocking_task(match.route->handler(*request, match.parameters));
  if (response.error) {
    parts_->router.show_error(*request, match.route, response);
  }
  return response;
}

const http::Router& MemoryApi::router() const noexcept {
  return parts_->router;
}

MemoryStores& MemoryApi::stores() noexcept {
  return parts_->stores;
}

}  // namespace ginnel::support
