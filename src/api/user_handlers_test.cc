// SPDX-License-Identifier: MIT
#include "api/user_handlers.h"

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "support/memory_api.h"

namespace ginnel::api {
namespace {

class Users : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(api_.ask("POST /users", R"({"username":"ada","email":"ada@example.org"})").status,
              201);
  }

  support::MemoryApi api_;
};

TEST_F(Users, AreFoundByTheirId) {
  const auto response = api_.ask("GET /users/1");
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find(R"("email":"ada@example.org","id":1,"username":"ada"})"),
            std::string::npos)
      << response.body;
}

TEST_F(Users, WithANumberLargerThanAnyIdAreNotFound) {
  for (const char* line : {"GET /users/99999999999999999999",
                           "DELETE /users/99999999999999999999",
                           "GET /users/9007199254740992",
                           "GET /users/0",
                           "GET /users/2"}) {
    const auto response = api_.ask(line);
    EXPECT_EQ(response.status, 404) << line;
    EXPECT_EQ(response.body, "{\"error\":\"User not found\"}\n") << line;
  }
}

TEST_F(Users, AreLookedForBeforeABodyIsRead) {
  EXPECT_EQ(api_.ask("PUT /users/7", "nonsense").status, 404);
  EXPECT_EQ(api_.ask("PUT /users/1", "nonsense").status, 400);
}

TEST_F(Users, KeepWhatIsTheirsWhateverTodaysRules) {
  auto& users = api_.stores().users();
  const std::pair<std::string, std::string> olds[] = {{"a\u202eb", "a@b..c"},
                                                      {"\u200bNx\u200b", "mailto:n@b.cd"},
                                                      {"\u2800", "\u00a0c@b.cd"},
                                                      {"d\u009be", "d@b.\u200b.cd"}};
  const auto sent = [](const std::string& username, const std::string& address) {
    return R"({"username":")" + username + R"(","email":")" + address + "\"}";
  };
  int id = 1;
  for (const auto& [name, email] : olds) {
    ASSERT_TRUE(run_blocking_task(users.insert({name, email}, {})));
    const std::string path = "PUT /users/" + std::to_string(++id);
    const auto fresh = "new" + std::to_string(id);
    const auto of_store = [&] { return **run_blocking_task(users.find(domain::UserId{id}, {})); };
    EXPECT_EQ(api_.ask(path, sent(name, email)).status, 200) << name;
    EXPECT_EQ(api_.ask(path, sent(name, fresh + "@b.cd\u200b")).status, 200) << name;
    EXPECT_EQ(of_store().username, name);
    EXPECT_EQ(of_store().email, fresh + "@b.cd");
    EXPECT_EQ(api_.ask(path, sent(fresh + "\u200b", of_store().email)).status, 200) << name;
    EXPECT_EQ(of_store().username, fresh);
  }
  EXPECT_EQ(api_.ask("PUT /users/2", R"({"username":"a\u202eb"})").status, 400) << "it was hers";
}

TEST_F(Users, HaveTheirFaultsToldTogether) {
  const std::string body = R"({"username":" ","email":"a@b"})";
  const std::string told = R"({"details":{"email":"Email must be a valid email address",)"
                           R"("username":"Username must be a non-empty string"},)"
                           "\"error\":\"Validation failed\"}\n";
  const auto creation = api_.ask("POST /users", body);
  EXPECT_EQ(creation.status, 422);
  EXPECT_EQ(creation.body, told);
  const auto change = api_.ask("PUT /users/1", body);
  EXPECT_EQ(change.status, 400);
  EXPECT_EQ(change.body, told);
}

TEST_F(Users, ThatAreTakenAre409WhenNewAnd422WhenChanged) {
  ASSERT_EQ(api_.ask("POST /users", R"({"username":"bea","email":"b@example.org"})").status, 201);
  EXPECT_EQ(api_.ask("POST /users", R"({"username":"ADA","email":"c@example.org"})").status, 409);
  EXPECT_EQ(api_.ask("PUT /users/2", R"({"username":"Ada"})").status, 422);
}

TEST_F(Users, AreWhereTheirLocationSays) {
  const auto under_v1 =
      api_.ask("POST /v1/users", R"({"username":"bea","email":"b@example.org"})").fields;
  EXPECT_TRUE(under_v1.ends_with("\r\nLocation: /v1/users/2\r\n")) << under_v1;
  const auto at_root =
      api_.ask("POST /users", R"({"username":"cy","email":"c@example.org"})").fields;
  EXPECT_TRUE(at_root.ends_with("\r\nLocation: /users/3\r\n")) << at_root;
}

TEST_F(Users, AreGoneOnceDeleted) {
  const auto response = api_.ask("DELETE /users/1");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(api_.ask("DELETE /users/1").status, 404);
}

TEST_F(Users, AreListedPageByPage) {
  ASSERT_EQ(api_.ask("POST /users", R"({"username":"bea","email":"b@example.org"})").status, 201);
  const auto first = api_.ask("GET /users?per_page=1");
  EXPECT_NE(first.body.find("\"ada\""), std::string::npos);
  EXPECT_EQ(first.body.find("\"bea\""), std::string::npos);
  EXPECT_EQ(first.fields, "Link: </users?cursor=1&per_page=1>; rel=\"next\"\r\n");
  const auto second = api_.ask("GET /users?per_page=1&page=2");
  EXPECT_NE(second.body.find("\"bea\""), std::string::npos);
  EXPECT_EQ(second.fields, "");
}

TEST_F(Users, AreFoundByTheirNameInAnyCase) {
  ASSERT_EQ(api_.ask("POST /users", R"({"username":"bea","email":"b@example.org"})").status, 201);
  const std::string user = api_.ask("GET /users/2").body;
  EXPECT_EQ(api_.ask("GET /users?username=Bea").body,
            "[" + user.substr(0, user.size() - 1) + "]\n");
  EXPECT_EQ(api_.ask("GET /users?username=be").body, "[]\n");
}

TEST_F(Users, AreNotSkippedByTheHundredThousand) {
  const std::string refused =
      "{\"details\":{\"page\":\"page must not skip more than 100000 rows; follow Link, or use "
      "cursor\"},"
      "\"error\":\"Validation failed\"}\n";
  for (const char* line : {"GET /users?page=5002",
                           "GET /users?page=100002&per_page=1",
                           "GET /users?page=102&per_page=1000",
                           "GET /users?page=9007199254740991&per_page=1000"}) {
    const auto response = api_.ask(line);
    EXPECT_EQ(response.status, 400) << line;
    EXPECT_EQ(response.body, refused) << line;
  }
  EXPECT_EQ(api_.ask("GET /users?page=5001").status, 200);
  EXPECT_EQ(api_.ask("GET /users?page=101&per_page=1000").status, 200);
  EXPECT_EQ(api_.ask("GET /users?page=9007199254740991&cursor=0").status, 200);
}

TEST_F(Users, AreFoundByName) {
  ASSERT_EQ(api_.ask("POST /users", R"({"username":"bea","email":"b@example.org"})").status, 201);
  const auto found = api_.ask("GET /users?username=%42ea");
  EXPECT_NE(found.body.find(R"("username":"bea")"), std::string::npos) << found.body;
  EXPECT_EQ(found.body.find("ada"), std::string::npos) << found.body;
  EXPECT_EQ(api_.ask("GET /users?username=be").body, "[]\n");
  EXPECT_EQ(api_.ask("GET /users?username=").body, "[]\n");
}

TEST_F(Users, ShowTheirMetadataWhenItIsAskedFor) {
  const auto plain = api_.ask("GET /users/1").body;
  const auto none = api_.ask("GET /users/1?include=metadata");
  EXPECT_EQ(none.status, 200);
  EXPECT_EQ(none.body.find(R"({"clicks":0,"created_at":")"), 0U) << none.body;
  EXPECT_NE(none.body.find(R"("last_activity_at":null,"links":0,"metadata":{},"username":"ada"})"),
            std::string::npos)
      << none.body;

  const auto changed = api_.ask("PUT /users/1", R"({"metadata":{ "b":1.0, "a":[] }})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body, plain);
  EXPECT_EQ(api_.ask("GET /users/1").body, plain);
  const auto shown = api_.ask("GET /v1/users/1?include=metadata");
  EXPECT_NE(shown.body.find(R"("metadata":{ "b":1.0, "a":[] },)"), std::string::npos) << shown.body;
}

TEST_F(Users, MayBeMadeWithMetadata) {
  const auto created =
      api_.ask("POST /users", R"({"username":"bea","email":"b@c.de","metadata":{"plan":"pro"}})");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.body.find("metadata"), std::string::npos) << created.body;
  EXPECT_NE(api_.ask("GET /users/2?include=metadata").body.find(R"("metadata":{"plan":"pro"},)"),
            std::string::npos);
}

TEST_F(Users, HaveTheFaultsOfTheirMetadataToldWithTheOthers) {
  const std::string told = R"({"details":{"email":"Email must be a valid email address",)"
                           R"("metadata":"metadata.a[1] holds a lone surrogate"},)"
                           "\"error\":\"Validation failed\"}\n";
  const std::string body = R"({"username":"x","email":"a","metadata":{"a":[0,"\ud800"]}})";
  EXPECT_EQ(api_.ask("POST /users", body).status, 422);
  EXPECT_EQ(api_.ask("POST /users", body).body, told);
  EXPECT_EQ(api_.ask("PUT /users/1", body).status, 400);
  EXPECT_EQ(api_.ask("PUT /users/1", body).body, told);
  for (const char* value : {"null", "[]", "\"{}\"", "1", "false"}) {
    const auto refused = api_.ask("PUT /users/1", std::string(R"({"metadata":)") + value + "}");
    EXPECT_EQ(refused.status, 400) << value;
    EXPECT_NE(refused.body.find("metadata must be a JSON object"), std::string::npos) << value;
  }
}

TEST_F(Users, IncludeNothingThatThereIsNot) {
  for (const auto& [query, shown] : std::vector<std::pair<std::string, std::string>>{
           {"links", "links"},
           {"", ""},
           {"Metadata", "Metadata"},
           {"metadata,links", "metadata,links"},
           {"%22%00%C3%A9", "\\\"\\u0000\\u00e9"},
           {std::string(80, 'x'), std::string(64, 'x')}}) {
    for (const char* id : {"1", "7"}) {
      const auto refused = api_.ask(std::string("GET /users/") + id + "?include=" + query);
      EXPECT_EQ(refused.status, 400) << query;
      EXPECT_EQ(refused.body,
                R"({"details":{"include":"include must be metadata, not \")" + shown +
                    R"(\""},"error":"Validation failed"})" + "\n");
    }
  }
  EXPECT_EQ(api_.ask("GET /users/7?include=metadata").status, 404);
  EXPECT_EQ(api_.ask("GET /users/1?includes=x").status, 200);
}

TEST_F(Users, CannotBeReadWhileTheStoreIsAway) {
  api_.stores().fail_with(Error(ErrorKind::kUnavailable, "away"));
  for (const char* line : {"GET /users",
                           "GET /users/1",
                           "GET /users/1?include=metadata",
                           "DELETE /users/1",
                           "PUT /users/1"}) {
    const auto response = api_.ask(line);
    EXPECT_EQ(response.status, 503) << line;
    EXPECT_NE(response.fields.find("Retry-After: 1\r\n"), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace ginnel::api
