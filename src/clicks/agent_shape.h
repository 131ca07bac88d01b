// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace ginnel::clicks {

/// `agent` with the devices blanked out that are called like machines (CUBOT's phones, Spider X3):
/// as long as before. People hold them; no rule should take their names for a crawler's. A name
/// with a version, an address or a contact beside it is no device's and stays.
std::string without_machine_like_devices(std::string_view agent);

/// Whether an agent in lower case is a text browser's, by the name it begins with: w3m, Lynx,
/// Links... They name as little as scripts do, but somebody reads what they fetch.
bool is_text_browser(std::string_view lower_agent) noexcept;

/// Whether an agent in lower case names who runs it, by an address of a site or of mail. Machines
/// do, so that somebody may complain; browsers do not.
bool names_its_owner(std::string_view lower_agent) noexcept;

/// Whether an agent in lower case says `compatible` and is a newer browser's: of browsers only
/// those did that copied Netscape's or imitate Internet Explorer.
bool imitates_a_browser(std::string_view lower_agent) noexcept;

}  // namespace ginnel::clicks
