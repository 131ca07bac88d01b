// SPDX-License-Identifier: MIT
#include "api/documentation.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "http/problem.h"
#include "kDocumentationPages.h"
#include "kOpenApiDocument.h"
#include "page/files.h"

namespace ginnel::api {
namespace {

/// page::kPolicy, but that Swagger UI draws its icons as `data:` images.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const base::EmbeddedFile* find_page(std::string_view name) noexcept {
  const auto* const found =
      std::ranges::find(embedded::kDocumentationPages, name, &base::EmbeddedFile::name);
  return found == std::end(embedded::kDocumentationPages) ? nullptr : found;
}

Task<http::Response> answer_document(const http::Request&, http::PathParameters) {
  http::Response response;
  response.body = openapi_document();
  co_return response;
}

Task<http::Response> answer_docs(const http::Request& request, http::PathParameters) {
  const bool interactive = find_page("swagger-ui-bundle.js") != nullptr;
  const base::EmbeddedFile& file = *find_page(interactive ? "docs.html" : "docs-plain.html");
  co_return page::served(request, file, http::Keeping::kAskAgain, kPolicy);
}

/// The files of the page; any other name is no route of ours.
Task<http::Response> answer_docs_file(const http::Request& request, http::PathParameters path) {
  const base::EmbeddedFile* file = find_page(path[0]);
  if (file == nullptr || file->name.ends_with(".html")) {
    co_return http::problem(404, "Not found");
  }
  co_return page::served(request, *file, http::Keeping::kAskAgain, kPolicy);
}

}  // namespace

std::string_view openapi_document() noexcept {
  return embedded::kOpenApiDocument[0].contents;
}

void add_documentation_routes(http::Router& router) {
  for (const char* path : {"/openapi.json", "/apispec.json"}) {
    router.add_public(http::Method::kGet, path, answer_document);
  }
  for (const char* path : {"/docs", "/docs/"}) {
    router.add_public(http::Method::kGet, path, answer_docs);
  }
  router.add_public(http::Method::kGet, "/docs/{code}", answer_docs_file);
}

}  // namespace ginnel::api
