// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"

namespace ginnel::config {

/// The bytes of a file, or of a pipe (`<(pass show ginnel)` of a shell is one). Takes no more than
/// 1 MiB, and waits for the writer of a pipe no longer than five seconds: a process must not hang
/// at its start because of what somebody put in a file's place. Fails with kInvalid; the message is
/// the reason alone, the system's where it has one: `No such file or directory`.
Result<std::string> read_file(const std::string& path);

/// The text of a file that holds a secret, without the white space around it. Fails with kInvalid:
/// `message` names the file and says what is wrong with it.
Result<std::string> read_secret_file(const std::string& path);

}  // namespace ginnel::config
