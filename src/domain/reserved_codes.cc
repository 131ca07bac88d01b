// SPDX-License-Identifier: MIT
#include "domain/reserved_codes.h"

#include <algorithm>
#include <array>
#include <functional>

#include "base/text.h"

namespace ginnel::domain {
namespace {

// Names with a dot cannot be codes, but they are first segments of routes all the same.
constexpr auto kReserved = std::to_array<std::string_view>({
    // clang-format off
    ".well-known", "about", "abuse", "account", "accounts", "admin", "alerts", "api",
    "apispec.json", "app", "apple-touch-icon.png", "assets", "audit", "auth", "backup", "billing",
    "bulk", "cdn-cgi", "clicks", "config", "console", "css", "dashboard", "debug", "docs",
    "domains", "events", "export", "exports", "favicon.ico", "graphql", "health", "healthz",
    "help", "humans.txt", "import", "imports", "index", "index.html", "integrations", "internal",
    "js", "keys", "legal", "link", "links", "live", "livez", "login", "logout", "manifest.json",
    "me", "metrics", "nginx-status", "oauth", "oauth2", "openapi.json", "organizations",
    "password", "ping", "preview", "privacy", "qr", "ready", "readyz", "redirect", "register",
    "robots.txt", "root", "rpc", "security", "security.txt", "server-status", "service-worker.js",
    "serving", "session", "sessions", "settings", "signin", "signout", "signup", "sitemap.xml",
    "static", "stats", "status", "sw.js", "swagger", "system", "tags", "team", "teams", "terms",
    "tokens", "url", "urls", "user", "users", "v1", "v2", "v3", "version", "web", "webhooks",
    "well-known", "workspaces", "ws", "wss", "www",
    // clang-format on
});

static_assert(std::ranges::adjacent_find(kReserved, std::greater_equal<>()) == kReserved.end(),
              "sorted, and no word twice: is_reserved searches by halves");

constexpr std::size_t kLongest = std::ranges::max(kReserved, {}, &std::string_view::size).size();

}  // namespace

std::span<const std::string_view> reserved_codes() noexcept {
  return kReserved;
}

bool is_reserved(std::string_view code) noexcept {
  if (code.size() > kLongest) {
    return false;
  }
  std::array<char, kLongest> lowered;
  const auto end = std::ranges::transform(code, lowered.begin(), ascii_lower_character).out;
  return std::ranges::binary_search(kReserved, std::string_view(lowered.begin(), end));
}

}  // namespace ginnel::domain
