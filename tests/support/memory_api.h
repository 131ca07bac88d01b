// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include "http/response.h"
#include "http/router.h"
#include "support/memory_stores.h"

namespace ginnel::support {

/// The whole interface over stores in memory: routes, handlers and services as they are, without a
/// socket, for one core. Clicks are not kept.
class MemoryApi final {
 public:
  MemoryApi();
  MemoryApi(const MemoryApi&) = delete;
  MemoryApi& operator=(const MemoryApi&) = delete;
  ~MemoryApi();

  /// Answers `line`, a method and a target (`POST /users`), with this JSON body where one is given.
  http::Response ask(std::string_view line,
                     std::string_view body = {},
                     std::string_view fields = "Content-Type: application/json\r\n");

  const http::Router& router() const noexcept;
  MemoryStores& stores() noexcept;

  /// What the health routes say of the process.
  bool serving = true;

 private:
  struct Parts;

  std::unique_ptr<Parts> parts_;
};

}  // namespace ginnel::support
