// SPDX-License-Identifier: MIT
#include "storage/postgres/engine/execute.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <optional>
#include <poll.h>
#include <utility>

#include "storage/postgres/engine/fault.h"
#include "storage/postgres/engine/parameters.h"

namespace ginnel::storage::postgres {
namespace {

/// Waits until there is something to read.
Result<Done> wait_for_answer(PGconn& connection, Deadline until) {
  using std::chrono::milliseconds;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= milliseconds(0)) {
      return too_late().error;
    }
    pollfd socket{PQsocket(&connection), POLLIN, 0};
    const int ready = ::poll(&socket,
                             1,
                             static_cast<int>(std::min<milliseconds::rep>(
                                 left.count(), std::numeric_limits<int>::max())));
    if (ready > 0) {
      return Done();
    }
    if (ready < 0 && errno != EINTR) {
      return Error(ErrorKind::kInternal, "internal error", "poll failed");
    }
  }
}

/// The next result, or one that is null behind the last.
Result<Rows> next_result(PGconn& connection, Deadline until) {
  while (PQisBusy(&connection) != 0) {
    if (auto there = wait_for_answer(connection, until); !there) {
      return std::move(there).error();
    }
    if (PQconsumeInput(&connection) != 1) {
      return fault_of(&connection).error;
    }
  }
  return Rows(PQgetResult(&connection));
}

/// Reads to the end; gives the last result, or the first error.
Result<Rows> finish(PGconn& connection, Deadline until) {
  std::optional<Rows> last;
  std::optional<Error> failed;
  while (true) {
    auto result = next_result(connection, until);
    if (!result) {
      return result;
    }
    if (result->is_end()) {
      break;
    }
    if (auto fault = result->fault(); fault && !failed) {
      failed = std::move(fault->error);
    }
    last.emplace(std::move(*result));
  }
  if (failed || !last) {
    return failed ? std::move(*failed) : fault_of(&connection).error;
  }
  return std::move(*last);
}

}  // namespace

Result<Rows> execute(PGconn& connection, const Query& query, Deadline until) {
  const Parameters parameters(query);
  const int sent = PQsendQueryParams(&connection,
                                     query.sql().c_str(),
                                     parameters.count(),
                                     query.types().data(),
                                     parameters.values.data(),
                                     parameters.lengths.data(),
                                     parameters.formats.data(),
                                     kBinary);
  return sent == 1 ? finish(connection, until) : fault_of(&connection).error;
}

Result<Done> execute_script(PGconn& connection, const std::string& statements, Deadline until) {
  if (PQsendQuery(&connection, statements.c_str()) != 1) {
    return fault_of(&connection).error;
  }
  auto last = finish(connection, until);
  if (!last) {
    return std::move(last).error();
  }
  return Done();
}

}  // namespace ginnel::storage::postgres
