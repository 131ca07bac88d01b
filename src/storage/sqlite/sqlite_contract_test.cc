// SPDX-License-Identifier: MIT
#include "storage/click_store_contract.h"
#include "storage/event_store_contract.h"
#include "storage/import_store_contract.h"
#include "storage/link_store_contract.h"
#include "storage/sqlite/temporary_folder.h"
#include "storage/user_store_contract.h"

namespace ginnel::storage {
namespace {

class InMemory final {
 public:
  static Result<std::unique_ptr<Stores>> open(ChangeListener& listener) {
    StoreOptions options;
    options.url = "sqlite::memory:";
    return open_stores(options, listener);
  }
};

class InFile final {
 public:
  Result<std::unique_ptr<Stores>> open(ChangeListener& listener) {
    StoreOptions options;
    options.url = "sqlite:" + folder_.file("ginnel.db");
    return open_stores(options, listener);
  }

 private:
  TemporaryFolder folder_;
};

using Databases = testing::Types<InMemory, InFile>;

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, UserStoreContract, Databases);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LinkStoreContract, Databases);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, EventStoreContract, Databases);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ClickStoreContract, Databases);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ImportStoreContract, Databases);

}  // namespace
}  // namespace ginnel::storage
