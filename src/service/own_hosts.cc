// SPDX-License-Identifier: MIT
#include "service/own_hosts.h"

#include "base/text.h"
#include "domain/target_host.h"
#include "domain/url_parts.h"

namespace ginnel::service {
namespace {

std::string comparable(std::string_view host) {
  const bool is_bare_address = host.find(':') != std::string_view::npos && !host.starts_with('[');
  const std::string text = is_bare_address ? "[" + std::string(host) + "]" : std::string(host);
  const auto read = domain::read_host(text);
  return read ? read->text : ascii_lower(host);
}

}  // namespace

std::vector<std::string> own_hosts(const LinkOptions& options) {
  std::vector<std::string> hosts;
  for (const std::string& host : options.own_hosts) {
    hosts.push_back(comparable(host));
  }
  if (const auto authority = domain::split_url(options.public_url).authority) {
    hosts.push_back(comparable(domain::split_authority(*authority).host));
  }
  return hosts;
}

domain::TargetRules target_rules(const LinkOptions& options) {
  return {own_hosts(options), options.allow_private, options.max_target_length};
}

}  // namespace ginnel::service
