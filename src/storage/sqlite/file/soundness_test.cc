// SPDX-License-Identifier: MIT
#include "storage/sqlite/file/soundness.h"

#include <gtest/gtest.h>

namespace ginnel::storage::sqlite {
namespace {

TEST(Soundness, TakesChangesWhateverPassesByItself) {
  Soundness soundness(nullptr);
  for (const int code :
       {SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_CONSTRAINT_UNIQUE, SQLITE_NOMEM}) {
    soundness.on_fault(code);
    EXPECT_EQ(soundness.reason(), StopReason::kNone) << code;
    EXPECT_FALSE(soundness.refusal());
  }
}

TEST(Soundness, HasTheDiskProveItself) {
  for (const int code : {SQLITE_FULL,
                         SQLITE_IOERR,
                         SQLITE_IOERR_FSYNC,
                         SQLITE_IOERR_READ,
                         SQLITE_READONLY,
                         SQLITE_READONLY_CANTINIT,
                         SQLITE_CANTOPEN,
                         SQLITE_CANTOPEN_ISDIR,
                         SQLITE_PERM}) {
    Soundness soundness(nullptr);
    soundness.on_fault(code);
    EXPECT_EQ(soundness.reason(), StopReason::kDisk) << code;
    EXPECT_EQ(soundness.refusal()->kind, ErrorKind::kUnavailable);
    soundness.note_in_place();
    EXPECT_EQ(soundness.reason(), StopReason::kDisk);
    soundness.note_disk_works();
    EXPECT_EQ(soundness.reason(), StopReason::kNone);
  }
}

TEST(Soundness, NeverForgetsDamage) {
  for (const int code : {SQLITE_CORRUPT, SQLITE_CORRUPT_INDEX, SQLITE_NOTADB}) {
    Soundness soundness(nullptr);
    soundness.on_fault(code);
    soundness.note_disk_works();
    soundness.note_in_place();
    EXPECT_EQ(soundness.reason(), StopReason::kDamaged) << code;
  }
}

TEST(Soundness, GoesOnWhenEveryFileIsBack) {
  Soundness soundness(nullptr);
  soundness.note_moved("a.db was moved", "put it back");
  EXPECT_EQ(soundness.reason(), StopReason::kMoved);
  soundness.note_disk_works();
  EXPECT_EQ(soundness.reason(), StopReason::kMoved);
  soundness.note_in_place();
  EXPECT_EQ(soundness.reason(), StopReason::kNone);
}

TEST(Soundness, TellsTheWorstReason) {
  Soundness soundness(nullptr);
  soundness.on_fault(SQLITE_FULL);
  soundness.note_moved("a.db was moved", "put it back");
  EXPECT_EQ(soundness.reason(), StopReason::kMoved);
  soundness.note_damage("a page");
  EXPECT_EQ(soundness.reason(), StopReason::kDamaged);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
