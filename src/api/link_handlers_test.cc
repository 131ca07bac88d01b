// SPDX-License-Identifier: MIT
#include "api/link_handlers.h"

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "support/memory_api.h"

namespace ginnel::api {
namespace {

constexpr std::string_view kDraft =
    R"({"user_id":1,"original_url":"https://example.com/a","title":"A","code":"abc"})";

class Links : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(api_.ask("POST /users", R"({"username":"ada","email":"ada@example.org"})").status,
              201);
  }

  support::MemoryApi api_;
};

TEST_F(Links, AreMadeWithTheCodeAPersonChose) {
  const auto response = api_.ask("POST /urls", kDraft);
  EXPECT_EQ(response.status, 201);
  EXPECT_NE(response.body.find(R"("short_code":"abc")"), std::string::npos) << response.body;
  EXPECT_NE(response.fields.find("X-Short-URL: http://localhost:8080/abc\r\n"), std::string::npos);
}

TEST_F(Links, KeepTheTargetThatIsTheirsWhateverTodaysRules) {
  std::string long_location = "https://example.com/";
  for (int i = 0; i < 660; ++i) {
    long_location += "\u044f";
  }
  auto& links = api_.stores().links();
  int id = 0;
  for (const std::string& target : {long_location,
                                    std::string("https://\u2764\u05d0a.com/x"),
                                    std::string("https://example.com/x\u200b"),
                                    std::string("https://xn--a.com/"),
                                    std::string("http://10.0.0.1/")}) {
    const std::string code = "old" + std::to_string(++id);
    ASSERT_TRUE(run_blocking_task(links.insert({domain::UserId{1}, code, target, "t", true}, {})));
    const std::string path = "PUT /urls/" + std::to_string(id);
    const std::string body = R"({"title":"new","original_url":")" + target + "\"}";
    EXPECT_EQ(api_.ask(path, body).status, 200) << target;
    const domain::Link link = **run_blocking_task(links.find(domain::LinkId{id}, {}));
    EXPECT_EQ(link.target, target);
    EXPECT_EQ(link.title, "new");
    EXPECT_EQ(api_.ask(path, R"({"original_url":"https://example.com/"})").status, 200);
    EXPECT_EQ(api_.ask(path, R"({"original_url":"https://example.com/y\u200b"})").status, 200);
    EXPECT_EQ((*run_blocking_task(links.find(domain::LinkId{id}, {})))->target,
              "https://example.com/y");
  }
  EXPECT_EQ(api_.ask("PUT /urls/1", R"({"original_url":"http://10.0.0.1/"})").status, 400);
}

TEST_F(Links, AreReadByTheirCodesToo) {
  ASSERT_EQ(api_.ask("POST /urls", kDraft).status, 201);
  const auto by_id = api_.ask("GET /urls/1");
  for (const char* path : {"/urls/abc", "/v1/urls/abc", "/urls/%61bc"}) {
    const auto by_code = api_.ask(std::string("GET ") + path);
    EXPECT_EQ(by_code.status, 200) << path;
    EXPECT_EQ(by_code.body, by_id.body) << path;
    EXPECT_EQ(by_code.fields, by_id.fields) << path;
  }
  EXPECT_NE(by_id.fields.find("X-Short-URL: http://localhost:8080/abc\r\n"), std::string::npos);
  EXPECT_EQ(api_.ask("GET /urls/abc/stats").body, api_.ask("GET /urls/1/stats").body);
  EXPECT_EQ(api_.ask("GET /urls/abc/qr").body, api_.ask("GET /urls/1/qr").body);
  const auto unchanged = api_.ask(
      "GET /urls/abc",
      {},
      "If-None-Match: " + by_id.fields.substr(by_id.fields.find("ETag: ") + 6, 34) + "\r\n");
  EXPECT_EQ(unchanged.status, 304);
}

TEST_F(Links, AreReadByExactlyTheirCodes) {
  ASSERT_EQ(api_.ask("POST /urls", kDraft).status, 201);
  ASSERT_EQ(api_.ask("POST /urls",
                     R"({"user_id":1,"original_url":"https://b.cd/","title":"","code":"2026"})")
                .status,
            201);
  for (const char* path : {"/urls/ABC",
                           "/urls/abcd",
                           "/urls/abc.",
                           "/urls/a%00c",
                           "/urls/%2561bc",
                           "/urls/-1",
                           "/urls/2026",  // digits alone are an id
                           "/urls/%C3%BC",
                           "/urls/abc.svg"}) {
    for (const char* below : {"", "/stats", "/qr"}) {
      const auto response = api_.ask(std::string("GET ") + path + below);
      EXPECT_EQ(response.status, 404) << path << below;
      EXPECT_EQ(response.body, "{\"error\":\"URL not found\"}\n") << path << below;
    }
  }
  const auto allowed = api_.router().match(http::Method::kPut, "/urls/abc");
  EXPECT_EQ(allowed.route, nullptr) << "a change names the row by its id";
  EXPECT_EQ(allowed.allow, "GET, HEAD, OPTIONS");
}

TEST_F(Links, HaveAnOwnerWhoseIdCanBeOne) {
  for (const char* id : {"0", "-1", "-9007199254740991"}) {
    const auto response = api_.ask(
        "POST /urls",
        std::string(R"({"original_url":"https://example.com/","title":"t","user_id":)") + id + "}");
    EXPECT_EQ(response.status, 422) << id;
    EXPECT_EQ(response.body,
              "{\"details\":{\"user_id\":\"user_id must be 1 or more\"},"
              "\"error\":\"Validation failed\"}\n")
        << id;
  }
}

TEST_F(Links, OfAnOwnerNobodyKnowsAreRefusedWith400) {
  const auto response =
      api_.ask("POST /urls", R"({"user_id":9,"original_url":"https://example.com/","title":"t"})");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "{\"error\":\"User 9 not found\"}\n");
  EXPECT_EQ(response.error->faults.front().field, "user_id");
}

TEST_F(Links, AreWhereTheirLocationSays) {
  const auto at_root = api_.ask("POST /urls", kDraft);
  EXPECT_NE(at_root.fields.find("Location: /urls/1\r\n"), std::string::npos) << at_root.fields;
  const auto under_v1 = api_.ask(
      "POST /v1/urls", R"({"user_id":1,"original_url":"https://example.com/b","title":"B"})");
  EXPECT_NE(under_v1.fields.find("Location: /v1/urls/2\r\n"), std::string::npos) << under_v1.fields;
}

TEST_F(Links, WhoseCodeCannotBeHadSayThatItIsTheCode) {
  ASSERT_EQ(api_.ask("POST /urls", kDraft).status, 201);
  const std::string reserved =
      R"({"user_id":1,"original_url":"https://example.com/","title":"t","code":"events"})";
  for (const std::string_view body : {kDraft, std::string_view(reserved)}) {
    const auto response = api_.ask("POST /urls", body);
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.error->faults.front().field, "code");
  }
}

TEST_F(Links, HaveAllTheirFaultsTold) {
  const auto response =
      api_.ask("POST /urls", R"({"user_id":true,"original_url":"","title":5,"code":"a"})");
  EXPECT_EQ(response.status, 422);
  for (const char* name : {"\"code\":", "\"original_url\":", "\"title\":", "\"user_id\":"}) {
    EXPECT_NE(response.body.find(name), std::string::npos) << name;
  }
}

TEST_F(Links, AreChangedFieldByField) {
  ASSERT_EQ(api_.ask("POST /urls", kDraft).status, 201);
  const auto off = api_.ask("PUT /urls/1", R"({"is_active":false})");
  EXPECT_EQ(off.status, 200);
  EXPECT_NE(off.body.find(R"("is_active":false,"original_url":"https://example.com/a")"),
            std::string::npos)
      << off.body;
  EXPECT_EQ(api_.ask("PUT /urls/1", R"({"is_active":1})").status, 400);
  EXPECT_EQ(api_.ask("PUT /urls/2", R"({"is_active":1})").status, 404);
}

TEST_F(Links, AreListedAfterTheLastOneSeenByItsOldNameOrTheUsualOne) {
  for (const char* code : {"one", "two", "six"}) {
    std::string body = R"({"user_id":1,"original_url":"https://example.com/","title":"t","code":")";
    api_.ask("POST /urls", body.append(code).append("\"}"));
  }
  EXPECT_EQ(api_.ask("GET /urls?per_page=1").fields,
            "Link: </urls?page_num=1&per_page=1>; rel=\"next\"\r\n");
  EXPECT_EQ(api_.ask("GET /urls?per_page=1&cursor=1").fields,
            "Link: </urls?cursor=2&per_page=1>; rel=\"next\"\r\n");
  EXPECT_EQ(api_.ask("GET /urls?is_active=false").body, "[]\n");
}

TEST_F(Links, AreListedFromTheNewestWhenOrderSaysSo) {
  for (const char* code : {"one", "two", "six"}) {
    api_.ask("POST /urls",
             std::string(R"({"user_id":1,"original_url":"https://example.com/","title":"t",)") +
                 R"("code":")" + code + "\"}");
  }
  const auto newest = api_.ask("GET /urls?order=newest&per_page=1");
  EXPECT_NE(newest.body.find(R"("short_code":"six")"), std::string::npos) << newest.body;
  EXPECT_EQ(newest.fields, "Link: </urls?page_num=3&order=newest&per_page=1>; rel=\"next\"\r\n");
  const auto last = api_.ask("GET /urls?order=newest&cursor=2");
  EXPECT_NE(last.body.find(R"("short_code":"one")"), std::string::npos) << last.body;
  EXPECT_EQ(last.fields, "");
  EXPECT_EQ(api_.ask("GET /urls?order=oldest").body, api_.ask("GET /urls").body);
  const auto refused = api_.ask("GET /urls?order=NEWEST");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("order must be oldest or newest"), std::string::npos);
}

TEST_F(Links, AreFoundByTheirCode) {
  ASSERT_EQ(api_.ask("POST /urls", kDraft).status, 201);
  const std::string link = api_.ask("GET /urls/1").body;
  const auto at = link.find(R"("short_code":")") + 14;
  const std::string code = link.substr(at, link.find('"', at) - at);
  EXPECT_EQ(api_.ask("GET /urls?short_code=" + code).body,
            "[" + link.substr(0, link.size() - 1) + "]\n");
  EXPECT_EQ(api_.ask("GET /urls?user_id=2&short_code=" + code).body, "[]\n");
  EXPECT_EQ(api_.ask("GET /urls?short_code=nosuch").body, "[]\n");
  EXPECT_EQ(api_.ask("GET /urls?short_code=").body, "[]\n");
}

}  // namespace
}  // namespace ginnel::api
