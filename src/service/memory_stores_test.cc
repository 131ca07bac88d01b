// SPDX-License-Identifier: MIT
// The stores that the tests of this folder stand on are stores: they pass the suites of storage/.
#include "support/memory_stores.h"

#include "storage/click_store_contract.h"
#include "storage/event_store_contract.h"
#include "storage/idempotency_contract.h"
#include "storage/import_store_contract.h"
#include "storage/link_store_contract.h"
#include "storage/redirect_source_contract.h"
#include "storage/user_store_contract.h"

namespace ginnel::storage {
namespace {

class InMaps final : public EmptyDatabase {
 public:
  Result<std::unique_ptr<Stores>> open(ChangeListener& listener) override {
    return std::unique_ptr<Stores>(std::make_unique<support::MemoryStores>(&listener));
  }
};

std::unique_ptr<EmptyDatabase> make() {
  return std::make_unique<InMaps>();
}

const auto kMaps = testing::Values(Implementation{"maps", &make});

INSTANTIATE_TEST_SUITE_P(Memory, UserStoreContract, kMaps, name_of);
INSTANTIATE_TEST_SUITE_P(Memory, LinkStoreContract, kMaps, name_of);
INSTANTIATE_TEST_SUITE_P(Memory, RedirectSourceContract, kMaps, name_of);
INSTANTIATE_TEST_SUITE_P(Memory, EventStoreContract, kMaps, name_of);
INSTANTIATE_TEST_SUITE_P(Memory, ClickStoreContract, kMaps, name_of);
INSTANTIATE_TEST_SUITE_P(Memory, IdempotencyContract, kMaps, name_of);
INSTANTIATE_TEST_SUITE_P(Memory, ImportStoreContract, kMaps, name_of);

TEST(MemoryStores, FailWhenTheyAreToldTo) {
  support::MemoryStores stores;
  stores.fail_with(Error(ErrorKind::kUnavailable, "away"));
  const auto away = run_blocking_task(stores.links().count({}));
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().kind, ErrorKind::kUnavailable);

  stores.fail_with(std::nullopt);
  EXPECT_EQ(*run_blocking_task(stores.links().count({})), 0U);
}

}  // namespace
}  // namespace ginnel::storage
