// SPDX-License-Identifier: MIT
#include "config/read_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace ginnel::config {
namespace {

Error system_error(int code) {
  return {ErrorKind::kInvalid, std::generic_category().message(code)};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  // Not std::ifstream: libstdc++ throws when what was opened is a folder.
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen(path.c_str(), "rb"),
                                                                &std::fclose);
  if (!file) {
    return system_error(errno);
  }
  std::string text;
  std::array<char, 4096> piece;
  while (const std::size_t length = std::fread(piece.data(), 1, piece.size(), file.get())) {
    text.append(piece.data(), length);
  }
  if (std::ferror(file.get()) != 0) {
    return system_error(errno);
  }
  return text;
}

}  // namespace ginnel::config
