// SPDX-License-Identifier: MIT
#include "api/row_answers.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "support/memory_api.h"

namespace ginnel::api {
namespace {

/// A page of a list: the length of its body and the numbers of its rows.
struct SeenPage {
  std::size_t bytes = 0;
  std::vector<std::int64_t> ids;
};

std::vector<std::int64_t> ids_in(const std::string& body) {
  const auto rows = boost::json::parse(body);
  std::vector<std::int64_t> ids;
  for (const auto& row : rows.as_array()) {
    ids.push_back(row.at("id").as_int64());
  }
  return ids;
}

/// Where `Link` leads, or nothing.
std::string next_in(std::string_view fields) {
  constexpr std::string_view kName = "Link: <";
  const auto begin = fields.find(kName);
  if (begin == fields.npos) {
    return {};
  }
  fields.remove_prefix(begin + kName.size());
  return std::string(fields.substr(0, fields.find('>')));
}

/// What a list gives when its `Link` is followed.
class Lists : public testing::Test {
 protected:
  void SetUp() override { make("/users", R"({"username":"ada","email":"ada@example.org"})"); }

  void make(const std::string& path, const std::string& body) {
    const auto response = api_.ask("POST " + path, body);
    ASSERT_EQ(response.status, 201) << response.body.substr(0, 200);
  }

  void make_links(int count, const std::string& title) {
    std::string draft = R"({"user_id":1,"original_url":"https://example.com/)";
    draft.append(2'000, 'x').append(R"(","title":")").append(title).append("\"}");
    for (int i = 0; i < count; ++i) {
      make("/urls", draft);
    }
  }

  std::vector<SeenPage> follow(std::string target) {
    std::vector<SeenPage> pages;
    while (!target.empty()) {
      const auto response = api_.ask("GET " + target);
      EXPECT_EQ(response.status, 200) << target;
      pages.push_back({response.body.size(), ids_in(response.body)});
      target = next_in(response.fields);
    }
    return pages;
  }

  /// The numbers of all rows, in the order in which they came, on several pages that are as large
  /// as they may be and no larger.
  std::vector<std::int64_t> whole(const std::string& target, std::size_t bytes_of_row) {
    constexpr std::size_t kMost = kMaxPageBytes + 3;  // brackets and a newline
    const auto pages = follow(target);
    std::vector<std::int64_t> ids;
    std::size_t full = 0;
    for (const SeenPage& page : pages) {
      full += page.bytes <= kMost && page.bytes + bytes_of_row > kMaxPageBytes ? 1 : 0;
      ids.insert(ids.end(), page.ids.begin(), page.ids.end());
    }
    EXPECT_GE(full, pages.size() - 1);
    EXPECT_LE(pages.back().bytes, kMost);
    EXPECT_GT(pages.size(), 1U);
    return ids;
  }

  support::MemoryApi api_;
};

std::vector<std::int64_t> numbers(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> ids;
  for (auto id = first; id <= last; ++id) {
    ids.push_back(id);
  }
  return ids;
}

TEST_F(Lists, OfLargeEventsEndAtFourMebibytes) {
  make("/urls", R"({"user_id":1,"original_url":"https://example.com/","title":"t"})");  // event 1
  const std::string details = R"({"x":")" + std::string(65'000, 'x') + "\"}";
  for (int i = 0; i < 150; ++i) {
    make("/events", R"({"url_id":1,"user_id":1,"event_type":"a<b","details":)" + details + "}");
  }

  EXPECT_EQ(whole("/events?per_page=1000", 66'000), numbers(1, 151));
  EXPECT_EQ(whole("/v1/events?per_page=1000&event_type=a%3Cb", 66'000), numbers(2, 151));
  EXPECT_EQ(whole("/events?event_type=a<b&user_id=1&per_page=120", 66'000), numbers(2, 151));
  EXPECT_EQ(whole("/audit?per_page=1000", 66'000), numbers(1, 152));
}

// A character of a title is up to four bytes in a store and up to twelve in JSON.
TEST_F(Lists, CountWhatTheirRowsTakeAsJson) {
  std::string title;
  for (int i = 0; i < 500; ++i) {
    title += "\U0001F600";
  }
  make_links(700, title);

  EXPECT_EQ(whole("/urls?per_page=1000", 8'500), numbers(1, 700));
  auto newest = whole("/urls?per_page=1000&order=newest&is_active=true", 8'500);
  std::reverse(newest.begin(), newest.end());
  EXPECT_EQ(newest, numbers(1, 700));
}

TEST_F(Lists, OfUsersLeadFromAPageByNumberToTheRowsThatItLeftOut) {
  const auto many = [](int count, char letter) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      text += "\U0001F600";
    }
    return text + letter;
  };
  for (int i = 0; i < 890; ++i) {
    const std::string name = std::to_string(i) + many(146, 'n');
    make("/users",
         R"({"username":")" + name + R"(","email":")" + many(244, 'e') + "@x.y" +
             std::to_string(i) + "\"}");
  }

  EXPECT_EQ(whole("/users?page=1&per_page=880", 5'000), numbers(1, 891));
  EXPECT_EQ(follow("/users?page=2&per_page=880").front().ids.front(), 881);
}

TEST_F(Lists, OfSmallRowsEndWhereTheirRowsDo) {
  for (int i = 0; i < 25; ++i) {
    make("/users",
         R"({"username":"u)" + std::to_string(i) + R"(","email":"u)" + std::to_string(i) +
             "@example.org\"}");
  }
  const auto pages = follow("/users");

  ASSERT_EQ(pages.size(), 2U);
  EXPECT_EQ(pages[0].ids, numbers(1, 20));
  EXPECT_EQ(pages[1].ids, numbers(21, 26));
}

/// How many of three users an array of `max_bytes` holds, and its text.
std::pair<std::size_t, std::string> array_of_three(std::size_t max_bytes) {
  const std::vector<domain::User> users(3);
  std::string text;
  const std::size_t count = append_json_array(text, users, max_bytes);
  return {count, text};
}

TEST(JsonArray, TakesWhatFitsAndOneThingAtLeast) {
  const std::string user = domain::json_of(domain::User());
  const std::size_t one = user.size();
  EXPECT_EQ(array_of_three(0), std::pair(std::size_t{1}, "[" + user + "]"));
  EXPECT_EQ(array_of_three(2 * one).first, 1U) << "there is a comma too";
  EXPECT_EQ(array_of_three(2 * one + 1), std::pair(std::size_t{2}, "[" + user + "," + user + "]"));
  EXPECT_EQ(array_of_three(3 * one + 1).first, 2U);
  EXPECT_EQ(array_of_three(3 * one + 2).first, 3U);
}

TEST(JsonArray, OfNothingIsEmpty) {
  std::string text;
  EXPECT_EQ(append_json_array(text, std::vector<domain::User>(), 0), 0U);
  EXPECT_EQ(text, "[]");
}

}  // namespace
}  // namespace ginnel::api
