// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "storage/store_contract.h"

namespace ginnel::storage {

/// What every RedirectSource must do beside finding (LinkStoreContract).
class RedirectSourceContract : public StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    owner_ = this->add_user("owner").id;
  }

  RedirectAnswer find(const std::string& code) {
    return run_blocking_task(this->redirects().find(code, {})).value();
  }

  /// Of a read that begins now.
  Position now() { return this->find("no-such-code").position; }

  /// Lets a link lead to `.../number`.
  void lead_to(domain::LinkId link, int number) {
    domain::LinkChange change;
    change.target = "https://example.org/" + std::to_string(number);
    run_blocking_task(this->links().change(link, std::move(change), this->by(3))).value();
  }

  /// Where `lead_to` let the link lead last, as `find` gives it.
  static int number_of(const RedirectAnswer& answer) {
    return std::stoi(answer.redirect->location.substr(std::string("https://example.org/").size()));
  }

  domain::UserId owner_;
};

}  // namespace ginnel::storage
