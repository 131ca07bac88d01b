// SPDX-License-Identifier: MIT
#include "base/result.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Result, HoldsAValue) {
  Result<std::string> result(std::string("yes"));
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, "yes");
  EXPECT_EQ(result->size(), 3u);
}

TEST(Result, HoldsAnError) {
  Result<std::string> result(Error(ErrorKind::kNotFound, "no such link", "code=abc"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(result.error().detail, "code=abc");
}

TEST(Result, IsAnInternalErrorUntilItIsSet) {
  Result<int> result;
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInternal);
}

TEST(Result, ReadingTheWrongSideIsADefect) {
  Result<int> result(7);
  EXPECT_THROW(static_cast<void>(result.error()), std::bad_variant_access);
}

TEST(Result, MovesOutWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Error, AboutFieldsNamesEveryField) {
  const Error error = Error::about_fields({{"username", "Username is required"}, {"email", "no"}});
  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  ASSERT_EQ(error.faults.size(), 2u);
  EXPECT_EQ(error.faults[1].field, "email");
}

}  // namespace
}  // namespace ginnel
