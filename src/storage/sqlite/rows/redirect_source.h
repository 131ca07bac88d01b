// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "storage/redirect_source.h"
#include "storage/sqlite/engine/engine.h"

namespace ginnel::storage::sqlite {

/// Redirects of the links in SQLite.
class RedirectSource final : public storage::RedirectSource {
 public:
  /// `engine` must outlive this.
  explicit RedirectSource(Engine& engine) : engine_(engine) {}

  Task<Result<RedirectAnswer>> find(std::string code, CallContext call) override;

 private:
  Engine& engine_;
};

}  // namespace ginnel::storage::sqlite
