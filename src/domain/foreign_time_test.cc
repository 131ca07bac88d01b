// SPDX-License-Identifier: MIT
#include "domain/foreign_time.h"

#include <string>

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

/// The instant a time of others means, in our form; with a `*` when it said its zone.
std::string foreign(std::string_view text) {
  const auto time = parse_foreign_time(text);
  return time ? to_text(time->at) + (time->has_zone ? "*" : "") : "nothing";
}

TEST(ParseForeignTime, ReadsWhatHasNoZoneAsParseTimestampDoes) {
  EXPECT_EQ(foreign("2025-07-13 12:40:57"), "2025-07-13T12:40:57");
  EXPECT_EQ(foreign("2025-07-13T12:40:57.681306"), "2025-07-13T12:40:57.681306");
}

TEST(ParseForeignTime, ConvertsZonesToUtc) {
  for (const char* zone : {"Z", "z", " Z", " UTC", "UTC", " GMT", "+00:00", "-00:00", "+00"}) {
    EXPECT_EQ(foreign("2025-07-13T12:40:57" + std::string(zone)), "2025-07-13T12:40:57*") << zone;
  }
  for (const char* zone : {"+02:00", "+0200", "+02", " +02:00", " +0200"}) {
    EXPECT_EQ(foreign("2025-01-01 01:30:00" + std::string(zone)), "2024-12-31T23:30:00*") << zone;
  }
  EXPECT_EQ(foreign("2025-07-13t12:40:57.5-09:30"), "2025-07-13T22:10:57.500000*");
  EXPECT_EQ(foreign("2025-07-13T12:40:57+05:45"), "2025-07-13T06:55:57*");
  EXPECT_EQ(foreign("2025-12-31T23:59:59-14:00"), "2026-01-01T13:59:59*");
}

TEST(ParseForeignTime, DropsTheDigitsOfAFractionBeyondSix) {
  EXPECT_EQ(foreign("2025-07-13T12:40:57.1234567"), "2025-07-13T12:40:57.123456");
  EXPECT_EQ(foreign("2025-07-13T12:40:57.123456789Z"), "2025-07-13T12:40:57.123456*");
  EXPECT_EQ(foreign("2025-07-13T12:40:57.000000000+00:00"), "2025-07-13T12:40:57*");
}

TEST(ParseForeignTime, IsNothingForAnythingElse) {
  for (const char* text : {"",
                           "Z",
                           "2025-07-13",
                           "2025-07-13Z",
                           "2025-07-13T12:40Z",
                           "2025-07-13T12:40:57 ",
                           "2025-07-13T12:40:57.Z",
                           "2025-07-13T12:40:57ZZ",
                           "2025-07-13T12:40:57+2",
                           "2025-07-13T12:40:57+2:00",
                           "2025-07-13T12:40:57+02:0",
                           "2025-07-13T12:40:57+02:",
                           "2025-07-13T12:40:57+02:00:00",
                           "2025-07-13T12:40:57+24:00",
                           "2025-07-13T12:40:57+02:60",
                           "2025-07-13T12:40:57+-2:00",
                           "2025-07-13T12:40:57  +02:00",
                           "2025-07-13T12:40:57 CEST",
                           "2025-02-30T12:40:57Z",
                           "0001-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01"}) {
    EXPECT_EQ(foreign(text), "nothing") << text;
  }
}

}  // namespace
}  // namespace ginnel::domain
