// SPDX-License-Identifier: MIT
#include "clicks/agent_shape.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"

namespace ginnel::clicks {
namespace {

/// In lower case; all but the names with a slash are met with and without a version.
constexpr auto kTextBrowsers = std::to_array<std::string_view>({
    "w3m",    "emacs-w3",     "lynx",      "links (", "links2 (",   "links/",
    "elinks", "felinks",      "url/emacs", "eww/",    "edbrowse",   "retawq",
    "netrik", "chawan",       "dillo",     "netsurf", "browsh",     "w3c_amaya",
    "amaya/", "ncsa_mosaic/", "cello/",    "ibrowse", "amiga-aweb", "amigavoyager",
});

/// What some of them put before their names.
constexpr std::string_view kCompatible = "mozilla/5.0 (compatible; ";

/// Words that are a crawler's in every other place.
constexpr auto kMachineWords = std::to_array<std::string_view>(
    {"spider", "spyder", "robot", "bot", "crawler", "scanner", "scan", "monitor", "agent"});

/// A brand of phones: CUBOT_X18, CUBOT NOTE 20.
constexpr std::string_view kCubot = "cubot";

/// What comes after a name in an address of a site.
constexpr auto kEndings = std::to_array<std::string_view>({"com", "org", "net", "io", "ai", "co"});

/// Who wrote a part of a browser, and put an address of his own into people's agents.
constexpr auto kPeoplesAddresses =
    std::to_array<std::string_view>({"bsalsa.com", "avantbrowser.com"});

bool has(std::string_view text, std::string_view word) noexcept {
  return text.find(word) != std::string_view::npos;
}

/// Whether one of kMachineWords stands in `part` by itself: not as the end of a longer name
/// (Googlebot), and without a version (Spider/1.0).
bool has_machine_word(std::string_view part) noexcept {
  return std::ranges::any_of(kMachineWords, [part](std::string_view word) {
    const auto begin = part.find(word);
    if (begin == std::string_view::npos || (begin > 0 && is_letter(part[begin - 1]))) {
      return false;
    }
    const auto end = begin + word.size();
    return end == part.size() || (!is_letter(part[end]) && part[end] != '/');
  });
}

bool is_device(std::string_view part) noexcept {
  const bool is_contact = has(part, "://") || has(part, "@") || has(part, "compatible");
  return has_machine_word(part) && !is_contact;
}

/// Calls `act(begin, end)` for each part of a comment in parentheses that stands behind the name
/// of Android, there or right before: that is where models are.
template <class Act>
void for_each_model(std::string_view lower, Act act) {
  constexpr const char* kMarks = "(;)";
  bool android = false;
  std::size_t begin = 0;
  for (auto i = lower.find_first_of(kMarks); i != std::string_view::npos;
       i = lower.find_first_of(kMarks, begin)) {
    const bool opens = lower[i] == '(';  // `Android (28/9; CUBOT; ...`
    if (android && !opens) {
      act(begin, i);
    }
    const bool named = has(lower.substr(begin, i - begin), "android");
    android = lower[i] != ')' && (named || (android && !opens));
    begin = i + 1;
  }
}

/// Whether a name of a host begins right before `dot` and ends right behind one of kEndings:
/// `example.com`, and neither `.NET CLR` nor `com.example.app`.
bool ends_a_host(std::string_view lower, std::size_t dot) noexcept {
  if (dot == 0 || !is_letter(lower[dot - 1])) {
    return false;
  }
  return std::ranges::any_of(kEndings, [&](std::string_view ending) {
    const std::string_view rest = lower.substr(dot + 1);
    const auto next = rest.substr(std::min(ending.size(), rest.size()));
    return rest.starts_with(ending) &&
           (next.empty() || (!is_letter_or_digit(next[0]) && !has(".-_", next.substr(0, 1))));
  });
}

/// Whether `at` is the `@` of an address of mail: in `ios@9.2.3` and `Century@HK` it is not.
bool is_of_mail(std::string_view text, std::size_t at) noexcept {
  const std::string_view lower = text.substr(at + 1);
  const auto end = std::ranges::find_if_not(
      lower, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; });
  const auto host = lower.substr(0, static_cast<std::size_t>(end - lower.begin()));
  return at > 0 && is_letter_or_digit(text[at - 1]) && !host.empty() && is_letter(host[0]) &&
         has(host, ".");
}

}  // namespace

std::string without_machine_like_devices(std::string_view agent) {
  std::string text(agent);
  const std::string lower = ascii_lower(agent);
  const auto blank = [&text](std::size_t begin, std::size_t end) {
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
              text.begin() + static_cast<std::ptrdiff_t>(end),
              ' ');
  };
  for (auto i = lower.find(kCubot); i != std::string::npos; i = lower.find(kCubot, i + 1)) {
    blank(i, i + kCubot.size());
  }
  for_each_model(lower, [&](std::size_t begin, std::size_t end) {
    if (is_device(std::string_view(lower).substr(begin, end - begin))) {
      blank(begin, end);
    }
  });
  return text;
}

bool is_text_browser(std::string_view lower_agent) noexcept {
  if (lower_agent.starts_with(kCompatible)) {
    lower_agent.remove_prefix(kCompatible.size());
  }
  return std::ranges::any_of(kTextBrowsers, [lower_agent](std::string_view name) {
    // Not the beginning of another name: lynxbot, w3mir.
    return lower_agent.starts_with(name) &&
           (lower_agent.size() == name.size() || !is_letter(name.back()) ||
            !is_letter(lower_agent[name.size()]));
  });
}

bool names_its_owner(std::string_view lower_agent) noexcept {
  if (std::ranges::any_of(kPeoplesAddresses,
                          [&](std::string_view word) { return has(lower_agent, word); })) {
    return false;
  }
  if (has(lower_agent, "://") || has(lower_agent, "mailto:")) {
    return true;
  }
  for (std::size_t i = 0; i < lower_agent.size(); ++i) {
    const bool found = lower_agent[i] == '@' ? is_of_mail(lower_agent, i)
                                             : lower_agent[i] == '.' && ends_a_host(lower_agent, i);
    if (found) {
      return true;
    }
  }
  return false;
}

bool imitates_a_browser(std::string_view lower_agent) noexcept {
  return has(lower_agent, "compatible") &&
         (has(lower_agent, "chrome/") || has(lower_agent, "firefox/"));
}

}  // namespace ginnel::clicks
