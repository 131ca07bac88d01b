// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "base/task.h"
#include "http/body_stream.h"
#include "http/request.h"
#include "http/response.h"
#include "service/import_service.h"

namespace ginnel::api {

/// `POST /users/bulk`, `/urls/bulk` and `/events/bulk`: see docs/api.md.
class ImportHandler final {
 public:
  explicit ImportHandler(service::ImportService& imports) : imports_(imports) {}

  /// Takes the body while it comes; at no time is more than a piece of it in memory.
  Task<http::Response> import(change::RowKind kind,
                              const http::Request& request,
                              http::BodyStream& body);

  std::size_t max_body_bytes() const noexcept { return imports_.options().max_bytes; }

 private:
  service::ImportService& imports_;
};

}  // namespace ginnel::api
