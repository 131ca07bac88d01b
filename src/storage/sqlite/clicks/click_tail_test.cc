// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_tail.h"

#include <initializer_list>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::storage::sqlite {
namespace {

using Ids = std::vector<std::int64_t>;

/// All clicks below `first` are summed up, and `next` is the number that comes next.
SumsCursor cursor_at(std::int64_t first, std::int64_t next) {
  SumsCursor cursor;
  cursor.first = first;
  cursor.next = next;
  return cursor;
}

/// Adds clicks with these numbers behind those below `next`.
void add(ClickTail& tail, std::int64_t first, std::int64_t next, std::initializer_list<int> ids) {
  std::vector<TailClick> batch;
  for (const int id : ids) {
    batch.emplace_back().id = id;
  }
  tail.add(cursor_at(first, next), batch, batch.back().id + 1);
}

Ids ids_from(const ClickTail& tail, std::int64_t first) {
  Ids ids;
  for (const TailClick& click : tail.from(first)) {
    ids.push_back(click.id);
  }
  return ids;
}

TEST(ClickTail, RemembersBatches) {
  ClickTail tail;
  add(tail, 10, 10, {10, 11});
  add(tail, 10, 12, {20, 21});  // an event came between

  EXPECT_EQ(ids_from(tail, 10), (Ids{10, 11, 20, 21}));
  EXPECT_EQ(ids_from(tail, 11), (Ids{11, 20, 21}));
  EXPECT_EQ(ids_from(tail, 12), (Ids{20, 21}));
}

TEST(ClickTail, KnowsNothingOfClicksBeforeItsFirst) {
  ClickTail tail;
  add(tail, 5, 10, {10, 11});

  EXPECT_EQ(ids_from(tail, 5), Ids());
  EXPECT_EQ(ids_from(tail, 9), Ids());
  EXPECT_EQ(ids_from(tail, 10), (Ids{10, 11}));
}

TEST(ClickTail, ForgetsWhatIsSummedUp) {
  ClickTail tail;
  add(tail, 10, 10, {10, 11, 12});

  tail.follow(cursor_at(12, 13));

  EXPECT_EQ(ids_from(tail, 10), Ids());
  EXPECT_EQ(ids_from(tail, 12), Ids{12});
}

TEST(ClickTail, ForgetsABatchThatWasUndone) {
  ClickTail tail;
  add(tail, 10, 10, {10, 11});
  add(tail, 10, 12, {12, 13});
  add(tail, 10, 12, {15, 16});  // the one before was undone, and events got its numbers

  EXPECT_EQ(ids_from(tail, 10), (Ids{10, 11, 15, 16}));

  tail.follow(cursor_at(10, 12));  // that one, too

  EXPECT_EQ(ids_from(tail, 10), (Ids{10, 11}));
}

TEST(ClickTail, LeavesNoGapWhereSomebodyElseStored) {
  ClickTail tail;
  add(tail, 10, 10, {10, 11});
  add(tail, 10, 15, {15, 16});  // 12 to 14 are another's

  EXPECT_EQ(ids_from(tail, 10), (Ids{10, 11}));

  tail.follow(cursor_at(12, 17));
  EXPECT_EQ(ids_from(tail, 12), Ids());
  add(tail, 12, 17, {17});

  EXPECT_EQ(ids_from(tail, 12), Ids());
  EXPECT_EQ(ids_from(tail, 17), Ids{17});
}

TEST(ClickTail, RemembersNoMoreThanItsLimit) {
  ClickTail tail(3);
  add(tail, 10, 10, {10, 11});
  add(tail, 10, 12, {12, 13});  // no room
  add(tail, 10, 14, {14});      // a gap would be before it

  EXPECT_EQ(ids_from(tail, 10), (Ids{10, 11}));

  tail.follow(cursor_at(15, 15));
  add(tail, 15, 15, {15});

  EXPECT_EQ(ids_from(tail, 15), Ids{15});
}

}  // namespace
}  // namespace ginnel::storage::sqlite
