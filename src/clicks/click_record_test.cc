// SPDX-License-Identifier: MIT
#include "clicks/click_record.h"

#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "clicks/crc32c.h"
#include "clicks/journal_fixture.h"

namespace ginnel::clicks {
namespace {

/// What `decode` makes of `bytes`, which must be one record and nothing else.
ClickRecord decoded(std::string_view bytes) {
  ClickRecord record;
  EXPECT_EQ(decode(bytes, record), Decoded::kRecord);
  EXPECT_EQ(bytes.size(), 0U);
  return record;
}

Decoded first_in(std::string_view bytes) {
  ClickRecord record;
  return decode(bytes, record);
}

/// Bytes in which `decode` sees the record that was written.
bool is_taken_for(std::string_view bytes, const ClickRecord& written) {
  ClickRecord record;
  return decode(bytes, record) == Decoded::kRecord && record == written;
}

TEST(ClickRecord, ComesBackAsItWasWritten) {
  const ClickRecord written = usual_click();
  EXPECT_EQ(decoded(bytes_of(written)), written);
}

TEST(ClickRecord, HoldsTheSmallestValues) {
  ClickRecord written;
  written.at = domain::Timestamp::min();
  written.link.value = std::numeric_limits<std::int64_t>::min();
  written.user.value = std::numeric_limits<std::int64_t>::min();
  const std::string bytes = bytes_of(written);

  EXPECT_EQ(decoded(bytes), written);
  EXPECT_EQ(bytes.size(), 56U);
}

TEST(ClickRecord, HoldsTheLargestValues) {
  const std::string every_byte = [] {
    std::string text;
    for (int byte = 0; byte < 256; ++byte) {
      text += static_cast<char>(byte);
    }
    return text;
  }();
  ClickRecord written;
  written.at = domain::Timestamp::max();
  written.link.value = std::numeric_limits<std::int64_t>::max();
  written.user.value = std::numeric_limits<std::int64_t>::max();
  written.visitor = std::numeric_limits<std::uint64_t>::max();
  written.network = {{255, 255, 255, 255, 255, 255}, 6};
  written.prefetch = true;
  written.code = std::string_view(every_byte).substr(1);
  written.user_agent = every_byte;
  written.referrer = every_byte;
  const std::string bytes = bytes_of(written);

  EXPECT_EQ(decoded(bytes), written);
  EXPECT_LE(bytes.size(), kMaxRecordBytes);
}

TEST(ClickRecord, IsCutToWhatItsFormHolds) {
  const std::string text(1'000, 'x');
  ClickRecord written = usual_click();
  written.code = text;
  written.user_agent = text;
  written.referrer = text;
  const std::string bytes = bytes_of(written);
  const ClickRecord read = decoded(bytes);

  EXPECT_EQ(read.code.size(), 255U);
  EXPECT_EQ(read.user_agent.size(), kMaxRecordedText);
  EXPECT_EQ(read.referrer.size(), kMaxRecordedText);
}

TEST(ClickRecord, FollowsTheOneBeforeIt) {
  const std::string bytes = bytes_of(usual_click(1)) + bytes_of(usual_click(2));
  std::string_view rest = bytes;
  ClickRecord record;

  ASSERT_EQ(decode(rest, record), Decoded::kRecord);
  ASSERT_EQ(decode(rest, record), Decoded::kRecord);
  EXPECT_EQ(record.visitor, 2U);
  EXPECT_EQ(decode(rest, record), Decoded::kEnd);
}

TEST(ClickRecord, EndsWhereNothingWasWritten) {
  EXPECT_EQ(first_in(""), Decoded::kEnd);
  EXPECT_EQ(first_in(std::string(1, '\0')), Decoded::kEnd);
  EXPECT_EQ(first_in(std::string(4'096, '\0')), Decoded::kEnd);
}

TEST(ClickRecord, IsRefusedWhateverBitChanged) {
  const ClickRecord written = usual_click();
  const std::string whole = bytes_of(written);
  std::size_t missed = 0;
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    missed += first_in(changed) == Decoded::kTorn ? 0 : 1;
  }
  std::printf("%zu bits flipped, %zu not noticed\n", 8 * whole.size(), missed);
  EXPECT_EQ(missed, 0U);
  EXPECT_TRUE(is_taken_for(whole, written)) << "the check must tell a good one";
}

TEST(ClickRecord, IsRefusedWhereverItIsCut) {
  const std::string whole = bytes_of(usual_click());
  std::size_t missed = 0;
  for (std::size_t length = 1; length < whole.size(); ++length) {
    const std::string cut = whole.substr(0, length);
    const std::string with_zeros = cut + std::string(kMaxRecordBytes, '\0');
    missed += first_in(cut) == Decoded::kTorn ? 0 : 1;
    missed += first_in(with_zeros) == Decoded::kTorn ? 0 : 1;
  }
  std::printf("%zu cuts, %zu not noticed\n", 2 * (whole.size() - 1), missed);
  EXPECT_EQ(missed, 0U);
}

/// Lengths that do not add up are refused although somebody made the checksum right: reading them
/// would leave the record.
TEST(ClickRecord, IsRefusedWhenItsLengthsDoNotAddUp) {
  constexpr std::size_t kAgentLength = 48;
  std::string bytes = bytes_of(usual_click());
  bytes[kAgentLength] = static_cast<char>(bytes[kAgentLength] + 1);
  const std::uint32_t checksum = crc32c(std::string_view(bytes).substr(4));
  bytes.replace(0, 4, reinterpret_cast<const char*>(&checksum), 4);

  EXPECT_EQ(first_in(bytes), Decoded::kTorn);
}

TEST(Crc32c, IsCastagnolis) {
  // RFC 3720, appendix B.4.
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
}

TEST(ClientNetwork, IsShownAsANetwork) {
  EXPECT_EQ(to_text(ClientNetwork()), "");
  EXPECT_EQ(to_text(ClientNetwork{{203, 0, 113}, 3}), "203.0.113.0/24");
  EXPECT_EQ(to_text(ClientNetwork{{0x20, 0x01, 0x0d, 0xb8, 0, 1}, 6}), "2001:db8:1::/48");
}

}  // namespace
}  // namespace ginnel::clicks
