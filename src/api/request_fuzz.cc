// SPDX-License-Identifier: MIT
// Any query and any body gets an answer below 500, in JSON where it says so. An input is a method
// and a target, a line feed, and a body. The handlers, services and checks are the real ones; the
// rows are in memory: one user and one link.
#include <boost/json.hpp>

#include "support/fuzz_target.h"
#include "support/memory_api.h"
#include "support/sent_request.h"

std::string ginnel::support::fault_of(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  const std::string_view body = bytes.substr(std::min(bytes.size(), line.size() + 1));
  MemoryApi api;
  api.ask("POST /users", R"({"username":"ada","email":"ada@example.com"})");
  api.ask("POST /urls", R"({"user_id":1,"original_url":"https://example.com","title":"t"})");
  http::Response response;
  try {
    const SentRequest request(line, "");
    const auto match = api.router().match(request->method(), request->path());
    if (match.route == nullptr || match.route->immediate || match.route->streaming) {
      return {};  // no route, a redirect, which has nothing to read, or an upload: multipart, csv
    }
    response = api.ask(line, body);
  } catch (const std::invalid_argument&) {
    return {};  // no request
  }
  if (response.status >= 500) {
    return "status " + std::to_string(response.status) + ": " + response.body;
  }
  boost::system::error_code ec;
  if (!response.body.empty() && response.content_type == http::kJson) {
    boost::json::parse(response.body, ec);
  }
  return ec ? "a body that is no JSON: " + response.body : std::string();
}
