// SPDX-License-Identifier: MIT
#include "api/ignored_names.h"

#include <gtest/gtest.h>

#include "support/memory_api.h"
#include "support/sent_request.h"

namespace ginnel::api {
namespace {

const KnownNames kKnown = {{"cursor", "per_page"}, {"title", "user_id"}};

std::string of_query(const std::string& query) {
  return ignored_names(kKnown, *support::SentRequest("GET /urls?" + query, ""));
}

std::string of_body(const std::string& body) {
  return ignored_names(
      kKnown, *support::SentRequest("POST /urls", "Content-Type: application/json\r\n", body));
}

TEST(IgnoredNames, AreThoseThatARouteDoesNotKnow) {
  EXPECT_EQ(of_query("search=x"), "search");
  EXPECT_EQ(of_query("per_page=5&cursor=1"), "");
  EXPECT_EQ(of_query("per_page=5&q=a&limit=3&cursor=1"), "q, limit");
  EXPECT_EQ(of_query("Per_Page=5"), "Per_Page") << "names are compared exactly";
  EXPECT_EQ(of_query("pe%72_page=5&sor%74=x"), "sort") << "and decoded";
  EXPECT_EQ(of_query("title=x"), "title") << "a body's field is no parameter";
  EXPECT_EQ(of_body(R"({"short_code":"mine","title":"t","user_id":1})"), "short_code");
  EXPECT_EQ(of_body(R"({"per_page":1})"), "per_page");
}

TEST(IgnoredNames, StandOnceAndInTheOrderInWhichTheyCame) {
  EXPECT_EQ(of_query("b=1&a=2&b=3&a"), "b, a");
  EXPECT_EQ(of_body(R"({"b":1,"a":{"inner":1},"b":2})"), "b, a");
}

TEST(IgnoredNames, OfNothingAreNone) {
  EXPECT_EQ(of_query(""), "");
  EXPECT_EQ(of_query("&&=x&="), "");
  for (const char* body : {"{}", "[]", "nonsense", "{\"a\":1", "5"}) {
    EXPECT_EQ(of_body(body), "") << body;
  }
  const support::SentRequest form("POST /urls", "Content-Type: text/plain\r\n", "{\"a\":1}");
  EXPECT_EQ(ignored_names(kKnown, *form), "") << "what is no JSON is not read";
}

TEST(IgnoredNames, CannotForgeAFieldOrAListOfNames) {
  EXPECT_EQ(of_query("a%0d%0aSet-Cookie:x=1"), "a%0D%0ASet-Cookie:x");
  EXPECT_EQ(of_query("a,b=1&a%2Cb=2&%20=1&%25=1&%22=1"), "a%2Cb, %20, %25, %22");
  EXPECT_EQ(of_body(R"({"a\r\nb":1,"\u0000":1,"\u00fc":2,"\u202e":3})"),
            "a%0D%0Ab, %00, %C3%BC, %E2%80%AE");
  EXPECT_EQ(of_query("filter[user]=1"), "filter[user]");
}

TEST(IgnoredNames, AreAtMostSixteenInFiveHundredBytes) {
  std::string query;
  for (int i = 0; i < 40; ++i) {
    query += "n" + std::to_string(i) + "=1&";
  }
  const std::string names = of_query(query);
  EXPECT_EQ(std::count(names.begin(), names.end(), ','), 15);
  query.clear();
  std::string list;
  for (char first = 'a'; first <= 'p'; ++first) {
    const std::string name(60, first);
    query += name + "&";
    list += first < 'i' ? (list.empty() ? "" : ", ") + name : "";
  }
  EXPECT_EQ(of_query(query + "short"), list + ", short") << "what does not fit is left out";
}

TEST(IgnoredNames, AreCutWhereTheyAreLong) {
  const std::string whole(64, 'x');
  EXPECT_EQ(of_query(whole), whole);
  const std::string cut = std::string(61, 'x') + "...";
  for (const std::size_t length : {65U, 512U, 513U, 900U}) {
    const std::string name(length, 'x');
    EXPECT_EQ(of_query(name + "=1&search=y"), cut + ", search") << length;
    EXPECT_EQ(of_body("{\"" + name + "\":1}"), cut) << length;
  }
  for (const std::size_t before : {0U, 1U, 2U}) {
    std::string encoded(before, 'x');
    for (int i = 0; i < 200; ++i) {
      encoded += "%00";
    }
    const std::string told = of_query(encoded + "=1");
    EXPECT_EQ(told.substr(told.size() - 6), "%00...") << "600 bytes as it would be written";
    EXPECT_LE(told.size(), kMostNameBytes);
  }
}

TEST(IgnoredNames, AreToldByGuardedRoutesWhateverTheyAnswer) {
  support::MemoryApi api;
  const auto told = [&api](std::string_view line, std::string_view body = {}) {
    const std::string fields = api.ask(line, body).fields;
    const auto at = fields.find("X-Ignored: ");
    return at == std::string::npos ? std::string()
                                   : fields.substr(at + 11, fields.find('\r', at) - at - 11);
  };
  EXPECT_EQ(told("GET /urls?search=x"), "search");
  EXPECT_EQ(told("GET /v1/urls?search=x"), "search");
  EXPECT_EQ(told("POST /users", R"({"name":"ada"})"), "name") << "422";
  EXPECT_EQ(told("POST /users?x=1", R"({"username":"ada","email":"a@b.cd","id":7})"), "x, id");
  EXPECT_EQ(told("GET /users/1?fields=id"), "fields");
  EXPECT_EQ(told("PUT /users/1", R"({"created_at":"x"})"), "created_at");
  EXPECT_EQ(told("DELETE /users/7?force=1"), "force") << "404";
  EXPECT_EQ(told("GET /urls/abc/stats?days=7"), "days");
  EXPECT_EQ(told("GET /urls/1/qr?width=7"), "width");
  EXPECT_EQ(told("GET /audit?user=1"), "user");
  EXPECT_EQ(told("GET /events?type=x&event_type=y"), "type");
  EXPECT_EQ(told("GET /users?page=1&per_page=5&username=ada&cursor=0"), "");
  EXPECT_EQ(told("GET /health?x=1"), "") << "public";
  EXPECT_EQ(told("GET /nosuch.svg?x=1"), "") << "public";
}

}  // namespace
}  // namespace ginnel::api
