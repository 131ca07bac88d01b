// SPDX-License-Identifier: MIT
#include "domain/click.h"

namespace ginnel::domain {

std::string_view to_text(BotClass bot) noexcept {
  switch (bot) {
    case BotClass::kHuman:
      return "human";
    case BotClass::kBot:
      return "bot";
    case BotClass::kPreview:
      return "preview";
    case BotClass::kPrefetch:
      return "prefetch";
    case BotClass::kMonitor:
      return "monitor";
  }
  return "human";  // a value outside the list: a defect
}

}  // namespace ginnel::domain
