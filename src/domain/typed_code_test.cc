// SPDX-License-Identifier: MIT
#include "domain/typed_code.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "domain/reserved_codes.h"

namespace ginnel::domain {
namespace {

constexpr std::string_view kNothing = "(nothing)";

std::string_view code_in(std::string_view text) {
  return code_within(text).value_or(kNothing);
}

TEST(CodeWithin, IsTheWholeTextWhereThatCouldBeACode) {
  for (const char* text : {"abc", "a", "a-b_C9", "code-", "_code_", "---", "urls"}) {
    EXPECT_EQ(code_in(text), text);
  }
}

TEST(CodeWithin, LeavesOutWhatIsTakenAlongBehindIt) {
  for (const char* ending : {"/",      "//",         "///",
                             ".",      "..",         "...",
                             ",",      ";",          ":",
                             "!",      ")",          "]",
                             "}",      ">",          "\"",
                             "'",      "`",          "*",
                             "**",     "~",          "|",
                             "\\",     "=",          "$",
                             "^",      "%",          "@",
                             "/.",     "./",         ").",
                             ".)",     ".-",         "._",
                             " ",      "  ",         "\t",
                             "\n",     "\r\n",       " .",
                             "\u00a0", "\u200b",     "\u200c",
                             "\u200d", "\u2060",     "\ufeff",
                             "\u00ad", "\u202a",     "\u202c",
                             "\u200e", "\u200f",     "\u2066",
                             "\u2069", "\u3000",     "\u2003",
                             "\u2028", "\u2029",     "\u2800",
                             "\u3164", "\ufe0f",     "\u180e",
                             "\u034f", "\u2018",     "\u2019",
                             "\u201c", "\u201d",     "\u201e",
                             "\u00ab", "\u00bb",     "\u2039",
                             "\u203a", "\u2026",     "\u2013",
                             "\u2014", "\u3002",     "\u3001",
                             "\uff0c", "\uff0e",     "\uff09",
                             "\uff1f", "\uff01",     "\u300d",
                             "\u300f", "\u3011",     "\u060c",
                             "\u061f", "\u06d4",     "\u0964",
                             "\u055d", "\u05be",     "\u00b4",
                             "\u2022", "\U000e0001", "\u201d.\u200b"}) {
    EXPECT_EQ(code_in("code" + std::string(ending)), "code") << ending;
  }
}

TEST(CodeWithin, LeavesOutAQueryWhoseMarkWasEncoded) {
  for (const char* ending : {"?",
                             "&",
                             "#",
                             "?fbclid=1",
                             "?utm_source=a&b=c",
                             "&fbclid=1",
                             "&amp;x=1",
                             "#top",
                             "#:~:text=a%20b",
                             "?u=https://example.org/a/b",
                             "?a=\xff\xfe",
                             "/?x=1",
                             ".?x=1",
                             ")&x",
                             "?\u00e9",
                             "?+"}) {
    EXPECT_EQ(code_in("code" + std::string(ending)), "code") << ending;
  }
}

TEST(CodeWithin, LeavesOutWhatIsTakenAlongBeforeIt) {
  for (const char* before : {"/",
                             "//",
                             " ",
                             "\"",
                             "(",
                             "<",
                             "[",
                             "'",
                             "*",
                             ".",
                             "\u201c",
                             "\u00ab",
                             "\u200b",
                             "\ufeff",
                             "\u300c",
                             "\u202a",
                             "/ "}) {
    EXPECT_EQ(code_in(std::string(before) + "code"), "code") << before;
    EXPECT_EQ(code_in(std::string(before) + "code" + std::string(before)), "code") << before;
  }
}

TEST(CodeWithin, KeepsHyphensAndUnderscoresOfTheCode) {
  EXPECT_EQ(code_in("code-/"), "code-");
  EXPECT_EQ(code_in("/_code_."), "_code_");
  EXPECT_EQ(code_in("\"-a-\""), "-a-");
}

TEST(CodeWithin, MayBeMadeOfSigns) {
  for (const std::string code : {"---", "____", "-_-_-", "_"}) {
    for (const char* before : {"", "/", "//", " ", "(", "\u201c", "\u200b", "./"}) {
      for (const char* behind : {"/",
                                 "//",
                                 ".",
                                 ")",
                                 " ",
                                 "\u200b",
                                 "/-",
                                 ".-_",
                                 "?x=1",
                                 "&a",
                                 "#top",
                                 "/?x-y",
                                 "?u=https://example.org/a_b",
                                 "?-",
                                 ".?\xff"}) {
        EXPECT_EQ(code_in(before + code + behind), code) << before << code << behind;
      }
    }
  }
  EXPECT_EQ(code_in("--x.-"), "--x");
  EXPECT_EQ(code_in("-/x"), "x");
  EXPECT_EQ(code_in("--/x?-"), "x");
  EXPECT_EQ(code_in("--/x/y"), kNothing);
  EXPECT_EQ(code_in("--\u00e9"), kNothing);
  EXPECT_EQ(code_in(std::string(33, '-') + "/"), kNothing);
}

TEST(CodeWithin, IsNothingWhereAnythingElseStands) {
  for (const char* text : {"",
                           "/",
                           ".",
                           "...",
                           "code/any",
                           "code/any/thing",
                           "any/code/",
                           "wp-login.php",
                           "index.php",
                           "code.html",
                           "a.b",
                           "code+",
                           "code+/",
                           "+code",
                           "code x",
                           "code.png",
                           "code.svg/",
                           "code\u00e9",
                           "\u00e9",
                           "code\u0301",
                           "code\U0001f44d",
                           "code/x?y",
                           "code\xe2\x80",
                           "code\xff",
                           "code\x80.",
                           "code/\u0430",
                           "wp-login.php?x=1",
                           "code;x=1",
                           "co de",
                           "co\u200b"
                           "de"}) {
    EXPECT_EQ(code_in(text), kNothing) << text;
  }
  EXPECT_EQ(code_in({"code\0", 5}), kNothing);
  EXPECT_EQ(code_in("code\x7f"), kNothing);
  EXPECT_EQ(code_in("code\x1b"), kNothing);
  EXPECT_EQ(code_in(std::string(33, 'x') + "."), kNothing);
  EXPECT_EQ(code_in(std::string(32, 'x') + "."), std::string(32, 'x'));
}

TEST(CodeWithin, IsNoReservedWordThatIsWrittenInAnotherWay) {
  for (const std::string_view word : reserved_codes()) {
    for (const std::string& text : {std::string(word) + "/",
                                    "/" + std::string(word),
                                    "/" + std::string(word) + "/",
                                    std::string(word) + "."}) {
      EXPECT_EQ(code_in(text), kNothing) << text;
    }
  }
  EXPECT_EQ(code_in("/URLS"), kNothing);
  EXPECT_EQ(code_in("/urls/1"), kNothing);
}

std::vector<std::string_view> shorter(std::string_view code) {
  std::vector<std::string_view> texts;
  for (const std::string_view text : shorter_codes(code)) {
    if (!text.empty()) {
      texts.push_back(text);
    }
  }
  return texts;
}

TEST(ShorterCodes, LeaveOutWhatStandsAtTheEnds) {
  using Texts = std::vector<std::string_view>;
  EXPECT_EQ(shorter("code"), Texts());
  EXPECT_EQ(shorter("co-de"), Texts());
  EXPECT_EQ(shorter("code-"), Texts({"code"}));
  EXPECT_EQ(shorter("code_-"), Texts({"code_", "code"}));
  EXPECT_EQ(shorter("code---"), Texts({"code--", "code-", "code"}));
  EXPECT_EQ(shorter("code-----"), Texts({"code----", "code---", "code"}));
  EXPECT_EQ(shorter("_code"), Texts({"code"}));
  EXPECT_EQ(shorter("_code_"), Texts({"_code", "code_", "code"}));
  EXPECT_EQ(shorter("--code"), Texts({"-code", "code"}));
  EXPECT_EQ(shorter("_code---_"),
            Texts({"_code---", "code---_", "_code--", "code---", "code--", "_code", "code"}));
  EXPECT_EQ(shorter("--_-a-_--").size(), 15U);
  EXPECT_EQ(shorter(std::string(16, '-') + 'a' + std::string(15, '_')).size(), 15U);
}

TEST(ShorterCodes, KeepSomethingOfSigns) {
  using Texts = std::vector<std::string_view>;
  EXPECT_EQ(shorter("-"), Texts());
  EXPECT_EQ(shorter("-_"), Texts({"-", "_"}));
  EXPECT_EQ(shorter("-_-"), Texts({"-_", "_-", "-", "_", "-"}));
  EXPECT_EQ(shorter("_-__-_"),
            Texts({"_-__-", "-__-_", "_-__", "-__-", "__-_", "-__", "__-", "__"}));
  EXPECT_EQ(shorter(std::string(32, '-')).size(), 4U) << "by length alone";
  EXPECT_EQ(shorter(""), Texts());
}

TEST(CodeStem, IsThatOfEveryCodeThatMayBeMeant) {
  for (const char* code : {"summer", "SUMMER", "Summer-", "_sUmMeR", "--Summer__"}) {
    EXPECT_EQ(code_stem(code), "summer") << code;
    for (const std::string_view text : shorter(code)) {
      EXPECT_EQ(code_stem(text), "summer") << text;
    }
  }
  for (const char* code : {"----", "_-_-", "_"}) {
    EXPECT_EQ(code_stem(code), "") << code;
    for (const std::string_view text : shorter(code)) {
      EXPECT_EQ(code_stem(text), "") << text;
    }
  }
  EXPECT_EQ(code_stem("a-B_c"), "a-b_c");
  EXPECT_EQ(code_stem("-_-"), "");
  EXPECT_EQ(code_stem(""), "");
}

TEST(SameInAnyCase, KnowsCaseAndNothingElse) {
  EXPECT_TRUE(same_in_any_case("aB-_9", "Ab-_9"));
  EXPECT_FALSE(same_in_any_case("ab", "abc"));
  EXPECT_FALSE(same_in_any_case("a-", "a_"));
}

}  // namespace
}  // namespace ginnel::domain
