// SPDX-License-Identifier: MIT
#include "http/response_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace ginnel::http {
namespace {

using namespace std::string_view_literals;  // append(const char*) is a call, and one of strlen

struct Reason {
  int status;
  std::string_view words;
};

constexpr Reason kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {302, "Found"},
    {304, "Not Modified"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
};

/// What caches are told, by Keeping (RFC 9111 section 5.2.2), and what follows it.
constexpr std::array<std::string_view, 4> kForEverybody = {
    "Cache-Control: private, no-store\r\nX-Request-ID: ",
    "Cache-Control: no-cache\r\nX-Request-ID: ",
    "Cache-Control: public, max-age=86400\r\nX-Request-ID: ",
    "Cache-Control: public, max-age=31536000, immutable\r\nX-Request-ID: "};

/// The same of what is for its caller alone.
constexpr std::array<std::string_view, 4> kForTheCaller = {
    "Cache-Control: private, no-store\r\nX-Request-ID: ",
    "Cache-Control: private, no-cache\r\nX-Request-ID: ",
    "Cache-Control: private, max-age=86400\r\nX-Request-ID: ",
    "Cache-Control: private, max-age=31536000, immutable\r\nX-Request-ID: "};

void append_cache_control(std::string& output, const Response& response) {
  const auto& texts = response.guarded ? kForTheCaller : kForEverybody;
  output.append(texts[static_cast<std::size_t>(response.keeping)]);
}

bool may_have_body(int status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

void append_number(std::string& output, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  output.append(digits, static_cast<std::size_t>(end - digits));
}

void append_status_line(std::string& output, int status) {
  if (status == 302) {
    output.append("HTTP/1.1 302 Found\r\nDate: "sv);
    return;
  }
  output.append("HTTP/1.1 "sv);
  append_number(output, static_cast<std::size_t>(status));
  output.append(" "sv).append(reason_of(status)).append("\r\nDate: "sv);
}

/// Bodies above this are not copied when they can be had otherwise.
constexpr std::size_t kCopiedBytes = 65'536;

/// Appends a body. A large one with room for what is there already becomes the output itself.
void append_body(std::string& output, std::string& body) {
  if (body.size() > kCopiedBytes && body.capacity() - body.size() >= output.size()) {
    output.swap(body.insert(0, output));
  } else {
    output.append(body);
  }
}

}  // namespace

std::string_view reason_of(int status) noexcept {
  const auto* const known = std::ranges::find(kReasons, status, &Reason::status);
  return known == std::end(kReasons) ? "Unknown" : known->words;
}

void ResponseWriter::append(std::string& output,
                            const Request& request,
                            Response& response,
                            std::string_view date,
                            bool close) {
  append_status_line(output, response.status);
  output.append(date).append("\r\n"sv).append(response.fields);
  append_cache_control(output, response);
  output.append(request.request_id());
  if (response.body.empty() && may_have_body(response.status) && !close && request.http11_) {
    output.append("\r\nContent-Length: 0\r\n\r\n"sv);  // what nearly every redirect ends with
    return;
  }
  if (!response.body.empty()) {
    output.append("\r\nX-Content-Type-Options: nosniff\r\nContent-Type: "sv);
    output.append(response.content_type);
  }
  if (may_have_body(response.status)) {
    output.append("\r\nContent-Length: "sv);
    append_number(output, response.body.size());
  }
  if (close) {
    output.append("\r\nConnection: close"sv);
  } else if (!request.http11_) {
    output.append("\r\nConnection: keep-alive"sv);
  }
  output.append("\r\n\r\n"sv);
  if (request.method() != Method::kHead) {
    append_body(output, response.body);
  }
}

}  // namespace ginnel::http
