// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "storage/click_sums.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// Gives texts their ids in click_texts, each a TextId, and remembers those it gave lately.
///
/// Used on the writer's thread only. It remembers nothing that the transaction under way has added,
/// since that may be undone, whoever undoes it: such a text is looked up once more in a later one.
class ClickTexts final {
 public:
  /// Remembers at most `limit` texts: some 5 MB for the hosts and families that occur.
  explicit ClickTexts(std::size_t limit = 50'000) : limit_(limit) {}

  /// To be called first in every transaction.
  Result<Done> begin(Connection& database);

  /// The id of `text`, which is added when it is new.
  Result<std::int64_t> id_of(Connection& database, std::string_view text);

  /// How many are remembered.
  std::size_t size() const noexcept { return known_.size(); }

 private:
  struct HashText {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's name
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };
  using Ids = std::unordered_map<std::string, std::int64_t, HashText, std::equal_to<>>;

  Result<std::int64_t> look_up(Connection& database, std::string_view text);

  const std::size_t limit_;
  Ids known_;
  Ids added_;                    ///< by the transaction under way
  std::int64_t last_known_ = 0;  ///< the last id that was there when it began
};

}  // namespace ginnel::storage::sqlite
