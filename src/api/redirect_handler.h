// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "clicks/click_recorder.h"
#include "domain/redirect.h"
#include "http/client_address.h"
#include "http/router.h"
#include "service/redirect_service.h"

namespace ginnel::api {

/// `GET /{code}`, as people type and paste it (docs/decisions/0030), and `GET
/// /urls/{code}/redirect`. Nobody may keep an answer: every change of a link shows on the next
/// visit.
class RedirectHandler final {
 public:
  /// Both must outlive it.
  RedirectHandler(const service::RedirectServices& redirects, const http::TrustedProxies& proxies)
      : redirects_(redirects), proxies_(proxies) {}

  /// Answers from this core's memory, or gives false.
  bool answer_hot(const http::Request& request,
                  const http::PathParameters& path,
                  http::Response& response) const;

  /// Asks further than memory. A code that a person chose may be in any case.
  Task<http::Response> get(const http::Request& request, http::PathParameters path);

  /// The same for `/{code}` alone, where what was taken along with the code does not count. `path`
  /// is all that stands behind the first slash.
  Task<http::Response> get_typed(const http::Request& request, http::PathParameters path);

  /// Whether there is a code in a path that has no route, behind its first slash, and nothing else
  /// that counts.
  static bool holds_code(const http::PathParameters& path);

 private:
  http::Response conclude(const http::Request& request,
                          const Result<std::optional<domain::Redirect>>& found) const;
  void conclude(const http::Request& request,
                std::string_view code,
                const domain::RedirectView* link,
                http::Response& response) const;
  void count(const http::Request& request, const clicks::FollowedLink& followed) const noexcept;

  const service::RedirectServices& redirects_;
  const http::TrustedProxies& proxies_;
};

}  // namespace ginnel::api
