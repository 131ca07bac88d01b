// SPDX-License-Identifier: MIT
#include "page/error_page.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "http/accept.h"
#include "page/files.h"
#include "page/html.h"

namespace ginnel::page {
namespace {

/// Above this a way to the root would be longer than the page.
constexpr std::ptrdiff_t kMaxDepth = 16;

/// What a page says of an error.
struct Explanation {
  std::string_view title;
  std::string text;
};

/// What is wrong with a request, as the error says it.
std::string faults_of(const Error& error) {
  std::vector<std::string> messages;
  for (const FieldFault& fault : error.faults) {
    messages.push_back(fault.message);
  }
  return (messages.empty() ? error.message : joined(messages)) + ".";
}

Explanation explanation_of(int status, const Error& error) {
  switch (status) {
    case 404:
      return {"There is no such link",
              "Look for a typing mistake in the address; capital and small letters may be "
              "different. Or ask whoever gave it to you."};
    case 405:
      return {"Nothing can be sent to this address",
              "It can only be opened. Go back to the page that you came from."};
    case 410:
      return {"This link is switched off",
              "It was made here, but its owner has switched it off. Ask whoever gave it to you for "
              "another."};
    case 503:
      return {"This link cannot be looked up now",
              "The service is busy or does not reach its database. Try again in a moment."};
    default:
      return status < 500
                 ? Explanation{"This request was not understood", faults_of(error)}
                 : Explanation{"That did not work", "The fault is ours, and it is in our log."};
  }
}

/// From the request's folder up to the root, as a relative address: "" for `/abc`, "../../" for
/// `/urls/abc/redirect`. Relative, since the service may stand below a path of its host.
std::string root_of(std::string_view path) {
  const auto depth = std::count(path.begin(), path.end(), '/');
  std::string root = depth > kMaxDepth ? "/" : "";
  for (auto folder = depth; folder > 1 && depth <= kMaxDepth; --folder) {
    root += "../";
  }
  return root;
}

}  // namespace

void show_to_people(const http::Request& request, http::Response& error) {
  if (!error.error || !http::prefers_html(request)) {
    return;
  }
  static const std::string kStyle = asset_path("page.css");
  static const std::string kIcon = asset_path("favicon.svg");
  const Explanation explanation = explanation_of(error.status, *error.error);
  const std::string root = root_of(request.path());
  error.content_type = http::kHtml;
  error.body = filled(contents_of("error_page.html"),
                      {{"root", root},
                       {"style", kStyle},
                       {"icon", kIcon},
                       {"status", std::to_string(error.status)},
                       {"title", explanation.title},
                       {"text", explanation.text},
                       {"request_id", request.request_id()}});
  add_restrictions(error);
}

}  // namespace ginnel::page
