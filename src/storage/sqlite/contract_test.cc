// SPDX-License-Identifier: MIT
#include "storage/click_store_contract.h"
#include "storage/event_store_contract.h"
#include "storage/idempotency_contract.h"
#include "storage/import_store_contract.h"
#include "storage/link_store_contract.h"
#include "storage/redirect_source_contract.h"
#include "storage/user_store_contract.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

class InMemory final : public EmptyDatabase {
 public:
  Result<std::unique_ptr<storage::Stores>> open(ChangeListener& listener) override {
    return open_patiently("sqlite::memory:", listener);
  }
};

class InFile final : public EmptyDatabase {
 public:
  Result<std::unique_ptr<storage::Stores>> open(ChangeListener& listener) override {
    return open_patiently("sqlite:" + folder_.file("ginnel.db"), listener);
  }

 private:
  support::TemporaryFolder folder_;
};

template <class Database>
std::unique_ptr<EmptyDatabase> make() {
  return std::make_unique<Database>();
}

const auto kBoth = testing::Values(Implementation{"memory", &make<InMemory>},
                                   Implementation{"file", &make<InFile>});

INSTANTIATE_TEST_SUITE_P(Sqlite, UserStoreContract, kBoth, name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, LinkStoreContract, kBoth, name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, RedirectSourceContract, kBoth, name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, EventStoreContract, kBoth, name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, ClickStoreContract, kBoth, name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, ImportStoreContract, kBoth, name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, IdempotencyContract, kBoth, name_of);

}  // namespace
}  // namespace ginnel::storage::sqlite
