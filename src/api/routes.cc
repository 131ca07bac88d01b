// SPDX-License-Identifier: MIT
#include "api/routes.h"

#include <string>

namespace ginnel::api {
namespace {

using http::Method;
using http::PathParameters;
using http::Request;
using http::Response;

void add_resources(http::Router& router, Handlers& handlers, const std::string& at) {
  auto& [users, links, stats, events, redirects, health] = handlers;
  UserHandlers* u = &users;
  LinkHandlers* l = &links;
  StatsHandler* s = &stats;
  EventHandlers* e = &events;
  const auto add = [&](Method method, const char* pattern, http::Handler handler) {
    router.add(method, at + pattern, std::move(handler));
  };
  add(Method::kGet, "/users", [u](const Request& r, PathParameters) { return u->list(r); });
  add(Method::kPost, "/users", [u](const Request& r, PathParameters) { return u->create(r); });
  add(Method::kGet, "/users/{id}", [u](const Request&, PathParameters p) { return u->get(p); });
  add(Method::kPut, "/users/{id}", [u](const Request& r, PathParameters p) {
    return u->change(r, p);
  });
  add(Method::kDelete, "/users/{id}", [u](const Request& r, PathParameters p) {
    return u->remove(r, p);
  });
  add(Method::kGet, "/urls", [l](const Request& r, PathParameters) { return l->list(r); });
  add(Method::kPost, "/urls", [l](const Request& r, PathParameters) { return l->create(r); });
  add(Method::kGet, "/urls/{id}", [l](const Request&, PathParameters p) { return l->get(p); });
  add(Method::kPut, "/urls/{id}", [l](const Request& r, PathParameters p) {
    return l->change(r, p);
  });
  add(Method::kDelete, "/urls/{id}", [l](const Request& r, PathParameters p) {
    return l->remove(r, p);
  });
  add(Method::kGet, "/urls/{id}/stats", [s](const Request& r, PathParameters p) {
    return s->get(r, p);
  });
  add(Method::kGet, "/events", [e](const Request& r, PathParameters) { return e->list(r); });
  add(Method::kPost, "/events", [e](const Request& r, PathParameters) { return e->create(r); });
  add(Method::kGet, "/events/{id}", [e](const Request&, PathParameters p) { return e->get(p); });
  add(Method::kPut, "/events/{id}", [e](const Request& r, PathParameters p) {
    return e->change(r, p);
  });
  add(Method::kGet, "/audit", [e](const Request& r, PathParameters) { return e->audit(r); });
}

void add_redirect(http::Router& router, RedirectHandler& handler, const std::string& pattern) {
  RedirectHandler* redirects = &handler;
  router.add(
      Method::kGet,
      pattern,
      [redirects](const Request& r, PathParameters p) { return redirects->get(r, p); },
      [redirects](const Request& r, const PathParameters& p, Response& response) {
        return redirects->answer_hot(r, p, response);
      });
}

void add_process_routes(http::Router& router, HealthHandlers& handlers) {
  HealthHandlers* h = &handlers;
  router.add(Method::kGet, "/", [h](const Request&, PathParameters) { return h->index(); });
  router.add(Method::kGet, "/health", [h](const Request&, PathParameters) { return h->alive(); });
  router.add(
      Method::kGet, "/health/ready", [h](const Request&, PathParameters) { return h->ready(); });
  router.add(Method::kGet, "/health/serving", [h](const Request&, PathParameters) {
    return h->serving();
  });
  router.add(
      Method::kGet, "/metrics", [h](const Request&, PathParameters) { return h->metrics(); });
}

}  // namespace

void add_routes(http::Router& router, Handlers& handlers) {
  add_resources(router, handlers, "");
  add_resources(router, handlers, "/v1");
  add_redirect(router, handlers.redirects, "/urls/{code}/redirect");
  add_redirect(router, handlers.redirects, "/v1/urls/{code}/redirect");
  add_process_routes(router, handlers.health);
  add_redirect(router, handlers.redirects, "/{code}");  // last: literals are preferred
}

}  // namespace ginnel::api
