// SPDX-License-Identifier: MIT
#include "clicks/agent_device.h"

namespace ginnel::clicks {
namespace {

struct Device {
  std::string_view word;
  std::string_view device;
};

/// The first row whose word is in the agent counts.
constexpr Device kDevices[] = {
    // Televisions, consoles and watches run Android, Windows and Linux: they come first.
    {"smart-tv", "other"},
    {"smarttv", "other"},
    {"hbbtv", "other"},
    {"googletv", "other"},
    {"android tv", "other"},
    {"apple tv", "other"},
    {"appletv", "other"},
    {"bravia", "other"},
    {"netcast", "other"},  // LG until 2013
    {"web0s", "other"},    // LG since
    {"vidaa", "other"},    // Hisense
    {" tv safari", "other"},
    {"(dtv", "other"},  // Japanese televisions
    {"inettvbrowser", "other"},
    {"roku", "other"},
    {"crkey", "other"},  // Chromecast
    {"; aft", "other"},  // models of Amazon's Fire TV: AFTB, AFTKA, AFTMM...
    {"xbox", "other"},
    {"playstation", "other"},
    {"nintendo", "other"},
    {"watchos", "other"},
    {"apple watch", "other"},

    // Windows before the tablets: Internet Explorer names `Tablet PC 2.0` on any Windows.
    {"windows phone", "mobile"},
    {"windows mobile", "mobile"},
    {"windows ce", "mobile"},
    {"iemobile", "mobile"},
    {"windows nt", "desktop"},

    // Safari on an iPad names `Mobile`, too.
    {"ipad", "tablet"},
    {"tablet", "tablet"},
    {"kindle", "tablet"},
    {"silk/", "tablet"},
    {"playbook", "tablet"},

    {"opera mini", "mobile"},
    {"opera mobi", "mobile"},
    {"mobile", "mobile"},
    {"iphone", "mobile"},
    {"ipod", "mobile"},
    // Chrome on Android names `Mobile` on phones alone:
    // https://developer.chrome.com/docs/multidevice/user-agent
    {"android", "tablet"},

    // Phones of old.
    {"blackberry", "mobile"},
    {"bb10", "mobile"},
    {"symbian", "mobile"},
    {"series60", "mobile"},
    {"series40", "mobile"},
    {"nokia", "mobile"},
    {"sonyericsson", "mobile"},
    {"midp", "mobile"},
    {"ucweb", "mobile"},
    {"up.browser", "mobile"},
    {"docomo", "mobile"},
    {"kaios", "mobile"},
    {"hpwos", "mobile"},
    {"webos/", "mobile"},  // Palm's: LG writes it with a zero
    {"palmos", "mobile"},
    {"obigo", "mobile"},  // browsers that were made for them
    {"netfront", "mobile"},
    {"polaris", "mobile"},
    {"teleca", "mobile"},
    {"onebrowser", "mobile"},
    {"mqqbrowser", "mobile"},
    {"uc browser", "mobile"},
    {"[fban/", "mobile"},  // Facebook's app

    {"macintosh", "desktop"},
    {"mac os x", "desktop"},
    {"mac_powerpc", "desktop"},
    {"windows", "desktop"},
    {"win98", "desktop"},
    {"win95", "desktop"},
    {"x11", "desktop"},
    {"cros ", "desktop"},
    {"linux", "desktop"},
    {"bsd", "desktop"},
    {"sunos", "desktop"},
};

}  // namespace

std::string_view device_of(std::string_view lower_agent) noexcept {
  for (const Device& device : kDevices) {
    if (lower_agent.find(device.word) != std::string_view::npos) {
      return device.device;
    }
  }
  return {};
}

}  // namespace ginnel::clicks
