// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/store_contract.h"

namespace ginnel::storage {

/// What every LinkStore must do.
class LinkStoreContract : public StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    owner_ = this->add_user("owner").id;
  }

  Result<domain::Link> insert(domain::LinkDraft draft) {
    return run_blocking_task(this->links().insert(std::move(draft), this->by(2)));
  }

  Result<domain::Link> change(domain::LinkId id, domain::LinkChange change, std::int64_t second) {
    return run_blocking_task(this->links().change(id, std::move(change), this->by(second)));
  }

  Result<Done> remove(domain::LinkId id, std::int64_t second = 9) {
    return run_blocking_task(this->links().remove(id, this->by(second)));
  }

  std::optional<domain::Link> by_code(const std::string& code) {
    auto found = run_blocking_task(this->links().find_by_code(code, {}));
    EXPECT_TRUE(found);
    return *found;
  }

  /// The link of the redirect that is found.
  std::optional<domain::Link> typed(const std::string& code) {
    const auto found = run_blocking_task(this->redirects().find(code, {}));
    EXPECT_TRUE(found);
    if (!found->redirect) {
      return std::nullopt;
    }
    auto link = this->by_code(found->redirect->code);
    EXPECT_EQ(found->redirect, domain::redirect_of(link.value_or(domain::Link())));
    return link;
  }

  /// A link whose code a person chose.
  domain::Link choose(const std::string& code) {
    auto draft = this->draft_of(owner_, code);
    draft.chosen = true;
    auto link = this->insert(std::move(draft));
    EXPECT_TRUE(link) << link.error().message;
    return link ? *link : domain::Link();
  }

  std::vector<std::string> codes(LinkQuery query) {
    auto found = run_blocking_task(this->links().list(query, {}));
    EXPECT_TRUE(found);
    return each(found->rows, &domain::Link::code);
  }

  Pages link_pages(LinkQuery query) {
    return pages(std::move(query),
                 [this](const LinkQuery& of) { return this->links().list(of, {}); });
  }

  std::vector<std::string> codes_like(std::vector<std::string> words) {
    auto found = run_blocking_task(this->links().find_by_codes(std::move(words), {}));
    EXPECT_TRUE(found);
    return each(*found, &domain::Link::code);
  }

  domain::UserId owner_;
};

}  // namespace ginnel::storage
