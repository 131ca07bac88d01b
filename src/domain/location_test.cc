// SPDX-License-Identifier: MIT
#include "domain/location.h"

#include <algorithm>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

// TakenUrl in target_url_test.cc says what becomes of targets that were checked; here stands what
// becomes of any other text, such as rows of an old database.

struct Row {
  std::string_view text;
  std::string_view location;
};

void PrintTo(const Row& row, std::ostream* out) {  // NOLINT: GoogleTest asks for this name
  *out << row.text;
}

class LocationOf : public testing::TestWithParam<Row> {};

TEST_P(LocationOf, AnyText) {
  EXPECT_EQ(location_of(GetParam().text), GetParam().location) << GetParam().text;
}

using namespace std::string_view_literals;

constexpr Row kRows[] = {
    {"", ""},
    {" \n ", ""},
    {"  https://example.com/x \n", "https://example.com/x"},
    {"no url at all", "no%20url%20at%20all"},
    {"/relative path", "/relative%20path"},
    {"MAILTO:A@b.c", "mailto:A@b.c"},
    {"HTTPS:", "https:"},
    {"http://", "http://"},
    {"http:///Path", "http:///Path"},
    {"http://User:PASS@Example.COM:80/", "http://User:PASS@example.com:80/"},
    {"http://a b@Example.com/", "http://a%20b@example.com/"},
    {"http://Example.com:p\"t/", "http://example.com:p%22t/"},
    {"https://example.com/a\r\nSet-Cookie: x=1", "https://example.com/a%0D%0ASet-Cookie:%20x=1"},
    {"https://exa\nmple.com/", "https://exa%0ample.com/"},
    {"https://ex\0ample.com/\0x"sv, "https://ex%00ample.com/%00x"},
    {"https://example.com/\x7f\x1b", "https://example.com/%7F%1B"},
    {"https://example.com/\xff\xfe", "https://example.com/%FF%FE"},
    {"https://\xff.com/", "https://%ff.com/"},
    {"https://ex\u2100ample.com/", "https://ex%e2%84%80ample.com/"},
    {"https://a%2Fb.com/", "https://a%2fb.com/"},
    {"https://evil.com\\@Good.com/", "https://evil.com%5C@good.com/"},
    {"http://LOCALHOST:8080/x", "http://localhost:8080/x"},
    {"http://LOCALHOST:/x", "http://localhost/x"},
    {"{x}|^`\\", "%7Bx%7D%7C%5E%60%5C"},
    {"https://\u2764\u05d0a.com/", "https://xn--a-zhc109w.com/"},
    {"http://127.1/", "http://127.1/"},
    {"http://[::1", "http://[::1"},
    {"http://[\u00fc]/", "http://[%c3%bc]/"},
    {"a\u0085:b", "a%C2%85:b"},
};
INSTANTIATE_TEST_SUITE_P(Stored, LocationOf, testing::ValuesIn(kRows));

bool fits_a_header(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char character) { return character > 0x20 && character < 0x7f; });
}

class LocationAfter : public testing::TestWithParam<const char*> {};

TEST_P(LocationAfter, NeverHoldsAByteThatAHeaderCannotCarry) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = std::string(GetParam()) + "q" + static_cast<char>(byte) + "z";
    EXPECT_TRUE(fits_a_header(location_of(text))) << byte;
  }
}

TEST_P(LocationAfter, OfALocationIsItself) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string once = location_of(std::string(GetParam()) + static_cast<char>(byte) + ".a");
    EXPECT_EQ(location_of(once), once) << byte;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryPlace,
                         LocationAfter,
                         testing::Values("",
                                         "HTTP://",
                                         "http://A@",
                                         "http://a.com:",
                                         "http://a.com/%zz",
                                         "http://a.com?",
                                         "http://B\u00fccher.",
                                         "http://[",
                                         "x:"));

}  // namespace
}  // namespace ginnel::domain
