// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <string>

#include "base/result.h"

namespace ginnel::clicks {

/// Writes what is in a segment for people: its header, a line for each record, and how it ends.
/// Bytes of texts outside printable ASCII are written as `\xNN`. `path` may be a folder: all
/// segments in it and in the folders of processes in it. Gives whether every one could be read to
/// its end. Fails with kNotFound when there is nothing at `path`.
Result<bool> inspect_journal(const std::string& path, std::ostream& out);

/// The same with a line for each segment: its records, its bytes, and how it ends.
Result<bool> verify_journal(const std::string& path, std::ostream& out);

}  // namespace ginnel::clicks
