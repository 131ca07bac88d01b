// SPDX-License-Identifier: MIT
#include "api/routes.h"

#include <string>
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

  void add_import(const char* pattern, ImportHandler& handler, change::RowKind kind) {
    auto import = [imports = &handler, kind](const Request& request, http::BodyStream& body) {
      auto ignored = ignored_names({}, request);
      auto answer = imports->import(kind, request, body);
      return ignored.empty() ? std::move(answer) : told(std::move(ignored), std::move(answer));
    };
    router_.add_streaming(
        Method::kPost, at_ + pattern, handler.max_body_bytes(), std::move(import));
  }

 private:
  http::Router& router_;
  std::string at_;
};

void add_users(GuardedRoutes& routes, UserHandlers* u) {
  const KnownNames list = {{"cursor", "page", "per_page", "username"}, {}};
  const KnownNames row = {{}, {"email", "metadata", "username"}};
  routes.add(
      Method::kGet, "/users", list, [u](const Request& r, PathParameters) { return u->list(r); });
  routes.add(
      Method::kPost, "/users", row, [u](const Request& r, PathParameters) { return u->create(r); });
  routes.add(
      Method::kGet, "/users/{id}", {{"include"}, {}}, [u](const Request& r, PathParameters p) {
        return u->get(r, p);
      });
  routes.add(Method::kPut, "/users/{id}", row, [u](const Request& r, PathParameters p) {
    return u->change(r, p);
  });
  routes.add(Method::kDelete, "/users/{id}", {}, [u](const Request& r, PathParameters p) {
    return u->remove(r, p);
  });
}

void add_links(GuardedRoutes& routes, LinkHandlers* l) {
  const KnownNames list = {
      {"cursor", "is_active", "order", "page_num", "per_page", "short_code", "user_id"}, {}};
  const KnownNames draft = {{}, {"code", "original_url", "title", "user_id"}};
  const KnownNames change = {{}, {"is_active", "original_url", "title"}};
  routes.add(
      Method::kGet, "/urls", list, [l](const Request& r, PathParameters) { return l->list(r); });
  routes.add(Method::kPost, "/urls", draft, [l](const Request& r, PathParameters) {
    return l->create(r);
  });
  routes.add(Method::kGet, "/urls/{id}", {}, [l](const Request& r, PathParameters p) {
    return l->get(r, p);
  });
  routes.add(Method::kPut, "/urls/{id}", change, [l](const Request& r, PathParameters p) {
    return l->change(r, p);
  });
  routes.add(Method::kDelete, "/urls/{id}", {}, [l](const Request& r, PathParameters p) {
    return l->remove(r, p);
  });
}

/// What hangs below a link, whether `link` is `/urls/{id}` or `/urls/{code}`.
void add_below_link(GuardedRoutes& routes, Handlers& handlers, const std::string& link) {
  StatsHandler* s = &handlers.stats;
  QrHandler* q = &handlers.qr;
  const KnownNames stats = {{"from", "period", "time_zone", "to", "values"}, {}};
  const KnownNames picture = {{"background", "color", "format", "level", "margin", "size"}, {}};
  routes.add(Method::kGet, link + "/stats", stats, [s](const Request& r, PathParameters p) {
    return s->get(r, p);
  });
  routes.add(Method::kGet, link + "/qr", picture, [q](const Request& r, PathParameters p) {
    return q->of_link(r, p);
  });
}

void add_events(GuardedRoutes& routes, EventHandlers* e) {
  const KnownNames list = {{"cursor", "event_type", "per_page", "url_id", "user_id"}, {}};
  const KnownNames row = {{}, {"details", "event_type", "url_id", "user_id"}};
  const KnownNames audit = {{"cursor", "per_page"}, {}};
  routes.add(
      Method::kGet, "/events", list, [e](const Request& r, PathParameters) { return e->list(r); });
  routes.add(Method::kPost, "/events", row, [e](const Request& r, PathParameters) {
    return e->create(r);
  });
  routes.add(Method::kGet, "/events/{id}", {}, [e](const Request& r, PathParameters p) {
    return e->get(r, p);
  });
  routes.add(Method::kPut, "/events/{id}", row, [e](const Request& r, PathParameters p) {
    return e->change(r, p);
  });
  routes.add(
      Method::kGet, "/audit", audit, [e](const Request& r, PathParameters) { return e->audit(r); });
}

void add_resources(http::Router& router, Handlers& handlers, const std::string& at) {
  GuardedRoutes routes(router, at);
  add_users(routes, &handlers.users);
  add_links(routes, &handlers.links);
  add_below_link(routes, handlers, "/urls/{id}");
  add_events(routes, &handlers.events);
  routes.add_import("/users/bulk", handlers.imports, change::RowKind::kUser);
  routes.add_import("/urls/bulk", handlers.imports, change::RowKind::kLink);
  routes.add_import("/events/bulk", handlers.imports, change::RowKind::kEvent);
}

/// Links by their codes, to be read: digits alone are an id, so this comes behind all routes by id,
/// and behind the redirects, which it costs nothing so.
void add_links_by_code(http::Router& router, Handlers& handlers, const std::string& at) {
  GuardedRoutes routes(router, at);
  LinkHandlers* l = &handlers.links;
  routes.add(Method::kGet, "/urls/{code}", {}, [l](const Request& r, PathParameters p) {
    return l->get(r, p);
  });
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
  const auto follow = [redirects](const Request& r, PathParameters p) {
    return redirects->get(r, p);
  };
  const auto follow_or_draw = [redirects, qr](const Request& r, PathParameters p) {
    return QrHandler::is_picture(p[0]) ? qr->of_code(r, p) : redirects->get_typed(r, p);
  };
  router.add_public(Method::kGet, "/urls/{code}/redirect", follow, from_memory);
  router.add_public(Method::kGet, "/v1/urls/{code}/redirect", follow, from_memory);
  router.add_public(Method::kGet, "/{code}", follow_or_draw, from_memory);
  router.pace("/{code}", [](const PathParameters& p) { return QrHandler::is_picture(p[0]); });
  router.set_fallback("/{code}", &RedirectHandler::holds_code);
}

void add_process_routes(http::Router& router, HealthHandlers& handlers) {
  HealthHandlers* h = &handlers;
  router.add_public(
      Method::kGet, "/health", [h](const Request&, PathParameters) { return h->alive(); });
  router.add_public(
      Method::kGet, "/health/ready", [h](const Request&, PathParameters) { return h->ready(); });
  router.add_public(Method::kGet, "/health/serving", [h](const Request&, PathParameters) {
    return h->serving();
  });
  router.add_public(
      Method::kGet, "/metrics", [h](const Request&, PathParameters) { return h->metrics(); });
}

void add_pages(http::Router& router, page::PageHandlers& handlers) {
  page::PageHandlers* h = &handlers;
  router.add_public(
      Method::kGet, "/", [h](const Request& r, PathParameters) { return h->index(r); });
  router.add_public(Method::kGet, "/assets/{name}", [h](const Request& r, PathParameters p) {
    return h->asset(r, p);
  });
  router.add_public(Method::kGet, "/favicon.ico", [h](const Request& r, PathParameters) {
    return h->favicon(r);
  });
  router.add_public(
      Method::kGet, "/robots.txt", [h](const Request& r, PathParameters) { return h->robots(r); });
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
