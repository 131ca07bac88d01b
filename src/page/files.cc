// SPDX-License-Identifier: MIT
#include "page/files.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "http/entity_tag.h"
#include "http/problem.h"
#include "kPageFiles.h"

namespace ginnel::page {
namespace {

using base::EmbeddedFile;

/// Hash digits in an asset's name: 64 bits tell versions of a file apart.
constexpr std::size_t kDigits = 16;

struct Type {
  std::string_view extension;
  std::string_view media_type;
};

constexpr auto kTypes = std::to_array<Type>({
    {".css", "text/css; charset=utf-8"},
    {".html", http::kHtml},
    {".ico", "image/vnd.microsoft.icon"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".txt", http::kPlainText},
});

const EmbeddedFile& file_of(std::string_view name) {
  const auto* const found = std::ranges::find(embedded::kPageFiles, name, &EmbeddedFile::name);
  if (found == std::ranges::end(embedded::kPageFiles)) {
    throw std::logic_error(std::string(name) + " is not in the binary");
  }
  return *found;
}

std::string_view type_of(const EmbeddedFile& file) {
  const auto extension = file.name.substr(file.name.rfind('.'));
  const auto* const found = std::ranges::find(kTypes, extension, &Type::extension);
  if (found == kTypes.end()) {
    throw std::logic_error(std::string(file.name) + " has no media type");
  }
  return found->media_type;
}

/// `page.0123456789abcdef.css`.
std::string asset_name(const EmbeddedFile& file) {
  const auto dot = file.name.rfind('.');
  std::string name(file.name.substr(0, dot + 1));
  return name.append(file.sha256.substr(0, kDigits)).append(file.name.substr(dot));
}

}  // namespace

std::string_view contents_of(std::string_view name) {
  return file_of(name).contents;
}

std::string asset_path(std::string_view name) {
  return "assets/" + asset_name(file_of(name));
}

http::Response asset(const http::Request& request, std::string_view name) {
  const auto* const found = std::ranges::find(embedded::kPageFiles, name, asset_name);
  if (found == std::ranges::end(embedded::kPageFiles)) {
    return http::problem(404, "Not found");
  }
  return served(request, *found, http::Keeping::kForGood);
}

http::Response root_file(const http::Request& request, std::string_view name) {
  return served(request, file_of(name), http::Keeping::kForADay);
}

http::Response served(const http::Request& request,
                      const EmbeddedFile& file,
                      http::Keeping keeping,
                      std::string_view policy) {
  http::Response response;
  response.content_type = type_of(file);
  response.body = file.contents;
  response.keeping = keeping;
  add_restrictions(response, policy);
  const auto digits = file.sha256.substr(0, kDigits);
  http::answer_with_tag(request, std::string("\"").append(digits).append("\""), response);
  return response;
}

void add_restrictions(http::Response& response, std::string_view policy) {
  response.add("Content-Security-Policy", policy);
  response.add("Referrer-Policy", "no-referrer");
}

}  // namespace ginnel::page
