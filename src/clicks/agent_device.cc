// SPDX-License-Identifier: MIT
#include "clicks/agent_device.h"

#include <array>

namespace ginnel::clicks {
namespace {

struct Devices {
  std::string_view device;
  std::array<std::string_view, 24> words;  ///< empty behind the last
};

/// The first row with a word that is in the agent counts.
constexpr Devices kDevices[] = {
    // clang-format off
    // Televisions, consoles and watches run Android, Windows and Linux: they come first.
    {"other", {
        "smart-tv", "smarttv", "hbbtv", "googletv", "android tv", "apple tv", "appletv", "bravia",
        " tv safari", "inettvbrowser", "roku", "xbox", "playstation", "nintendo", "watchos",
        "apple watch",
        "netcast",  // LG until 2013
        "web0s",  // LG since
        "vidaa",  // Hisense
        "(dtv",  // Japanese televisions
        "crkey",  // Chromecast
        "; aft",  // models of Amazon's Fire TV: AFTB, AFTKA, AFTMM...
    }},
    // Windows before the tablets: Internet Explorer names `Tablet PC 2.0` on any Windows.
    {"mobile", {"windows phone", "windows mobile", "windows ce", "iemobile"}},
    {"desktop", {"windows nt"}},
    // Safari on an iPad names `Mobile`, too.
    {"tablet", {"ipad", "tablet", "kindle", "silk/", "playbook"}},
    {"mobile", {"opera mini", "opera mobi", "mobile", "iphone", "ipod"}},
    // Chrome on Android names `Mobile` on phones alone:
    // https://developer.chrome.com/docs/multidevice/user-agent
    {"tablet", {"android"}},
    // Phones of old.
    {"mobile", {
        "blackberry", "bb10", "symbian", "series60", "series40", "nokia", "sonyericsson", "midp",
        "ucweb", "up.browser", "docomo", "kaios", "hpwos", "palmos",
        "webos/",  // Palm's: LG writes it with a zero
        // Browsers that were made for them, and Facebook's app.
        "obigo", "netfront", "polaris", "teleca", "onebrowser", "mqqbrowser", "uc browser",
        "[fban/",
    }},
    {"desktop", {
        "macintosh", "mac os x", "mac_powerpc", "windows", "win98", "win95", "x11", "cros ",
        "linux", "bsd", "sunos",
    }},
    // clang-format on
};

}  // namespace

std::string_view device_of(std::string_view lower_agent) noexcept {
  for (const auto& [device, words] : kDevices) {
    for (const std::string_view word : words) {
      if (!word.empty() && lower_agent.find(word) != std::string_view::npos) {
        return device;
      }
    }
  }
  return {};
}

}  // namespace ginnel::clicks
