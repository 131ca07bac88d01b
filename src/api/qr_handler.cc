// SPDX-License-Identifier: MIT
#include "api/qr_handler.h"

#include <utility>

#include "api/named_link.h"
#include "api/qr_query.h"
#include "api/redirect_handler.h"
#include "base/percent_encoding.h"
#include "domain/short_code.h"
#include "domain/typed_code.h"
#include "http/entity_tag.h"
#include "http/problem.h"
#include "page/files.h"

namespace ginnel::api {
namespace {

constexpr std::string_view kSvg = ".svg";
constexpr std::string_view kPng = ".png";
static_assert(kSvg.size() == kPng.size());

http::Response picture(const http::Request& request,
                       const std::string& address,
                       const QrQuestion& question) {
  auto drawn = draw_qr(address, question);
  if (!drawn) {
    return http::problem(drawn.error());
  }
  http::Response response;
  response.content_type = question.format == QrFormat::kPng ? "image/png" : "image/svg+xml";
  response.body = std::move(*drawn);
  response.keeping = http::Keeping::kForADay;
  page::add_restrictions(response);
  http::answer_with_tag(request, http::entity_tag_of(response.body), response);
  return response;
}

}  // namespace

bool QrHandler::is_picture(std::string_view segment) noexcept {
  return (segment.ends_with(kSvg) || segment.ends_with(kPng)) &&
         !RedirectHandler::holds_code({segment});
}

Task<http::Response> QrHandler::of_code(const http::Request& request, http::PathParameters path) {
  const bool png = path[0].ends_with(kPng);
  const auto question = read_qr_question(request, png ? QrFormat::kPng : QrFormat::kSvg);
  if (!question) {
    co_return http::problem(question.error());
  }
  const auto code = percent_decoded(path[0].substr(0, path[0].size() - kPng.size()));
  if (!code || !domain::ShortCode::is_valid(*code)) {
    co_return http::problem(404, "Not found");
  }
  const auto known = co_await redirects_[request.core()]->resolve(*code);
  if (!known) {
    co_return http::problem(known.error());
  }
  if (!*known || !domain::same_in_any_case((*known)->code, *code)) {
    co_return http::problem(404, "Not found");
  }
  co_return picture(request, links_.short_url((*known)->code), *question);
}

Task<http::Response> QrHandler::of_link(const http::Request& request, http::PathParameters path) {
  const auto question = read_qr_question(request);
  if (!question) {
    co_return http::problem(question.error());
  }
  const auto link = co_await named_link(links_, request, path);
  if (!link) {
    co_return http::problem(link.error());
  }
  co_return picture(request, links_.short_url(link->code), *question);
}

}  // namespace ginnel::api
