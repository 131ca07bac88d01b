// SPDX-License-Identifier: MIT
#include "http/multipart_file.h"

#include <algorithm>

#include "base/text.h"
#include "http/request.h"

namespace ginnel::http {
namespace {

constexpr std::size_t kMaxBoundaryBytes = 70;
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeaderEnd = "\r\n\r\n";

Error bad_multipart(std::string message) {
  return Error(ErrorKind::kInvalid, std::move(message));
}

bool is_boundary_character(char c) noexcept {
  constexpr std::string_view kOthers = "'()+_,-./:=? ";
  return is_letter_or_digit(c) || kOthers.find(c) != std::string_view::npos;
}

/// The value of the first field of this name in a part's header, whose lines each begin with CRLF.
std::optional<std::string_view> field_of(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    header.remove_prefix(kLineEnd.size());
    const std::string_view line = header.substr(0, header.find(kLineEnd));
    header.remove_prefix(line.size());
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && same_field_name(line.substr(0, colon), name)) {
      return line.substr(colon + 1);
    }
  }
  return std::nullopt;
}

/// Whether the bytes of a part are what they stand for: anything but base64 and the like, which
/// RFC 7578 section 4.7 has given up.
bool is_plain(std::string_view header) {
  const auto encoding = field_of(header, "Content-Transfer-Encoding");
  if (!encoding) {
    return true;
  }
  const auto value = FieldValue::parse(*encoding);
  return value && (value->text == "binary" || value->text == "8bit" || value->text == "7bit");
}

}  // namespace

Result<MultipartFile> MultipartFile::with_boundary(std::string_view boundary, std::string name) {
  const bool valid = !boundary.empty() && boundary.size() <= kMaxBoundaryBytes &&
                     !boundary.ends_with(' ') &&
                     std::all_of(boundary.begin(), boundary.end(), is_boundary_character);
  if (!valid) {
    return bad_multipart("The boundary of the multipart body is missing or malformed");
  }
  return MultipartFile(boundary, std::move(name));
}

Result<std::string_view> MultipartFile::read(std::string_view bytes) {
  kept_.erase(0, used_);
  used_ = 0;
  kept_ += bytes;
  std::string_view file;
  while (true) {
    auto goes_on = step(file);
    if (!goes_on) {
      return std::move(goes_on).error();
    }
    if (!*goes_on) {
      return file;
    }
  }
}

/// Gets one step further; false when more bytes are needed.
Result<bool> MultipartFile::step(std::string_view& file) {
  switch (state_) {
    case State::kSkipping:
    case State::kInFile:
      return read_part(file);
    case State::kAtBoundary:
      return read_boundary();
    case State::kInHeader:
      return read_header();
    case State::kEnded:
      used_ = kept_.size();
      return false;
  }
  return false;
}

bool MultipartFile::read_part(std::string_view& file) {
  const std::string_view rest = unread();
  const auto found = rest.find(delimiter_);
  const bool ends = found != std::string_view::npos;
  // What may be the beginning of a boundary is kept back.
  const std::size_t length =
      ends ? found : rest.size() - std::min(rest.size(), delimiter_.size() - 1);
  if (state_ == State::kInFile) {
    file = rest.substr(0, length);  // one file, so one stretch of it in what is kept
  }
  used_ += length;
  if (ends) {
    used_ += delimiter_.size();
    state_ = State::kAtBoundary;
  }
  return ends;
}

Result<bool> MultipartFile::read_boundary() {
  std::string_view rest = unread();
  if (rest.size() < 2) {
    return false;
  }
  if (rest.starts_with("--")) {
    state_ = State::kEnded;
    return true;
  }
  const auto padding = std::min(rest.find_first_not_of(" \t"), rest.size());
  rest.remove_prefix(padding);
  if (padding > kMaxPartHeaderBytes ||
      (!rest.empty() && !kLineEnd.starts_with(rest.substr(0, 2)))) {
    return bad_multipart("A boundary of the multipart body has something else on its line");
  }
  if (rest.size() < 2) {
    return false;
  }
  used_ += padding;  // the line's end stays: an empty header is two of them
  state_ = State::kInHeader;
  return true;
}

Result<bool> MultipartFile::read_header() {
  const std::string_view rest = unread();
  const auto length = rest.find(kHeaderEnd);
  const auto shortest = rest.size() - std::min(rest.size(), kHeaderEnd.size() - 1);
  if (std::min(length, shortest) > kMaxPartHeaderBytes) {
    return bad_multipart("The header of a part is longer than 8192 bytes");
  }
  if (length == std::string_view::npos) {
    return false;
  }
  if (auto begun = begin_part(rest.substr(0, length)); !begun) {
    return std::move(begun).error();
  }
  used_ += length + kHeaderEnd.size();
  return true;
}

Result<Done> MultipartFile::begin_part(std::string_view header) {
  const auto disposition = FieldValue::parse(field_of(header, "Content-Disposition").value_or(""));
  if (!disposition || disposition->text != "form-data" || !disposition->parameter("name")) {
    return bad_multipart("A part of the multipart body has no name");
  }
  const auto file_name = disposition->parameter("filename");
  state_ = State::kSkipping;
  if (disposition->parameter("name") != name_ || !file_name) {
    return Done();
  }
  if (file_name_) {
    return bad_multipart("There are two files named " + name_);
  }
  if (!is_plain(header)) {
    return bad_multipart("The part " + name_ + " has a Content-Transfer-Encoding");
  }
  file_name_ = *file_name;
  state_ = State::kInFile;
  return Done();
}

Result<Done> MultipartFile::finish() const {
  if (state_ != State::kEnded) {
    return bad_multipart("The multipart body ends before its last boundary");
  }
  return Done();
}

}  // namespace ginnel::http
