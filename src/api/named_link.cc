// SPDX-License-Identifier: MIT
#include "api/named_link.h"

#include <utility>

#include "api/body_reader.h"
#include "api/row_answers.h"
#include "base/percent_encoding.h"
#include "base/text.h"
#include "domain/short_code.h"

namespace ginnel::api {

Task<Result<domain::Link>> named_link(service::LinkService& links,
                                      const http::Request& request,
                                      http::PathParameters path) {
  if (has_only_digits(path[0])) {
    co_return co_await links.get(id_of<domain::LinkId>(path), call_of(request));
  }
  auto text = percent_decoded(path[0]);
  auto code = domain::ShortCode::parse(text.value_or(""));
  if (!code) {
    co_return Error(ErrorKind::kNotFound, "URL not found");
  }
  co_return co_await links.get(std::move(*code), call_of(request));
}

}  // namespace ginnel::api
