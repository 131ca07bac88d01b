// SPDX-License-Identifier: MIT
// A target that is taken is taken again as it is stored, keeps to the limit, and every text makes a
// Location that HTTP can carry.
#include "base/printable.h"
#include "domain/location.h"
#include "domain/target_url.h"
#include "support/fuzz_target.h"

std::string ginnel::support::fault_of(std::string_view bytes) {
  if (const std::string location = domain::location_of(bytes); !is_printable<'!'>(location)) {
    return "a Location that cannot be sent: " + location;
  }
  const domain::TargetRules own = {{"go.example.org"}};
  const auto url = domain::TargetUrl::parse(bytes, own);
  if (!url) {
    return url.error().message.empty() ? "refused without a reason" : "";
  }
  if (url->text().size() > domain::TargetUrl::kMaxLength) {
    return "longer than the limit";
  }
  const auto again = domain::TargetUrl::parse(url->text(), own);
  if (!again || again->text() != url->text()) {
    return "stored as what would not be taken: " + url->text();
  }
  const std::string location = domain::location_of(url->text());
  const auto followed = domain::TargetUrl::parse(location, own);
  if (!followed && location.size() <= domain::TargetUrl::kMaxLength) {
    return "leads to what would be refused (" + followed.error().message + "): " + location;
  }
  return {};
}
