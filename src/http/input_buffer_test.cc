// SPDX-License-Identifier: MIT
#include "http/input_buffer.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace ginnel::http {
namespace {

void fill(InputBuffer& buffer, const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    buffer.make_space();
    const std::size_t count = std::min(buffer.space().size(), bytes.size() - done);
    ASSERT_GT(count, 0u);
    std::copy_n(bytes.data() + done, count, buffer.space().data());
    buffer.mark_filled(count);
    done += count;
  }
}

TEST(InputBuffer, KeepsARequestInPlaceUntilItIsDropped) {
  InputBuffer buffer;
  fill(buffer, "header|next");
  buffer.mark_parsed(7);
  EXPECT_EQ(std::string(buffer.message(), 6), "header");
  buffer.drop_message();
  EXPECT_EQ(buffer.unparsed(), "next");
  EXPECT_EQ(std::string(buffer.message(), 4), "next");
}

TEST(InputBuffer, GrowsForALargeHeader) {
  InputBuffer buffer;
  const std::string header(16'000, 'h');
  fill(buffer, header);
  EXPECT_EQ(buffer.unparsed(), header);
}

TEST(InputBuffer, TakesABodyOfAnyLengthAtConstantSize) {
  InputBuffer buffer;
  fill(buffer, "pipelined|header|");
  buffer.mark_parsed(10);
  buffer.drop_message();
  buffer.mark_parsed(7);
  buffer.header_ends_after(7);
  std::string body;
  for (int piece = 0; piece < 1'000; ++piece) {
    fill(buffer, std::string(1'000, static_cast<char>('a' + piece % 26)));
    body.append(buffer.unparsed());
    buffer.mark_parsed(buffer.unparsed().size());
    ASSERT_EQ(std::string(buffer.message(), 7), "header|");
  }
  EXPECT_EQ(body.size(), 1'000'000u);
  buffer.make_space();
  EXPECT_LE(buffer.space().size(), InputBuffer::kMaxBytes);
}

TEST(InputBuffer, AlwaysHasSpaceToRead) {
  InputBuffer buffer;
  fill(buffer, std::string(16'383, 'h'));
  buffer.mark_parsed(16'383);
  buffer.header_ends_after(16'383);
  fill(buffer, std::string(16'383, 'b'));  // a chunk's line that is not complete
  buffer.make_space();
  EXPECT_FALSE(buffer.space().empty());
}

TEST(InputBuffer, HoldsNothingBeforeItsFirstByteAndAfterARelease) {
  InputBuffer buffer;
  EXPECT_EQ(buffer.capacity(), 0u);
  fill(buffer, "request");
  EXPECT_EQ(buffer.capacity(), InputBuffer::kInitialBytes);
  buffer.release();
  EXPECT_EQ(buffer.capacity(), 0u);
  fill(buffer, "next");
  EXPECT_EQ(buffer.unparsed(), "next");
}

TEST(InputBuffer, StaysSmallForABodyThatComesSlowly) {
  InputBuffer buffer;
  fill(buffer, "header|");
  buffer.mark_parsed(7);
  buffer.header_ends_after(7);
  for (int piece = 0; piece < 100; ++piece) {
    buffer.make_space();
    std::fill_n(buffer.space().data(), 1'000, 'b');
    buffer.mark_filled(1'000);
    buffer.mark_parsed(1'000);
  }
  EXPECT_EQ(buffer.capacity(), InputBuffer::kInitialBytes);
}

TEST(InputBuffer, TakesABodyOfAnyLengthInItsFirstBytes) {
  InputBuffer buffer;
  std::string begin(4'007, 'b');
  begin.replace(0, 7, "header|");
  fill(buffer, begin);
  buffer.mark_parsed(4'007);
  buffer.header_ends_after(7);
  for (int piece = 0; piece < 100; ++piece) {
    ASSERT_TRUE(buffer.make_space(false));
    const std::size_t count = buffer.space().size();
    buffer.mark_filled(count);
    buffer.mark_parsed(count);
    ASSERT_EQ(std::string(buffer.message(), 7), "header|");
  }
  EXPECT_EQ(buffer.capacity(), InputBuffer::kInitialBytes);
}

TEST(InputBuffer, SaysWhenOnlyMoreMemoryWouldBeRoom) {
  InputBuffer buffer;
  fill(buffer, std::string(InputBuffer::kInitialBytes, 'h'));
  EXPECT_FALSE(buffer.make_space(false));
  EXPECT_TRUE(buffer.make_space(true));
}

TEST(InputBuffer, ShrinksBesideTheBeginningOfTheNextRequest) {
  InputBuffer buffer;
  std::string bytes(16'000, 'h');
  bytes += "next";
  fill(buffer, bytes);
  buffer.mark_parsed(16'000);
  buffer.drop_message();
  EXPECT_EQ(buffer.capacity(), InputBuffer::kInitialBytes);
  EXPECT_EQ(buffer.unparsed(), "next");
  EXPECT_EQ(std::string(buffer.message(), 4), "next");
}

}  // namespace
}  // namespace ginnel::http
