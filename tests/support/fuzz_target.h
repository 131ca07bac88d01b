// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace ginnel::support {

/// What is wrong with how these bytes are taken; empty when nothing is. Each fuzz target defines it
/// once: libFuzzer asks it of what it makes up (fuzz_main.cc), a test of every file of the corpus
/// (corpus_main.cc).
std::string fault_of(std::string_view bytes);

}  // namespace ginnel::support
