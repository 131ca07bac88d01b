// SPDX-License-Identifier: MIT
#include "base/utf8.h"

#include <cstddef>

#include <boost/locale/utf.hpp>

namespace ginnel {

std::optional<char32_t> take_code_point(std::string_view& text) noexcept {
  namespace utf = boost::locale::utf;
  const char* end = text.data();
  const utf::code_point point = utf::utf_traits<char>::decode(end, text.data() + text.size());
  if (point == utf::illegal || point == utf::incomplete) {
    text.remove_prefix(1);
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return point;
}

}  // namespace ginnel
