// SPDX-License-Identifier: MIT
#include "storage/redirect_source_contract.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

namespace ginnel::storage {

TEST_P(RedirectSourceContract, TellsAReadBeforeAChangeFromOneBehindIt) {
  const std::vector<std::function<void()>> changes = {
      [this] { this->add_link(this->owner_, "abc123"); },
      [this] { this->lead_to(this->find("abc123").redirect->link, 1); },
      [this] {
        const auto link = this->find("abc123").redirect->link;
        run_blocking_task(this->links().remove(link, this->by(4))).value();
      },
      [this] { this->add_link(this->owner_, "def456"); },
      [this] { run_blocking_task(this->users().remove(this->owner_, this->by(5))).value(); },
  };
  for (const auto& change : changes) {
    const Position before = this->now();
    change();
    const Position changed = this->listener().positions().back();
    EXPECT_LT(before, changed);
    EXPECT_GE(this->now(), changed);
  }
}

/// A read that says it is not older than a change shows it, and no later read goes back.
TEST_P(RedirectSourceContract, GivesNoReadAPositionThatIsLaterThanWhatItSaw) {
  constexpr int kChanges = 200;
  const auto link = this->add_link(this->owner_, "abc123");
  this->lead_to(link.id, 0);
  const std::size_t first = this->listener().positions().size() - 1;
  std::atomic<bool> over = false;
  std::vector<RedirectAnswer> answers;
  std::thread reader([&] {
    do {
      answers.push_back(this->find("abc123"));
    } while (!over);
  });
  for (int number = 1; number <= kChanges; ++number) {
    this->lead_to(link.id, number);
  }
  over = true;
  reader.join();

  const auto positions = this->listener().positions();
  ASSERT_EQ(positions.size(), first + 1 + kChanges);
  EXPECT_TRUE(std::ranges::is_sorted(positions));
  for (const RedirectAnswer& answer : answers) {
    const auto later = std::ranges::upper_bound(positions, answer.position);
    const auto told = later - positions.begin() - static_cast<std::ptrdiff_t>(first) - 1;
    ASSERT_GE(number_of(answer), told) << "at position " << answer.position.value;
  }
  EXPECT_EQ(number_of(this->find("abc123")), kChanges);
  std::printf("%zu reads beside %d changes, none older than it says\n", answers.size(), kChanges);
}

}  // namespace ginnel::storage
