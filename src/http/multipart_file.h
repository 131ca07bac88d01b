// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "http/field_value.h"

namespace ginnel::http {

/// Takes the file out of a multipart/form-data body (RFC 7578) while the body comes, with constant
/// memory.
///
/// A file is a part with a name and a file name, which may be empty; other parts are passed over,
/// and so is what stands before the first boundary and after the last. Every error is kInvalid and
/// there is no going on after it.
class MultipartFile final {
 public:
  /// The header of a part; a browser's has some 150 bytes.
  static constexpr std::size_t kMaxPartHeaderBytes = 8'192;

  /// The file in the part called `name` of a body with this boundary: 1 to 70 characters of RFC
  /// 2046 section 5.1.1.
  static Result<MultipartFile> with_boundary(std::string_view boundary, std::string name);

  /// Reads on. Gives what belongs to the file, valid until the next call. Fails for a boundary's
  /// line with something else on it, a part without a name, a header that is too long or encodes
  /// its part, and a second file of this name.
  Result<std::string_view> read(std::string_view bytes);

  /// To be said at the end of the body. Fails when the last boundary did not come.
  Result<Done> finish() const;

  /// What the client calls the file; nothing while, or when, there is no such part.
  const std::optional<std::string>& file_name() const noexcept { return file_name_; }

 private:
  enum class State : std::uint8_t {
    kSkipping,    ///< before the first boundary, or in a part that is not the file
    kInFile,      ///< in the file
    kAtBoundary,  ///< behind a boundary: another part or the end
    kInHeader,    ///< of a part
    kEnded,       ///< behind the last boundary
  };

  MultipartFile(std::string_view boundary, std::string name)
      : name_(std::move(name)), delimiter_("\r\n--" + std::string(boundary)) {}

  Result<bool> step(std::string_view& file);
  bool read_part(std::string_view& file);
  Result<bool> read_boundary();
  Result<bool> read_header();
  Result<Done> begin_part(std::string_view header);
  std::string_view unread() const noexcept { return std::string_view(kept_).substr(used_); }

  std::string name_;
  std::string delimiter_;
  State state_ = State::kSkipping;
  std::string kept_ = "\r\n";  ///< not used up yet; the first boundary may have no line before it
  std::size_t used_ = 0;       ///< of kept_
  std::optional<std::string> file_name_;
};

}  // namespace ginnel::http
