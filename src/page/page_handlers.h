// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "http/router.h"

namespace ginnel::page {

/// `/`, `/assets/{name}`, `/favicon.ico` and `/robots.txt`.
class PageHandlers final {
 public:
  /// `public_url` is what short links begin with, without a slash at the end; `hosts` are all names
  /// of this service. `access` is who may call: where it is `closed`, nobody may, and the first
  /// page says how a key is made instead of asking for one.
  PageHandlers(std::string_view public_url,
               const std::vector<std::string>& hosts,
               std::string_view access);

  /// The first page for people, an object of names and routes for programs: as Accept asks.
  Task<http::Response> index(const http::Request& request) const;

  Task<http::Response> asset(const http::Request& request, http::PathParameters path) const;
  Task<http::Response> favicon(const http::Request& request) const;
  Task<http::Response> robots(const http::Request& request) const;

 private:
  std::string first_page_;
  std::string tag_;  ///< of first_page_
  std::string object_;
};

}  // namespace ginnel::page
