// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/task.h"
#include "http/router.h"
#include "service/link_service.h"
#include "service/redirect_service.h"

namespace ginnel::api {

/// QR codes of short URLs: `/{code}.svg`, `/{code}.png` and `/urls/{id}/qr`; see docs/api.md.
/// Asking for one is no click. Links that are switched off have theirs too: it may be printed
/// already.
class QrHandler final {
 public:
  /// Both must outlive it.
  QrHandler(const service::RedirectServices& redirects, service::LinkService& links)
      : redirects_(redirects), links_(links) {}

  /// Whether the last segment of a path is the name of a picture. No code has a dot, and what
  /// stands in a query whose `?` was encoded is no name.
  static bool is_picture(std::string_view segment) noexcept;

  /// `path` is such a name.
  Task<http::Response> of_code(const http::Request& request, http::PathParameters path);

  Task<http::Response> of_link(const http::Request& request, http::PathParameters path);

 private:
  const service::RedirectServices& redirects_;
  service::LinkService& links_;
};

}  // namespace ginnel::api
