// SPDX-License-Identifier: MIT
#include "clicks/click_recorder.h"

#include <gtest/gtest.h>

#include "clicks/journal.h"
#include "support/temporary_folder.h"

namespace ginnel::clicks {
namespace {

/// A recorder and the journal it writes to.
class ClickRecorderTest : public testing::Test {
 protected:
  void SetUp() override { open(AddressPolicy::kShortened); }

  void open(AddressPolicy addresses) {
    recorder_.reset();
    journal_.reset();
    JournalOptions options;
    options.folder = folder_.file("journal");
    options.segment_bytes = 64 << 10;
    auto journal = Journal::open(options, std::string(32, 'd'), 1, log_);
    ASSERT_TRUE(journal) << journal.error().message;
    journal_ = std::move(*journal);
    recorder_ = std::make_unique<ClickRecorder>(journal_->writer(0), addresses);
    recorder_->use_salts({salt(today(), 1), salt(today() + std::chrono::days(1), 2)});
  }

  static std::chrono::sys_days today() {
    return std::chrono::floor<std::chrono::days>(domain::now());
  }

  static storage::VisitorSalt salt(std::chrono::sys_days day, std::uint8_t byte) {
    storage::VisitorSalt salt;
    salt.day = day;
    salt.key.fill(byte);
    return salt;
  }

  static Visit visit(const char* address, std::string_view agent = "agent") {
    Visit visit;
    visit.address = parse_ip_address(address).value_or(IpAddress());
    visit.user_agent = agent;
    return visit;
  }

  void record(const Visit& visit) { recorder_->record({"code", {7}, {3}}, visit); }

  /// What is in the journal.
  std::vector<ClickRecord> written() {
    recorder_->flush();
    for (const SegmentToShip& segment : journal_->segments()) {
      auto part = read_part(segment, 0, 1'000);
      EXPECT_TRUE(part);
      part_ = std::move(*part);
    }
    return part_.records;
  }

  std::vector<std::uint64_t> visitors() {
    std::vector<std::uint64_t> hashes;
    for (const ClickRecord& record : written()) {
      hashes.push_back(record.visitor);
    }
    return hashes;
  }

  observability::Log log_{observability::LogOptions()};
  support::TemporaryFolder folder_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<ClickRecorder> recorder_;
  SegmentPart part_;
};

TEST_F(ClickRecorderTest, WritesWhatTheRequestTells) {
  Visit sent = visit("203.0.113.77", "Mozilla/5.0");
  sent.referrer = "https://example.org/page";
  sent.prefetch = true;

  record(sent);

  const auto records = written();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].code, "code");
  EXPECT_EQ(records[0].link.value, 7);
  EXPECT_EQ(records[0].user.value, 3);
  EXPECT_EQ(records[0].user_agent, "Mozilla/5.0");
  EXPECT_EQ(records[0].referrer, "https://example.org/page");
  EXPECT_TRUE(records[0].prefetch);
  EXPECT_LT(domain::now() - records[0].at, std::chrono::minutes(1));
}

TEST_F(ClickRecorderTest, WritesNothingBeforeTheFlush) {
  record(visit("192.0.2.1"));

  EXPECT_TRUE(journal_->segments().empty());
  EXPECT_EQ(written().size(), 1u);
}

TEST_F(ClickRecorderTest, CutsAddresses) {
  record(visit("203.0.113.77"));
  record(visit("2001:db8:1:2:3:4:5:6"));
  record(visit("::ffff:198.51.100.9"));
  record(visit(""));

  const auto records = written();
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(to_text(records[0].network), "203.0.113.0/24");
  EXPECT_EQ(to_text(records[1].network), "2001:db8:1::/48");
  EXPECT_EQ(to_text(records[2].network), "198.51.100.0/24");
  EXPECT_EQ(to_text(records[3].network), "");
}

TEST_F(ClickRecorderTest, DropsAddressesWhenItIsToldToAndStillKnowsVisitorsApart) {
  open(AddressPolicy::kDropped);
  record(visit("203.0.113.77"));
  record(visit("203.0.113.78"));

  const auto records = written();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].network.length, 0);
  EXPECT_NE(records[0].visitor, records[1].visitor);
}

TEST_F(ClickRecorderTest, KnowsAVisitorByWholeAddressAndAgent) {
  record(visit("203.0.113.77", "a"));
  record(visit("203.0.113.77", "a"));
  record(visit("203.0.113.78", "a"));
  record(visit("203.0.113.77", "b"));

  const auto hashes = visitors();
  ASSERT_EQ(hashes.size(), 4u);
  EXPECT_EQ(hashes[0], hashes[1]);
  EXPECT_NE(hashes[0], hashes[2]);
  EXPECT_NE(hashes[0], hashes[3]);
}

TEST_F(ClickRecorderTest, KnowsNobodyAgainUnderAnotherSalt) {
  record(visit("203.0.113.77"));
  recorder_->flush();
  recorder_->use_salts({salt(today(), 9)});
  record(visit("203.0.113.77"));

  const auto hashes = visitors();
  ASSERT_EQ(hashes.size(), 2u);
  EXPECT_NE(hashes[0], hashes[1]);
}

TEST_F(ClickRecorderTest, KnowsNobodyWithoutASaltOfTheDayOrAnAddress) {
  record(visit(""));
  recorder_->use_salts({salt(today() - std::chrono::days(1), 1)});
  record(visit("203.0.113.77"));

  EXPECT_EQ(visitors(), (std::vector<std::uint64_t>{0, 0}));
}

TEST_F(ClickRecorderTest, CutsTextsThatAreTooLong) {
  Visit sent = visit("192.0.2.1");
  const std::string text(5'000, 'x');
  sent.user_agent = text;
  sent.referrer = text;

  record(sent);

  const auto records = written();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].user_agent.size(), kMaxRecordedText);
  EXPECT_EQ(records[0].referrer.size(), kMaxRecordedText);
}

}  // namespace
}  // namespace ginnel::clicks
