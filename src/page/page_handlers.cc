// SPDX-License-Identifier: MIT
#include "page/page_handlers.h"

#include "base/json_text.h"
#include "base/text.h"
#include "http/accept.h"
#include "http/entity_tag.h"
#include "page/files.h"
#include "page/html.h"

namespace ginnel::page {
namespace {

std::string made_first_page(std::string_view public_url,
                            const std::vector<std::string>& hosts,
                            std::string_view access) {
  const std::string names = joined(hosts, " ");
  return filled(contents_of("first_page.html"),
                {{"style", asset_path("page.css")},
                 {"script", asset_path("first_page.js")},
                 {"icon", asset_path("favicon.svg")},
                 {"public_url", public_url},
                 {"hosts", names},
                 {"access", access}});
}

std::string made_object(std::string_view public_url, const std::vector<std::string>& hosts) {
  std::string names;
  for (const std::string& host : hosts) {
    names += names.empty() ? "[" : ",";
    append_json_string(names, host);
  }
  std::string text;
  JsonObject object(text);
  object.add("events", "/events")
      .add("health", "/health/serving")
      .add_raw("hosts", names.empty() ? "[]" : names + "]")
      .add("links", "/urls")
      .add("metrics", "/metrics")
      .add("name", "ginnel")
      .add("public_url", public_url)
      .add("users", "/users");
  object.end();
  return text;
}

/// Whether a program asks: it names JSON and wants it at least as much as a page. `*/*` and
/// `application/*` name nothing.
bool wants_object(const http::Request& request) {
  const auto accept = request.list_field("Accept");
  return accept && http::asks_for(*accept, http::kJson, "text/html");
}

}  // namespace

PageHandlers::PageHandlers(std::string_view public_url,
                           const std::vector<std::string>& hosts,
                           std::string_view access)
    : first_page_(made_first_page(public_url, hosts, access)),
      tag_(http::entity_tag_of(first_page_)),
      object_(made_object(public_url, hosts)) {}

Task<http::Response> PageHandlers::index(const http::Request& request) const {
  http::Response response;
  if (wants_object(request)) {
    response = http::json(object_);
  } else {
    response.content_type = http::kHtml;
    response.body = first_page_;
    add_restrictions(response);
    http::answer_with_tag(request, tag_, response);
  }
  response.add("Vary", "Accept");
  co_return response;
}

Task<http::Response> PageHandlers::asset(const http::Request& request,
                                         http::PathParameters path) const {
  co_return page::asset(request, path[0]);
}

Task<http::Response> PageHandlers::favicon(const http::Request& request) const {
  co_return root_file(request, "favicon.ico");
}

Task<http::Response> PageHandlers::robots(const http::Request& request) const {
  co_return root_file(request, "robots.txt");
}

}  // namespace ginnel::page
