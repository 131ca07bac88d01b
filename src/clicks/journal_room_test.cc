// SPDX-License-Identifier: MIT
#include "clicks/journal_room.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

namespace ginnel::clicks {
namespace {

const std::optional<Error> kNone;
const std::optional<Error> kFull = Error(ErrorKind::kUnavailable, "no space left");

/// The messages that are logged, by their first letters: `-` no room, `+` room again.
std::string logged(const std::function<void(JournalRoom&)>& act) {
  testing::internal::CaptureStderr();
  {
    observability::Log log({.format = observability::LogFormat::kText});
    JournalRoom room(log);
    act(room);
  }
  const std::string text = testing::internal::GetCapturedStderr();
  std::string signs;
  for (std::size_t at = text.find("the journal has "); at != std::string::npos;
       at = text.find("the journal has ", at + 1)) {
    signs += text.compare(at, 18, "the journal has no") == 0 ? '-' : '+';
  }
  const std::size_t lost = text.find("clicks_not_kept=");
  return lost == std::string::npos ? signs : signs + " " + text.substr(lost + 16, 1);
}

TEST(JournalRoom, IsNotSpokenOfWhileAllGoesWell) {
  EXPECT_EQ(logged([](JournalRoom& room) {
              room.note(kNone, 0, 0);
              room.note(kNone, 10, 0);
            }),
            "");
}

TEST(JournalRoom, IsSaidToBeGoneOnceAndBackOnce) {
  EXPECT_EQ(logged([](JournalRoom& room) {
              room.note(kNone, 10, 0);
              room.note(kFull, 20, 0);
              room.note(kFull, 20, 3);
              room.note(kFull, 20, 5);
              room.note(kNone, 30, 5);
              room.note(kNone, 40, 5);
            }),
            "-+ 5");
}

TEST(JournalRoom, IsSaidToBeGoneWhenClicksAreDroppedForAnotherReason) {
  EXPECT_EQ(logged([](JournalRoom& room) {
              room.note(kNone, 10, 1);
              room.note(kNone, 20, 1);
              room.note(kNone, 20, 3);
              room.note(kNone, 30, 3);
            }),
            "-+-+ 1");
}

TEST(JournalRoom, IsNotBackWhenMerelyNobodyClicks) {
  EXPECT_EQ(logged([](JournalRoom& room) {
              room.note(kNone, 10, 2);
              room.note(kNone, 10, 2);
              room.note(kNone, 10, 4);
              room.note(kNone, 10, 4);
            }),
            "-");
}

TEST(JournalRoom, IsNotBackWhileACoreWaitsForASegment) {
  EXPECT_EQ(logged([](JournalRoom& room) {
              room.note(kFull, 10, 2);
              room.note(kFull, 20, 2);
            }),
            "-");
}

TEST(JournalRoom, IsNotBackWhileAnotherCoreDrops) {
  EXPECT_EQ(logged([](JournalRoom& room) {
              room.note(kNone, 10, 2);
              room.note(kNone, 20, 3);
            }),
            "-");
}

}  // namespace
}  // namespace ginnel::clicks
