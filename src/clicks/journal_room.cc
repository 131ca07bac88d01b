// SPDX-License-Identifier: MIT
#include "clicks/journal_room.h"

#include <utility>

namespace ginnel::clicks {

void JournalRoom::note(const std::optional<Error>& fault,
                       std::uint64_t written,
                       std::uint64_t dropped) {
  const bool writing = written != std::exchange(written_, written);
  const std::uint64_t dropped_lately = std::exchange(dropped_, dropped);
  const bool dropping = dropped != dropped_lately;
  if ((fault || dropping) && !std::exchange(out_of_room_, true)) {
    dropped_before_ = dropped_lately;
    const Error unknown(ErrorKind::kUnavailable, "The journal's disk took no more");
    const Error& reason = fault ? *fault : unknown;
    log_.error("the journal has no room: clicks are answered and not kept once its files are full",
               {{"reason", reason.message}, {"detail", reason.detail}});
  }
  if (!fault && !dropping && writing && std::exchange(out_of_room_, false)) {
    log_.warn("the journal has room again", {{"clicks_not_kept", dropped - dropped_before_}});
  }
}

}  // namespace ginnel::clicks
