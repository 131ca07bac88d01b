// SPDX-License-Identifier: MIT
#include "storage/change_listeners.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::storage {
namespace {

/// Forgets when the test says so.
class Slow final : public ChangeListener {
 public:
  void forget(change::Forgotten what, Position position, std::function<void()> then) override {
    codes = what.codes();
    at = position;
    go_on = std::move(then);
  }

  std::vector<std::string> codes;
  Position at;
  std::function<void()> go_on;
};

TEST(ChangeListeners, GoOnWhenTheLastOfThemHasForgotten) {
  Slow one;
  Slow other;
  ChangeListeners both;
  both.add(one);
  both.add(other);
  int told = 0;
  change::Forgotten what;
  what.add("abc123");

  both.forget(std::move(what), Position{7}, [&told] { ++told; });

  for (Slow* const listener : {&one, &other}) {
    EXPECT_EQ(listener->codes, (std::vector<std::string>{"abc123"}));
    EXPECT_EQ(listener->at, Position{7});
  }
  other.go_on();
  EXPECT_EQ(told, 0);
  one.go_on();
  EXPECT_EQ(told, 1);
}

TEST(ChangeListeners, GoOnAtOnceWhereNobodyListens) {
  ChangeListeners nobody;
  bool told = false;
  nobody.forget(change::Forgotten::everything(), Position{1}, [&told] { told = true; });
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace ginnel::storage
