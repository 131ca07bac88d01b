// SPDX-License-Identifier: MIT
// The stores that the tests of this folder stand on are stores: they pass the suites of storage/.
#include "support/memory_stores.h"

#include "storage/click_store_contract.h"
#include "storage/event_store_contract.h"
#include "storage/link_store_contract.h"
#include "storage/user_store_contract.h"

namespace ginnel::storage {
namespace {

class Memory final {
 public:
  static Result<std::unique_ptr<Stores>> open(ChangeListener& listener) {
    return std::unique_ptr<Stores>(std::make_unique<support::MemoryStores>(&listener));
  }
};

using Databases = testing::Types<Memory>;

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, UserStoreContract, Databases);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LinkStoreContract, Databases);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EventStoreContract, Databases);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ClickStoreContract, Databases);

TEST(MemoryStores, FailWhenTheyAreToldTo) {
  support::MemoryStores stores;
  stores.fail_with(Error(ErrorKind::kUnavailable, "away"));
  const auto away = support::run_task(stores.links().count());
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().kind, ErrorKind::kUnavailable);

  stores.fail_with(std::nullopt);
  EXPECT_EQ(*support::run_task(stores.links().count()), 0U);
}

}  // namespace
}  // namespace ginnel::storage
