// SPDX-License-Identifier: MIT
#include "api/routes.h"

#include <string>

#include "api/documentation.h"
#include "page/error_page.h"

namespace ginnel::api {
namespace {

using http::Method;
using http::PathParameters;
using http::Request;
using http::Response;

void add_uploads(http::Router& router, BulkHandler& handler, const std::string& at) {
  const auto add = [&](const char* path, service::RowKind kind) {
    auto upload = [bulk = &handler, kind](const Request& request, http::BodyStream& body) {
      return bulk->upload(kind, request, body);
    };
    router.add_streaming(Method::kPost, at + path, handler.max_body_bytes(), std::move(upload));
  };
  add("/users/bulk", service::RowKind::kUser);
  add("/urls/bulk", service::RowKind::kLink);
  add("/events/bulk", service::RowKind::kEvent);
}

void add_resources(http::Router& router, Handlers& handlers, const std::string& at) {
  UserHandlers* u = &handlers.users;
  LinkHandlers* l = &handlers.links;
  StatsHandler* s = &handlers.stats;
  EventHandlers* e = &handlers.events;
  QrHandler* q = &handlers.qr;
  const auto add = [&](Method method, const char* pattern, http::Handler handler) {
    router.add(method, at + pattern, std::move(handler));
  };
  add(Method::kGet, "/users", [u](const Request& r, PathParameters) { return u->list(r); });
  add(Method::kPost, "/users", [u](const Request& r, PathParameters) { return u->create(r); });
  add(Method::kGet, "/users/{id}", [u](const Request& r, PathParameters p) {
    return u->get(r, p);
  });
  add(Method::kPut, "/users/{id}", [u](const Request& r, PathParameters p) {
    return u->change(r, p);
  });
  add(Method::kDelete, "/users/{id}", [u](const Request& r, PathParameters p) {
    return u->remove(r, p);
  });
  add(Method::kGet, "/urls", [l](const Request& r, PathParameters) { return l->list(r); });
  add(Method::kPost, "/urls", [l](const Request& r, PathParameters) { return l->create(r); });
  add(Method::kGet, "/urls/{id}", [l](const Request& r, PathParameters p) { return l->get(r, p); });
  add(Method::kPut, "/urls/{id}", [l](const Request& r, PathParameters p) {
    return l->change(r, p);
  });
  add(Method::kDelete, "/urls/{id}", [l](const Request& r, PathParameters p) {
    return l->remove(r, p);
  });
  add(Method::kGet, "/urls/{id}/stats", [s](const Request& r, PathParameters p) {
    return s->get(r, p);
  });
  add(Method::kGet, "/urls/{id}/qr", [q](const Request& r, PathParameters p) {
    return q->of_link(r, p);
  });
  add(Method::kGet, "/events", [e](const Request& r, PathParameters) { return e->list(r); });
  add(Method::kPost, "/events", [e](const Request& r, PathParameters) { return e->create(r); });
  add(Method::kGet, "/events/{id}", [e](const Request& r, PathParameters p) {
    return e->get(r, p);
  });
  add(Method::kPut, "/events/{id}", [e](const Request& r, PathParameters p) {
    return e->change(r, p);
  });
  add(Method::kGet, "/audit", [e](const Request& r, PathParameters) { return e->audit(r); });
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
  add_uploads(router, handlers.bulk, "");
  add_uploads(router, handlers.bulk, "/v1");
  add_process_routes(router, handlers.health);
  add_documentation_routes(router);
  add_pages(router, handlers.page);
  add_redirects(router, handlers);  // last: literals are preferred
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
