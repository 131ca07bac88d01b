// SPDX-License-Identifier: MIT
#include "page/page_handlers.h"

#include "http/accept.h"
#include "http/entity_tag.h"
#include "page/files.h"
#include "page/html.h"

namespace ginnel::page {
namespace {

std::string made_first_page(std::string_view public_url) {
  return filled(contents_of("first_page.html"),
                {{"style", asset_path("page.css")},
                 {"script", asset_path("first_page.js")},
                 {"icon", asset_path("favicon.svg")},
                 {"public_url", public_url}});
}

}  // namespace

PageHandlers::PageHandlers(std::string_view public_url)
    : first_page_(made_first_page(public_url)), tag_(http::entity_tag_of(first_page_)) {}

Task<http::Response> PageHandlers::index(const http::Request& request) const {
  http::Response response;
  if (http::prefers_html(request)) {
    response.content_type = http::kHtml;
    response.body = first_page_;
    response.add("Cache-Control", kAskedAgain);
    add_restrictions(response);
    http::answer_with_tag(request, tag_, response);
  } else {
    response = http::json(
        R"({"events":"/events","health":"/health/serving","links":"/urls","metrics":"/metrics",)"
        R"("name":"ginnel","users":"/users"})");
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
