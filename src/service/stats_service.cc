// SPDX-License-Identifier: MIT
#include "service/stats_service.h"

#include <utility>

namespace ginnel::service {

Task<Result<domain::ClickStats>> StatsService::of_link(domain::StatsQuery query, CallContext call) {
  auto link = co_await links_.find(query.link, call);
  if (!link) {
    co_return std::move(link).error();
  }
  if (!link->has_value()) {
    co_return Error(ErrorKind::kNotFound, "URL not found");
  }
  co_return co_await clicks_.stats(std::move(query), std::move(call));
}

}  // namespace ginnel::service
