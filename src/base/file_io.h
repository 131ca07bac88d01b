// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace ginnel {

/// The mode of files whose rows hold names and addresses.
inline constexpr mode_t kOwnerOnly = 0600;

/// Opens a file for reading, and nothing else: opening a named pipe waits for whoever writes to it.
/// Fails with kNotFound where nothing has that name, with kInvalid where what has it is no file,
/// and with kUnavailable where the system refuses. The message is the reason alone.
Result<FileDescriptor> open_regular_file(const std::string& path);

/// Writes all of `bytes`, in as many calls as that takes. False, with errno set, when it cannot.
bool write_all(int file, std::string_view bytes) noexcept;

/// Opens a file for reading and writing, and makes it when it is missing. One that root makes is
/// given to the owner of `model`, or where that is missing of the folder: root may act for a
/// service that has to open it later. Not open, with errno set, when it cannot; a symbolic link as
/// `path` is followed only to a file that is there.
FileDescriptor open_or_make(const std::string& path, const std::string& model, mode_t mode);

/// Gives a file of root's to the owner of `model`, or where that is missing of its folder. Nothing
/// for other users, who may not.
void give_to_owner(int file, const std::string& model);

/// Forces the names in a folder to the disk. False, with errno set, when it cannot.
bool sync_folder(const std::string& folder) noexcept;

/// A file in `folder` that has no name and is gone once it is closed, after kill -9 as well. Not
/// open, with errno set, when the system refuses.
FileDescriptor nameless_file(const std::string& folder);

/// TMPDIR, or /tmp.
std::string temporary_folder();

}  // namespace ginnel
