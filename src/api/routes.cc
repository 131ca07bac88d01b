// SPDX-License-Identifier: MIT
#include "api/routes.h"

#include <string>
#include <type_traits>
#include <utility>

#include "api/documentation.h"
#include "api/ignored_names.h"
#include "page/error_page.h"

namespace ginnel::api {
namespace {

using http::Method;
using http::PathParameters;
using http::Request;
using http::Response;

/// What calls `method` of `object` with as much of a request as it takes: the request, the path's
/// parameters behind it, or nothing.
template <class Object, class Method>
http::Handler calls(Object& object, Method method) {
  return [&object, method](const Request& request, [[maybe_unused]] PathParameters path) {
    if constexpr (std::is_invocable_v<Method, Object&, const Request&, PathParameters>) {
      return (object.*method)(request, path);
    } else if constexpr (std::is_invocable_v<Method, Object&, const Request&>) {
      return (object.*method)(request);
    } else {
      return (object.*method)();
    }
  };
}

/// Adds guarded routes below a prefix; what they ignore of a request, their answers tell.
class GuardedRoutes final {
 public:
  GuardedRoutes(http::Router& router, std::string at) : router_(router), at_(std::move(at)) {}

  void add(Method method, const std::string& pattern, KnownNames known, http::Handler handler) {
    auto telling = [known = std::move(known), handler = std::move(handler)](const Request& request,
                                                                            PathParameters path) {
      auto ignored = ignored_names(known, request);
      auto answer = handler(request, path);
      return ignored.empty() ? std::move(answer) : told(std::move(ignored), std::move(answer));
    };
    router_.add(method, at_ + pattern, std::move(telling));
  }

  void add_upload(const char* pattern, BulkHandler& handler, change::RowKind kind) {
    auto upload = [bulk = &handler, kind](const Request& request, http::BodyStream& body) {
      auto ignored = ignored_names({}, request);
      auto answer = bulk->upload(kind, request, body);
      return ignored.empty() ? std::move(answer) : told(std::move(ignored), std::move(answer));
    };
    router_.add_streaming(
        Method::kPost, at_ + pattern, handler.max_body_bytes(), std::move(upload));
  }

 private:
  http::Router& router_;
  std::string at_;
};

void add_users(GuardedRoutes& routes, UserHandlers& users) {
  using Users = UserHandlers;
  const KnownNames list = {{"cursor", "page", "per_page", "username"}, {}};
  const KnownNames row = {{}, {"email", "metadata", "username"}};
  routes.add(Method::kGet, "/users", list, calls(users, &Users::list));
  routes.add(Method::kPost, "/users", row, calls(users, &Users::create));
  routes.add(Method::kGet, "/users/{id}", {{"include"}, {}}, calls(users, &Users::get));
  routes.add(Method::kPut, "/users/{id}", row, calls(users, &Users::change));
  routes.add(Method::kDelete, "/users/{id}", {}, calls(users, &Users::remove));
}

void add_links(GuardedRoutes& routes, LinkHandlers& links) {
  using Links = LinkHandlers;
  const KnownNames list = {
      {"cursor", "is_active", "order", "page_num", "per_page", "short_code", "user_id"}, {}};
  const KnownNames draft = {{}, {"code", "original_url", "title", "user_id"}};
  const KnownNames change = {{}, {"is_active", "original_url", "title"}};
  routes.add(Method::kGet, "/urls", list, calls(links, &Links::list));
  routes.add(Method::kPost, "/urls", draft, calls(links, &Links::create));
  routes.add(Method::kGet, "/urls/{id}", {}, calls(links, &Links::get));
  routes.add(Method::kPut, "/urls/{id}", change, calls(links, &Links::change));
  routes.add(Method::kDelete, "/urls/{id}", {}, calls(links, &Links::remove));
}

/// What hangs below a link, whether `link` is `/urls/{id}` or `/urls/{code}`.
void add_below_link(GuardedRoutes& routes, Handlers& handlers, const std::string& link) {
  const KnownNames stats = {{"from", "period", "time_zone", "to", "values"}, {}};
  const KnownNames picture = {{"background", "color", "format", "level", "margin", "size"}, {}};
  routes.add(Method::kGet, link + "/stats", stats, calls(handlers.stats, &StatsHandler::get));
  routes.add(Method::kGet, link + "/qr", picture, calls(handlers.qr, &QrHandler::of_link));
}

void add_events(GuardedRoutes& routes, EventHandlers& events) {
  using Events = EventHandlers;
  const KnownNames list = {{"cursor", "event_type", "per_page", "url_id", "user_id"}, {}};
  const KnownNames row = {{}, {"details", "event_type", "url_id", "user_id"}};
  const KnownNames audit = {{"cursor", "per_page"}, {}};
  routes.add(Method::kGet, "/events", list, calls(events, &Events::list));
  routes.add(Method::kPost, "/events", row, calls(events, &Events::create));
  routes.add(Method::kGet, "/events/{id}", {}, calls(events, &Events::get));
  routes.add(Method::kPut, "/events/{id}", row, calls(events, &Events::change));
  routes.add(Method::kGet, "/audit", audit, calls(events, &Events::audit));
}

void add_resources(http::Router& router, Handlers& handlers, const std::string& at) {
  GuardedRoutes routes(router, at);
  add_users(routes, handlers.users);
  add_links(routes, handlers.links);
  add_below_link(routes, handlers, "/urls/{id}");
  add_events(routes, handlers.events);
  routes.add_upload("/users/bulk", handlers.bulk, change::RowKind::kUser);
  routes.add_upload("/urls/bulk", handlers.bulk, change::RowKind::kLink);
  routes.add_upload("/events/bulk", handlers.bulk, change::RowKind::kEvent);
}

/// Links by their codes, to be read: digits alone are an id, so this comes behind all routes by id,
/// and behind the redirects, which it costs nothing so.
void add_links_by_code(http::Router& router, Handlers& handlers, const std::string& at) {
  GuardedRoutes routes(router, at);
  routes.add(Method::kGet, "/urls/{code}", {}, calls(handlers.links, &LinkHandlers::get));
  add_below_link(routes, handlers, "/urls/{code}");
}

/// Pictures are told from codes behind the answers from memory: they cost a redirect nothing.
void add_redirects(http::Router& router, Handlers& handlers) {
  RedirectHandler* redirects = &handlers.redirects;
  QrHandler* qr = &handlers.qr;
  const auto from_memory = [redirects](
                               const Request& r, const PathParameters& p, Response& response) {
    return redirects->answer_hot(r, p, response);
  };
  const http::Handler follow = calls(*redirects, &RedirectHandler::get);
  const auto follow_or_draw = [redirects, qr](const Request& r, PathParameters p) {
    return QrHandler::is_picture(p[0]) ? qr->of_code(r, p) : redirects->get_typed(r, p);
  };
  router.add_public(Method::kGet, "/urls/{code}/redirect", follow, from_memory);
  router.add_public(Method::kGet, "/v1/urls/{code}/redirect", follow, from_memory);
  router.add_public(Method::kGet, "/{code}", follow_or_draw, from_memory);
  router.pace("/{code}", [](const PathParameters& p) { return QrHandler::is_picture(p[0]); });
  router.set_fallback("/{code}", &RedirectHandler::holds_code);
}

void add_process_routes(http::Router& router, HealthHandlers& health) {
  using Health = HealthHandlers;
  router.add_public(Method::kGet, "/health", calls(health, &Health::alive));
  router.add_public(Method::kGet, "/health/ready", calls(health, &Health::ready));
  router.add_public(Method::kGet, "/health/serving", calls(health, &Health::serving));
  router.add_public(Method::kGet, "/metrics", calls(health, &Health::metrics));
}

void add_pages(http::Router& router, page::PageHandlers& pages) {
  using Pages = page::PageHandlers;
  router.add_public(Method::kGet, "/", calls(pages, &Pages::index));
  router.add_public(Method::kGet, "/assets/{name}", calls(pages, &Pages::asset));
  router.add_public(Method::kGet, "/favicon.ico", calls(pages, &Pages::favicon));
  router.add_public(Method::kGet, "/robots.txt", calls(pages, &Pages::robots));
}

}  // namespace

void add_routes(http::Router& router, Handlers& handlers) {
  add_resources(router, handlers, "");
  add_resources(router, handlers, "/v1");
  add_process_routes(router, handlers.health);
  add_documentation_routes(router);
  add_pages(router, handlers.page);
  add_redirects(router, handlers);  // behind the others: literals are preferred
  add_links_by_code(router, handlers, "");
  add_links_by_code(router, handlers, "/v1");
  router.set_error_page(&page::show_to_people);
  for (const char* page :
       {"/", "/assets/{name}", "/docs", "/docs/", "/docs/{code}", "/openapi.json"}) {
    router.pace(page);
  }
  for (const char* list : {"/users", "/urls", "/events", "/audit"}) {
    router.expect_large(list);
    router.expect_large("/v1" + std::string(list));
  }
}

}  // namespace ginnel::api
