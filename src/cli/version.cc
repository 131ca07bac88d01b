// SPDX-License-Identifier: MIT
#include "observability/version.h"

#include <iostream>

#include <boost/version.hpp>

#include "cli/command.h"
#include "storage/backend.h"

namespace ginnel::cli {

int run_version() {
  constexpr int kMinor = BOOST_VERSION / 100 % 1'000;
  std::cout << "ginnel " << observability::version() << '\n'
            << "compiler " << observability::compiler_version() << '\n'
            << "Boost " << BOOST_VERSION / 100'000 << '.' << kMinor << '\n'
            << storage::engines() << '\n';
  return kSuccess;
}

}  // namespace ginnel::cli
