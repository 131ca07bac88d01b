// SPDX-License-Identifier: MIT
// A form's file is found alike however the bytes come, and is a stretch of them without a boundary.
// The first byte of an input tells how long the pieces are; the rest of its first line is the
// boundary.
#include "http/multipart_file.h"
#include "support/fuzz_target.h"

namespace ginnel::http {
namespace {

struct Reading {
  std::string file;
  std::string told;  ///< why there is no file, or what its client calls it
};

Reading read(std::string_view boundary, std::string_view body, std::size_t step) {
  Reading reading;
  auto reader = MultipartFile::with_boundary(boundary, "file");
  if (!reader) {
    reading.told = "error: " + reader.error().message;
    return reading;
  }
  while (!body.empty()) {
    const std::string_view piece = body.substr(0, step);
    body.remove_prefix(piece.size());
    const auto bytes = reader->read(piece);
    if (!bytes) {
      reading.told = "error: " + bytes.error().message;
      return reading;
    }
    reading.file += *bytes;
  }
  const auto finished = reader->finish();
  reading.told = finished ? "file: " + reader->file_name().value_or("(none)")
                          : "error: " + finished.error().message;
  return reading;
}

}  // namespace
}  // namespace ginnel::http

std::string ginnel::support::fault_of(std::string_view bytes) {
  if (bytes.empty()) {
    return {};
  }
  const std::size_t step = 1 + static_cast<unsigned char>(bytes.front()) % 64;
  bytes.remove_prefix(1);
  const std::string_view boundary = bytes.substr(0, bytes.find('\n'));
  const std::string_view body = bytes.substr(std::min(bytes.size(), boundary.size() + 1));
  const auto whole = http::read(boundary, body, body.size() + 1);
  const auto pieces = http::read(boundary, body, step);
  if (whole.told != pieces.told) {
    return "whole: " + whole.told + "\npieces of " + std::to_string(step) + ": " + pieces.told;
  }
  // A body that is wrong behind its file fails before the file is told when it comes whole.
  if (!whole.told.starts_with("error: ") && whole.file != pieces.file) {
    return "whole: " + whole.file + "\npieces of " + std::to_string(step) + ": " + pieces.file;
  }
  if (body.find(pieces.file) == body.npos) {
    return "a file that is not in the body: " + pieces.file;
  }
  if (pieces.file.find("\r\n--" + std::string(boundary)) != std::string::npos) {
    return "a boundary in the file: " + pieces.file;
  }
  return {};
}
