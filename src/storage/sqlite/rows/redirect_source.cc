// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/redirect_source.h"

#include <utility>

#include "storage/sqlite/rows/chosen_codes.h"

namespace ginnel::storage::sqlite {

Task<Result<RedirectAnswer>> RedirectSource::find(std::string code, CallContext call) {
  auto work = [this, code = std::move(code)](Connection& database) -> Result<RedirectAnswer> {
    RedirectAnswer answer;
    answer.position = engine_.position();  // before SQLite takes its snapshot: not later than that
    auto link = find_typed_link(database, code);
    if (!link) {
      return std::move(link).error();
    }
    if (*link) {
      answer.redirect = domain::redirect_of(std::move(**link));
    }
    return answer;
  };
  return engine_.read(std::move(work), call.deadline);
}

}  // namespace ginnel::storage::sqlite
