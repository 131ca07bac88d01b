// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>

#include "base/file_descriptor.h"

namespace ginnel {

/// The mode of files whose rows hold names and addresses.
inline constexpr mode_t kOwnerOnly = 0600;

/// Writes all of `bytes`, in as many calls as that takes. False, with errno set, when it cannot.
bool write_all(int file, std::string_view bytes) noexcept;

/// Forces the names in a folder to the disk. False, with errno set, when it cannot.
bool sync_folder(const std::string& folder) noexcept;

/// A file in `folder` that has no name and is gone once it is closed, after kill -9 as well. Not
/// open, with errno set, when the system refuses.
FileDescriptor nameless_file(const std::string& folder);

/// TMPDIR, or /tmp.
std::string temporary_folder();

}  // namespace ginnel
