// SPDX-License-Identifier: MIT
#include "client/console.h"

#include <string>

#include "client/shown_text.h"

namespace ginnel::client {

int report(const Error& error, const Console& console) {
  if (error.faults.empty()) {
    console.err << "ginnel: " << printable_text(error.message) << '\n';
  }
  for (const FieldFault& fault : error.faults) {
    console.err << "ginnel: " << printable_text(fault.message) << '\n';
  }
  if (error.kind == ErrorKind::kForbidden) {  // ours: a server's 403 is another kind
    return kWantsMore;
  }
  const bool unreached = error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kTimeout;
  return unreached ? kUnreached : kRefused;
}

int confirm(const std::string& question, const Console& console) {
  if (!console.is_attended) {
    console.err << "ginnel: " << printable_text(question) << " Say so by --yes.\n";
    return kWantsMore;
  }
  console.err << printable_text(question) << " [y/N] " << std::flush;
  std::string line;
  std::getline(console.in, line);
  if (line == "y" || line == "Y" || line == "yes") {
    return kDone;
  }
  console.err << "ginnel: nothing was deleted\n";
  return kRefused;
}

}  // namespace ginnel::client
