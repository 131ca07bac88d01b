// SPDX-License-Identifier: MIT
#include "api/user_handlers.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(api_.ask("POST /v1/users", R"({"username":"bea","email":"b@example.org"})").fields,
            "Location: /v1/users/2\r\n");
  EXPECT_EQ(api_.ask("POST /users", R"({"username":"cy","email":"c@example.org"})").fields,
            "Location: /users/3\r\n");
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

TEST_F(Users, CannotBeReadWhileTheStoreIsAway) {
  api_.stores().fail_with(Error(ErrorKind::kUnavailable, "away"));
  for (const char* line : {"GET /users", "GET /users/1", "DELETE /users/1", "PUT /users/1"}) {
    const auto response = api_.ask(line);
    EXPECT_EQ(response.status, 503) << line;
    EXPECT_NE(response.fields.find("Retry-After: 1\r\n"), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace ginnel::api
