// SPDX-License-Identifier: MIT
// Asks a fuzz target of every file of a folder: `replay FOLDER`. Fails on a fault, and when the
// folder is empty.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/fuzz_target.h"

int main(int count, char** words) {
  int files = 0;
  int faults = 0;
  try {
    for (const auto& entry : std::filesystem::directory_iterator(count == 2 ? words[1] : "")) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      const std::string fault = ginnel::support::fault_of(bytes);
      if (!fault.empty()) {
        std::printf("%s: %s\n", entry.path().c_str(), fault.c_str());
        ++faults;
      }
      ++files;
    }
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 2;
  }
  std::printf("%d files of the corpus taken, %d with a fault\n", files, faults);
  return files > 0 && faults == 0 ? 0 : 1;
}
