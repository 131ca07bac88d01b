// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/ids.h"
#include "domain/timestamp.h"

namespace ginnel::domain {

/// Who is behind a click, as far as its request tells.
enum class BotClass : std::uint8_t {
  kHuman = 0,
  kBot = 1,       ///< a crawler, a script, an HTTP library
  kPreview = 2,   ///< a messenger or network that shows a card of the target
  kPrefetch = 3,  ///< a browser that loads before anybody clicked
  kMonitor = 4,   ///< an uptime check
};

inline constexpr std::array<std::string_view, 5> kBotClassNames = {
    "human", "bot", "preview", "prefetch", "monitor"};
inline constexpr std::size_t kBotClassCount = kBotClassNames.size();

/// Its name; that of kHuman for a value outside the list, which a damaged database may hold.
constexpr std::string_view to_text(BotClass bot) noexcept {
  const auto place = static_cast<std::size_t>(bot);
  return kBotClassNames[place < kBotClassCount ? place : 0];
}

/// A redirect that was answered, with what is known of the visitor: as it is kept. A text that is
/// empty is unknown.
struct Click {
  EventId id;  ///< given when it is stored; events and clicks share one sequence
  Timestamp at;
  std::string code;
  LinkId link;
  UserId user;           ///< the link's owner
  std::string referrer;  ///< host of the page with the link, lower case
  std::string country;   ///< ISO 3166-1 alpha-2
  std::string device;    ///< `desktop`, `mobile`, `tablet`, `other`
  std::string browser;   ///< family: `Firefox`, `Mobile Safari`
  std::string system;    ///< family: `Windows`, `Android`
  BotClass bot = BotClass::kHuman;
  std::uint64_t visitor = 0;  ///< keyed hash that changes daily; 0: unknown
  std::string network;        ///< shortened address: `203.0.113.0/24`, `2001:db8:1::/48`
  std::string rules;          ///< which version of the rules classified it

  friend bool operator==(const Click&, const Click&) = default;
};

}  // namespace ginnel::domain
