// SPDX-License-Identifier: MIT
#include "api/upload_body.h"

#include <utility>

#include "http/field_value.h"
#include "http/problem.h"

namespace ginnel::api {
namespace {

constexpr std::string_view kPart = "file";
constexpr std::string_view kNameless = "upload.csv";
constexpr std::size_t kMaxNameBytes = 255;

Error no_file() {
  return Error(ErrorKind::kInvalid, "No file provided");
}

/// Types that hold no file, but are what a client sends that was told nothing of files.
bool holds_no_file(std::string_view type) noexcept {
  return type == "application/json" || type == "application/x-www-form-urlencoded";
}

/// Whether every text in these characters is UTF-8.
bool is_utf8(std::string_view charset) noexcept {
  return http::same_field_name(charset, "utf-8") || http::same_field_name(charset, "utf8") ||
         http::same_field_name(charset, "us-ascii");
}

/// The last segment of a path; old browsers send `C:\files\users.csv`.
std::string name_of(std::string_view path) {
  const auto folder = path.find_last_of("/\\");
  const std::string_view name = folder == std::string_view::npos ? path : path.substr(folder + 1);
  return std::string(name.empty() ? kNameless : name.substr(0, kMaxNameBytes));
}

}  // namespace

std::variant<UploadBody, http::Response> UploadBody::of(const http::Request& request) {
  const auto type = http::FieldValue::parse(request.field("Content-Type").value_or(""));
  if (!type || holds_no_file(type->text)) {
    return http::problem(no_file());
  }
  const auto encoding = request.field("Content-Encoding").value_or("identity");
  if (!http::same_field_name(encoding, "identity")) {
    return http::problem(415, "Content-Encoding is not supported: send the file as it is");
  }
  UploadBody body;
  if (type->text == "multipart/form-data") {
    auto multipart = http::MultipartFile::with_boundary(type->parameter("boundary").value_or(""),
                                                        std::string(kPart));
    if (!multipart) {
      return http::problem(multipart.error());
    }
    body.multipart_.emplace(std::move(*multipart));
  } else if (type->text != "text/csv") {
    return http::problem(415, "Send the file as multipart/form-data or text/csv");
  } else if (!is_utf8(type->parameter("charset").value_or("utf-8"))) {
    return http::problem(415, "The file must be UTF-8");
  }
  return body;
}

Result<std::string_view> UploadBody::read(std::string_view bytes) {
  any_bytes_ = any_bytes_ || !bytes.empty();
  return multipart_ ? multipart_->read(bytes) : Result<std::string_view>(bytes);
}

Result<std::string> UploadBody::finish() const {
  if (!any_bytes_) {
    return no_file();
  }
  if (!multipart_) {
    return std::string(kNameless);
  }
  if (auto finished = multipart_->finish(); !finished) {
    return std::move(finished).error();
  }
  const auto& name = multipart_->file_name();
  return name ? Result<std::string>(name_of(*name)) : no_file();
}

}  // namespace ginnel::api
