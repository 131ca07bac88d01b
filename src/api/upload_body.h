// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "http/multipart_file.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::api {

/// Where in a request's body an uploaded file is: in the part `file` of a multipart/form-data, or
/// all of a text/csv.
class UploadBody final {
 public:
  /// Looks at the header: 400 `No file provided` for a body that holds none, and for a boundary
  /// that is missing; 415 for another media type, encoding or set of characters.
  static std::variant<UploadBody, http::Response> of(const http::Request& request);

  /// What of the body's next bytes is the file's, valid until the next call. Fails with kInvalid,
  /// as MultipartFile does.
  Result<std::string_view> read(std::string_view bytes);

  /// At the body's end: the file's name, without folders. Fails with kInvalid: `No file provided`,
  /// and as MultipartFile does.
  Result<std::string> finish() const;

 private:
  UploadBody() = default;

  std::optional<http::MultipartFile> multipart_;
  bool any_bytes_ = false;
};

}  // namespace ginnel::api
