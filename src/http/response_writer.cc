// SPDX-License-Identifier: MIT
#include "http/response_writer.h"

#include <array>
#include <charconv>

namespace ginnel::http {
namespace {

using namespace std::string_view_literals;  // append(const char*) is a call, and one of strlen

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
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
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
