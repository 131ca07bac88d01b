// SPDX-License-Identifier: MIT
#include "clicks/segment.h"

#include <cstdio>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "clicks/crc32c.h"
#include "clicks/journal_fixture.h"
#include "clicks/open_segment.h"
#include "clicks/segment_check.h"
#include "support/temporary_folder.h"

namespace ginnel::clicks {
namespace {

class SegmentTest : public testing::Test {
 protected:
  SegmentToShip written(std::string_view bytes) {
    write_file(path_, bytes);
    return sealed(path_, bytes.size());
  }

  /// Why the header of a file with these bytes is refused.
  Error refusal(std::string_view bytes) {
    write_file(path_, bytes);
    const auto header = read_segment_header(path_);
    return header ? Error(ErrorKind::kInternal, "it was taken") : header.error();
  }

  SegmentCheck checked(std::string_view bytes) {
    write_file(path_, bytes);
    const auto check = check_segment(path_);
    EXPECT_TRUE(check) << check.error().message;
    return check ? *check : SegmentCheck();
  }

  support::TemporaryFolder folder_;
  std::string path_ = folder_.file("a.clicks");
};

TEST_F(SegmentTest, HasAHeaderThatComesBackAsItWasWritten) {
  write_file(path_, segment_of(0));
  const auto header = read_segment_header(path_);

  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->id, header_of().id);
  EXPECT_EQ(header->database, kOurs);
  EXPECT_EQ(header->created, header_of().created);
}

TEST_F(SegmentTest, IsRefusedWhateverBitOfItsHeaderChanged) {
  const std::string whole = segment_of(0);
  std::size_t missed = 0;
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    missed += refusal(changed).kind == ErrorKind::kInvalid ? 0 : 1;
  }
  std::printf("%zu bits flipped, %zu not noticed\n", 8 * whole.size(), missed);
  EXPECT_EQ(missed, 0U);
}

TEST_F(SegmentTest, IsRefusedWhenItIsOfANewerForm) {
  std::string bytes = segment_of(1);
  bytes[8] = 2;
  const Error error = refusal(bytes);

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_NE(error.message.find("newer version (format 2, this one reads 1)"), std::string::npos)
      << error.message;
}

TEST_F(SegmentTest, IsRefusedWhenItIsSomethingElse) {
  EXPECT_NE(refusal("").message.find("shorter than a header"), std::string::npos);
  EXPECT_NE(refusal(std::string(64, 'x')).message.find("does not begin with GINCLICK"),
            std::string::npos);
}

TEST_F(SegmentTest, CannotBeReadWhenItIsNotThere) {
  const auto header = read_segment_header(folder_.file("nothing"));
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().kind, ErrorKind::kNotFound);
  EXPECT_FALSE(read_part(sealed(folder_.file("nothing"), 1'000), 0, 1));
}

TEST_F(SegmentTest, IsReadInPartsOfAnyLength) {
  const SegmentToShip segment = written(segment_of(100));
  for (const std::size_t limit : {1U, 7U, 100U, 101U}) {
    EXPECT_EQ(visitors_in(segment, limit), numbers_to(100)) << limit;
  }
}

TEST_F(SegmentTest, IsNotReadBeyondTheGivenEnd) {
  SegmentToShip segment = written(segment_of(3));
  segment.end = segment_of(2).size();
  const auto part = read_part(segment, 0, 10);

  ASSERT_TRUE(part);
  EXPECT_EQ(part->records.size(), 2U);
  EXPECT_EQ(part->next, segment.end);
  EXPECT_TRUE(part->complete);
  EXPECT_FALSE(part->torn);
}

TEST_F(SegmentTest, EndsWhereItsReservedRoomBegins) {
  const auto part = read_part(written(segment_of(3) + std::string(5'000, '\0')), 0, 10);

  ASSERT_TRUE(part);
  EXPECT_EQ(part->records.size(), 3U);
  EXPECT_TRUE(part->complete);
  EXPECT_FALSE(part->torn);
}

TEST_F(SegmentTest, EndsAtATornRecordAndSaysSo) {
  const std::string whole = segment_of(3);
  const auto part = read_part(written(whole + whole.substr(64, 90)), 0, 10);

  ASSERT_TRUE(part);
  EXPECT_EQ(part->records.size(), 3U);
  EXPECT_EQ(part->next, whole.size());
  EXPECT_TRUE(part->complete);
  EXPECT_TRUE(part->torn);
}

TEST_F(SegmentTest, IsMadeWithRoomAndWithoutRightsForOthers) {
  const auto segment = make_segment(folder_.path(), kOurs, 100'000);
  ASSERT_TRUE(segment) << segment.error().detail;
  struct stat status {};
  ASSERT_EQ(::stat((*segment)->path.c_str(), &status), 0);

  EXPECT_EQ(status.st_size, 100'000);
  EXPECT_GE(status.st_blocks * 512, 100'000);
  EXPECT_EQ(status.st_mode & 0137U, 0U);
  EXPECT_EQ(read_segment_header((*segment)->path)->id, (*segment)->header.id);
}

TEST_F(SegmentTest, IsNotMadeWhereThereIsNoFolder) {
  const auto segment = make_segment(folder_.file("nothing"), kOurs, 100'000);
  ASSERT_FALSE(segment);
  EXPECT_EQ(segment.error().kind, ErrorKind::kUnavailable);
}

TEST_F(SegmentTest, IsCheckedToEndClean) {
  const SegmentCheck check = checked(segment_of(3) + std::string(5'000, '\0'));
  EXPECT_EQ(check.ending, SegmentEnding::kClean);
  EXPECT_EQ(check.records, 3U);
  EXPECT_EQ(check.end, segment_of(3).size());
}

TEST_F(SegmentTest, IsCheckedToBeTornWhenNoSoundRecordFollows) {
  const std::string whole = segment_of(3);
  const SegmentCheck check = checked(whole.substr(0, whole.size() - 5));
  EXPECT_EQ(check.ending, SegmentEnding::kTorn);
  EXPECT_EQ(check.records, 2U);
  EXPECT_EQ(check.end, segment_of(2).size());
  EXPECT_GT(check.bytes_behind, 100U);
  EXPECT_EQ(check.records_behind, 0U);
}

TEST_F(SegmentTest, IsCheckedToBeDamagedWhereverAByteOfAMiddleRecordChanged) {
  const std::string whole = segment_of(4);
  const std::size_t begin = segment_of(1).size();
  const std::size_t end = segment_of(2).size();
  std::size_t missed = 0;
  for (std::size_t at = begin; at < end; ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(~changed[at]);
    const SegmentCheck check = checked(changed);
    const bool found = check.ending == SegmentEnding::kDamaged && check.records == 1 &&
                       check.end == begin && check.records_behind == 2;
    missed += found ? 0 : 1;
  }
  std::printf("%zu bytes changed, %zu not found\n", end - begin, missed);
  EXPECT_EQ(missed, 0U);
}

/// A power failure may leave a page unwritten and the one behind it written.
TEST_F(SegmentTest, IsCheckedToBeDamagedWhenRecordsFollowZeros) {
  const SegmentCheck check =
      checked(segment_of(2) + std::string(4'096, '\0') + bytes_of(usual_click()));
  EXPECT_EQ(check.ending, SegmentEnding::kDamaged);
  EXPECT_EQ(check.records, 2U);
  EXPECT_EQ(check.records_behind, 1U);
}

/// More than one piece is read, and records lie across the ends of pieces.
TEST_F(SegmentTest, IsCheckedWhenItIsLargerThanAPiece) {
  std::string bytes = segment_of(20'000);
  ASSERT_GT(bytes.size(), std::size_t{3} << 20);
  EXPECT_EQ(checked(bytes).records, 20'000U);

  bytes[segment_of(10).size()] ^= 1;
  const SegmentCheck check = checked(bytes);
  EXPECT_EQ(check.records, 10U);
  EXPECT_EQ(check.records_behind, 19'989U);
}

}  // namespace
}  // namespace ginnel::clicks
