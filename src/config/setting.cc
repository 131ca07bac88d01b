// SPDX-License-Identifier: MIT
#include "config/setting.h"

#include <algorithm>
#include <locale>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/replace.hpp>

namespace ginnel::config {
namespace {

constexpr std::string_view kMask = "***";

/// Masks what stands between the first colon and the last `@` of the authority.
std::string mask_authority(std::string url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) {
    return url;
  }
  const std::size_t begin = scheme + 3;
  // A password may hold `/`, `?` and `#` where somebody forgot to encode it, so the last `@`
  // counts.
  const std::size_t at = url.rfind('@');
  const std::size_t colon = url.find(':', begin);
  if (at != std::string::npos && colon < at) {
    url.replace(colon + 1, at - colon - 1, kMask);
  }
  return url;
}

std::string mask_parameter(std::string url, std::string_view parameter) {
  std::size_t found = url.find('?');
  while (found != std::string::npos) {
    const std::size_t begin = found + 1;
    const std::size_t end = std::min(url.find('&', begin), url.size());
    if (std::string_view(url).substr(begin).starts_with(parameter)) {
      url.replace(begin + parameter.size(), end - begin - parameter.size(), kMask);
    }
    found = url.find('&', begin);
  }
  return url;
}

}  // namespace

std::string Setting::environment_name() const {
  const std::string upper = boost::to_upper_copy(std::string(name), std::locale::classic());
  return "GINNEL_" + boost::replace_all_copy(upper, ".", "_");
}

std::string Setting::shown(std::string_view value) const {
  switch (secrecy) {
    case Secrecy::kPublic:
      return std::string(value);
    case Secrecy::kHasPassword:
      return without_password(value);
    case Secrecy::kSecret:
      return std::string(value.empty() ? value : kMask);
  }
  return std::string(kMask);  // a value outside the list: a defect
}

const Setting* find_setting(Table table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Setting::name);
  return found == table.end() ? nullptr : &*found;
}

const Setting* find_setting_of_file(Table table, std::string_view name) {
  const auto found = std::ranges::find_if(table, [name](const Setting& row) {
    return row.may_come_from_file() && row.file_name() == name;
  });
  return found == table.end() ? nullptr : &*found;
}

std::string without_password(std::string_view url) {
  return mask_parameter(mask_authority(std::string(url)), "password=");
}

}  // namespace ginnel::config
