// SPDX-License-Identifier: MIT
#include "domain/user.h"

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

std::string text_of(const std::optional<FieldFault>& fault) {
  return fault ? fault->field + ": " + fault->message : std::string();
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) {
    result += text;
  }
  return result;
}

TEST(Username, MayBeAnyTextThatIsNotBlank) {
  for (const char* name :
       {"a", "  padded  ", "caf\xc3\xa9", "two words", "\xf0\x9f\x98\x80", "a@b"}) {
    EXPECT_FALSE(username_fault(name)) << name;
  }
}

TEST(Username, MayNotBeBlank) {
  for (const char* name : {"", " ", "\t\n", "\xc2\xa0", "\xe3\x80\x80 \xe2\x80\x83"}) {
    EXPECT_EQ(text_of(username_fault(name)), "username: Username must be a non-empty string");
  }
}

TEST(Username, ShowsSomething) {
  for (const char* name : {"\u200b",
                           "\u3164",
                           "\u115f\u1160",
                           "\uffa0 \u200d",
                           "\u2800",
                           "\u2800\u200b\u2800",
                           "\u00ad",
                           "\ufe0f",
                           "\U0001d159",
                           "\U000e0041"}) {
    EXPECT_EQ(text_of(username_fault(name)), "username: Username must have a visible character")
        << name;
  }
  for (const char* name : {"\u2764\ufe0f", "\u200bada\u3164", "\u2800\u2801"}) {
    EXPECT_FALSE(username_fault(name)) << name;
  }
}

TEST(Username, DoesNotTurnTheDirectionOfWriting) {
  EXPECT_EQ(text_of(username_fault("a\u202eda")),
            "username: Username must not contain U+202E, which turns the direction of writing");
  for (const char* name : {"a\u061cb", "a\u200eb", "a\u200fb", "a\u202ab", "a\u2066b\u2069"}) {
    EXPECT_TRUE(username_fault(name)) << name;
  }
  EXPECT_FALSE(username_fault("\u202aada\u202c")) << "at the ends they are left out";
  EXPECT_FALSE(username_fault("\u05d0\u05d1 ada"));
}

TEST(Username, KeepsWhatEmojiLiveOn) {
  for (const char* name : {"\U0001f468\u200d\U0001f469\u200d\U0001f467",
                           "\U0001f3f4\U000e0067\U000e0062\U000e007f",
                           "a\u2764\ufe0fb"}) {
    EXPECT_FALSE(username_fault(name)) << name;
  }
}

TEST(KeptUsername, IsTakenAsItWasBefore) {
  for (const char* name :
       {"\u200b", "\u2800", "\u3164", "a\u202eda", "ada\u200b", "a\u009bb", "a\u0085b"}) {
    EXPECT_FALSE(kept_username_fault(name)) << name;
    EXPECT_FALSE(is_todays_username(name)) << name;
  }
  for (const char* name : {"", " ", "\u00a0", "a\nb", "a\xff"}) {
    EXPECT_TRUE(kept_username_fault(name)) << name;
  }
}

TEST(UsernameKey, IsCoarserThanTheOldOne) {
  EXPECT_EQ(username_key(" J\u00dcRGEN\u200b "), "j\u00fcrgen");
  EXPECT_EQ(old_username_key(" J\u00dcRGEN "), "j\u00dcrgen");
  EXPECT_EQ(username_key(old_username_key("J\u00dcRGEN")), username_key("J\u00dcRGEN"));
  EXPECT_EQ(email_key(" A\u00c9@B.c"), "a\u00c9@b.c");
}

TEST(Username, MayNotHoldControlCharacters) {
  EXPECT_EQ(text_of(username_fault(std::string_view("a\0b", 3))),
            "username: Username must not contain control characters");
  EXPECT_EQ(text_of(username_fault("a\nb")),
            "username: Username must not contain control characters");
  for (const char* name :
       {"a\u007fb", "a\u0080b", "a\u0085b", "a\u009bb", "a\u009f", "\u009b31m"}) {
    EXPECT_EQ(text_of(username_fault(name)),
              "username: Username must not contain control characters")
        << name;
  }
  EXPECT_FALSE(username_fault("a\n")) << "white space at the end is trimmed, not refused";
  EXPECT_FALSE(username_fault("a\u0085")) << "so is this";
  EXPECT_FALSE(username_fault("a\u00a1b"));
}

TEST(Username, MayNotBeOtherThanUtf8) {
  EXPECT_EQ(text_of(username_fault("a\xff")), "username: Username must be valid UTF-8");
  EXPECT_EQ(text_of(username_fault("\xed\xa0\x80")), "username: Username must be valid UTF-8");
}

TEST(Username, HasAtMost150CharactersWithoutTheSpaceAroundIt) {
  const std::string longest = repeated("\xc3\xa9", 150);
  EXPECT_FALSE(username_fault(longest));
  EXPECT_FALSE(username_fault("  " + longest + "  "));
  EXPECT_EQ(text_of(username_fault(longest + "x")),
            "username: Username must not exceed 150 characters");
}

TEST(Email, HasNoLabelThatShowsNothing) {
  for (const char* email : {"a@b..cd",
                            "a@b.\u200b.cd",
                            "a@b.\u00ad.cd",
                            "a@b\u3002.cd",
                            "a@b.\uff0ecd",
                            "a@b\uff61\uff61c.de",
                            "a@\u3164.cd",
                            "a@b.\u2800",
                            "a@b.cd\u3002",
                            "a@\uff0eb.cd",
                            "a@b.c\u009bd"}) {
    EXPECT_EQ(text_of(email_fault(email)), "email: Email must be a valid email address") << email;
    EXPECT_FALSE(kept_email_fault(email)) << email;
    EXPECT_FALSE(is_todays_email(email)) << email;
  }
  for (const char* email : {"a@b\u3002c.de", "a@b\u00ad.cd", "a@\u4e2d.\u56fd", "a@b.cd"}) {
    EXPECT_FALSE(email_fault(email)) << email;
    EXPECT_TRUE(is_todays_email(email)) << email;
  }
}

TEST(Email, MayBeLoose) {
  for (const char* email : {"a@b.c",
                            "\xc3\xbc@b.de",
                            "first.last+tag@sub.example.com",
                            "  a@b.c\n",
                            "a..b@c.d",
                            "a@b.c\u2003",
                            "\ufeffa@b.c\u200b",
                            "\"quoted\"@b.c"}) {
    EXPECT_FALSE(email_fault(email)) << email;
  }
}

TEST(Email, NeedsTheFormOfAnAddress) {
  for (const char* email :
       {"",          "a",        "a@b",           "@b.c",         "a@.b",
        "a@b.",      "a@",       "a@@b.c",        "a@b@c.d",      "a b@c.d",
        "a@b .c",    "a\t@b.c",  "a\xc2\xa0@b.c", "a@b..c",       "a@..b",
        "a@.b.c",    "a@b.c.",   "mailto:a@b.c",  "MailTo:a@b.c", "a\u202eb@c.d",
        "a@b\x01.c", "a\xff@b.c"}) {
    EXPECT_EQ(text_of(email_fault(email)), "email: Email must be a valid email address") << email;
  }
}

TEST(KeptEmail, IsTakenAsItWasBefore) {
  for (const char* email : {"a@b..c", "a@..b", "mailto:a@b.c", "a@b.c\u200b"}) {
    EXPECT_FALSE(kept_email_fault(email)) << email;
  }
  EXPECT_TRUE(kept_email_fault("a@b.c\u2003"));
}

TEST(Email, HasAtMost254Characters) {
  const std::string host = "@b.c";
  EXPECT_FALSE(email_fault(repeated("\xc3\xa9", 250) + host));
  EXPECT_TRUE(email_fault(std::string(251, 'a') + host));
}

TEST(Metadata, MayBeAnyObjectOfSixteenKibibytes) {
  EXPECT_FALSE(metadata_fault("{}"));
  EXPECT_FALSE(metadata_fault(R"({"plan":"pro","tags":["a",{"b":null}]})"));
  EXPECT_EQ(text_of(metadata_fault("null")), "metadata: metadata must be a JSON object");
  EXPECT_EQ(text_of(metadata_fault(R"({"a":")" + repeated("x", 16'384) + "\"}")),
            "metadata: metadata must not exceed 16384 bytes");
  EXPECT_EQ(text_of(metadata_fault(R"({"a":1e400})")),
            "metadata: metadata.a is a number beyond what a double can hold");
}

}  // namespace
}  // namespace ginnel::domain
