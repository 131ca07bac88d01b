// SPDX-License-Identifier: MIT
#include "clicks/journal_inspection.h"

#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>

#include "clicks/journal_fixture.h"
#include "support/temporary_folder.h"

namespace ginnel::clicks {
namespace {

class JournalInspectionTest : public testing::Test {
 protected:
  std::string inspected(const std::string& path, bool sound = true) {
    std::ostringstream out;
    const auto done = inspect_journal(path, out);
    EXPECT_TRUE(done && *done == sound);
    return out.str();
  }

  std::string verified(const std::string& path, bool sound = true) {
    std::ostringstream out;
    const auto done = verify_journal(path, out);
    EXPECT_TRUE(done && *done == sound);
    return out.str();
  }

  support::TemporaryFolder folder_;
  std::string path_ = folder_.file("a.clicks");
};

TEST_F(JournalInspectionTest, ShowsHeaderRecordsAndEnd) {
  ClickRecord click = usual_click();
  click.user_agent = "agent";
  click.referrer = "";
  write_file(path_, segment_of(0) + bytes_of(click));

  EXPECT_EQ(inspected(path_),
            "segment 0123456789abcdef0123456789abcdef of database "
            "dddddddddddddddddddddddddddddddd, made 2026-11-25T00:00:00\n"
            "64 2026-11-25T00:00:00.123456 code=\"Ab3xY9z\" link=42 user=7 "
            "visitor=0000000000000001 network=203.0.113.0/24 referrer=\"\" agent=\"agent\"\n" +
                path_ + ": 1 records, 132 bytes, ends clean\n");
}

TEST_F(JournalInspectionTest, EscapesWhatIsNotPrintable) {
  ClickRecord click = usual_click();
  click.user_agent = "a\"b\\c\nd\x1b[31m\xc3\xa4";
  write_file(path_, segment_of(0) + bytes_of(click));

  const std::string text = inspected(path_);
  EXPECT_NE(text.find(R"(agent="a\"b\\c\x0ad\x1b[31m\xc3\xa4")"), std::string::npos) << text;
}

TEST_F(JournalInspectionTest, ShowsWhatIsMissingAsMissing) {
  ClickRecord click;
  click.prefetch = true;
  write_file(path_, segment_of(0) + bytes_of(click));
  EXPECT_NE(inspected(path_).find("network=- prefetch "), std::string::npos);
}

TEST_F(JournalInspectionTest, VerifiesEverySegmentBelowAFolder) {
  std::filesystem::create_directory(folder_.file("0"));
  write_file(folder_.file("0/a.clicks"), segment_of(2));
  write_file(folder_.file("0/lock"), "");
  write_file(path_, segment_of(1));

  EXPECT_EQ(verified(folder_.path()),
            folder_.file("0/a.clicks") + ": 2 records, 458 bytes, ends clean\n" + path_ +
                ": 1 records, 261 bytes, ends clean\n");
}

TEST_F(JournalInspectionTest, TakesATornEndForSound) {
  const std::string bytes = segment_of(2);
  write_file(path_, bytes.substr(0, bytes.size() - 1));
  const std::string text = verified(path_);
  EXPECT_NE(text.find("1 records, 261 bytes, torn at byte 261: "), std::string::npos) << text;
}

TEST_F(JournalInspectionTest, TellsDamageFromATornEnd) {
  std::string bytes = segment_of(3);
  bytes[segment_of(1).size()] ^= 1;
  write_file(path_, bytes);
  const std::string text = verified(path_, false);
  EXPECT_NE(text.find("DAMAGED at byte 261: 1 sound records behind it"), std::string::npos) << text;
}

TEST_F(JournalInspectionTest, TellsADamagedHeader) {
  std::string bytes = segment_of(1);
  bytes[20] ^= 1;
  write_file(path_, bytes);
  EXPECT_NE(verified(path_, false).find("its header is damaged"), std::string::npos);
  EXPECT_NE(inspected(path_, false).find("its header is damaged"), std::string::npos);
}

TEST_F(JournalInspectionTest, FailsWhereThereIsNothing) {
  std::ostringstream out;
  const auto done = verify_journal(folder_.file("nothing"), out);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace ginnel::clicks
