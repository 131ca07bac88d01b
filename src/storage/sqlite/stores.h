// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "storage/sqlite/clicks/click_store.h"
#include "storage/sqlite/engine/engine.h"
#include "storage/sqlite/imports/import_store.h"
#include "storage/sqlite/rows/event_store.h"
#include "storage/sqlite/rows/link_store.h"
#include "storage/sqlite/rows/redirect_source.h"
#include "storage/sqlite/rows/user_store.h"
#include "storage/stores.h"

namespace ginnel::storage::sqlite {

/// An open SQLite database.
class Stores final : public storage::Stores {
 public:
  explicit Stores(std::unique_ptr<Engine> engine)
      : engine_(std::move(engine)),
        users_(*engine_),
        links_(*engine_),
        redirects_(*engine_),
        events_(*engine_),
        clicks_(*engine_),
        imports_(*engine_) {}

  UserStore& users() override { return users_; }
  LinkStore& links() override { return links_; }
  RedirectSource& redirects() override { return redirects_; }
  EventStore& events() override { return events_; }
  ClickStore& clicks() override { return clicks_; }
  ImportStore& imports() override { return imports_; }

  Task<Result<Done>> ping(CallContext call) override;
  void watch(FileMark mark) override { engine_->watch(std::move(mark)); }
  void announce(std::string_view url) override { engine_->announce(url); }
  std::vector<observability::Figure> figures() override { return engine_->figures(); }
  void hurry() noexcept override { engine_->hurry(); }

 private:
  std::unique_ptr<Engine> engine_;
  UserStore users_;
  LinkStore links_;
  RedirectSource redirects_;
  EventStore events_;
  ClickStore clicks_;
  ImportStore imports_;
};

}  // namespace ginnel::storage::sqlite
