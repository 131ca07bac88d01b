// SPDX-License-Identifier: MIT
#include "api/event_handlers.h"

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "support/memory_api.h"

namespace ginnel::api {
namespace {

/// A user, his link, and so its `created` event: each has the id 1.
class Events : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(api_.ask("POST /users", R"({"username":"ada","email":"ada@example.org"})").status,
              201);
    ASSERT_EQ(
        api_.ask("POST /urls", R"({"user_id":1,"original_url":"https://example.com/","title":"t"})")
            .status,
        201);
  }

  /// The one message that this body is answered with.
  std::string message_of(std::string_view line, std::string_view body) {
    const auto response = api_.ask(line, body);
    EXPECT_EQ(response.status, 400) << body;
    return response.body;
  }

  support::MemoryApi api_;
};

TEST_F(Events, KeepTheirDetailsAsTheyWereSent) {
  const auto response =
      api_.ask("POST /events",
               R"({"url_id":1,"user_id":1,"event_type":" share ","details":{"b":1.0, "a":[]}})");
  EXPECT_EQ(response.status, 201);
  EXPECT_NE(response.body.find(R"({"details":{"b":1.0, "a":[]},"event_type":"share","id":2,)"),
            std::string::npos)
      << response.body;
  EXPECT_TRUE(response.fields.ends_with("\r\nLocation: /events/2\r\n")) << response.fields;
}

TEST_F(Events, ThatCannotBeReadSayWhy) {
  EXPECT_EQ(message_of("POST /events", "{}"),
            "{\"details\":{\"body\":\"The body is an empty object: send an object with members\"},"
            "\"error\":\"Request body must be JSON\"}\n");
  EXPECT_EQ(message_of("POST /events", "nonsense"),
            "{\"details\":{\"body\":\"The JSON breaks at line 1, column 1\"},"
            "\"error\":\"Request body must be JSON\"}\n");
  EXPECT_EQ(message_of("POST /events", "[1]"),
            "{\"details\":{\"body\":\"The body is an array: send an object with members\"},"
            "\"error\":\"Request body must be a JSON object\"}\n");
}

TEST_F(Events, NameTheFirstFaultAlone) {
  struct Case {
    const char* body;
    const char* message;
  };
  const Case cases[] = {
      {R"({"x":1})", "url_id must be an integer"},
      {R"({"url_id":null})", "url_id must be an integer"},
      {R"({"url_id":1.0})", "url_id must be an integer"},
      {R"({"url_id":1})", "user_id must be an integer"},
      {R"({"url_id":1,"user_id":true})", "user_id must be an integer"},
      {R"({"url_id":0,"user_id":true})", "url_id must be 1 or more"},
      {R"({"url_id":1,"user_id":-1})", "user_id must be 1 or more"},
      {R"({"url_id":1,"user_id":1})", "event_type must be a non-empty string"},
      {R"({"url_id":1,"user_id":1,"event_type":" "})", "event_type must be a non-empty string"},
      {R"({"url_id":1,"user_id":1,"event_type":"a\nb"})",
       "event_type must not contain control characters"},
      {R"({"url_id":1,"user_id":1,"event_type":"a","details":null})",
       "details must be a JSON object"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(message_of("POST /events", one.body),
              std::string("{\"error\":\"") + one.message + "\"}\n")
        << one.body;
  }
  std::printf("events: %zu bodies were refused\n", std::size(cases));
}

TEST_F(Events, HaveAllTheirFaultsTogetherForAProblemDocument) {
  const auto made =
      api_.ask("POST /events", R"({"url_id":0,"event_type":" ","details":{"a":1e400}})");
  ASSERT_TRUE(made.error);
  std::vector<std::string> fields;
  for (const FieldFault& fault : made.error->faults) {
    fields.push_back(fault.field);
  }
  EXPECT_EQ(fields, (std::vector<std::string>{"url_id", "user_id", "event_type", "details"}));
  const auto changed = api_.ask("PUT /events/1", R"({"url_id":true,"event_type":5})");
  ASSERT_EQ(changed.error->faults.size(), 2U);
  EXPECT_EQ(changed.error->message, changed.error->faults.front().message);
}

TEST_F(Events, AreChangedWithTheTypeAndDetailsLookedAtFirst) {
  EXPECT_EQ(message_of("PUT /events/1", R"({"url_id":true,"event_type":5})"),
            "{\"error\":\"event_type must be a non-empty string\"}\n");
  EXPECT_EQ(message_of("PUT /events/1", R"({"url_id":0,"details":5})"),
            "{\"error\":\"details must be a JSON object\"}\n");
  EXPECT_EQ(message_of("PUT /events/1", R"({"user_id":0})"),
            "{\"error\":\"user_id must be 1 or more\"}\n");
  EXPECT_EQ(api_.ask("PUT /events/1", R"({"event_type":"seen"})").status, 200);
}

TEST_F(Events, HaveNoNewTypeWithAControlCharacter) {
  for (const char* type : {"a\u0080b", "a\u0085b", "\u009b31m", "a\u007fb"}) {
    const std::string body =
        R"({"url_id":1,"user_id":1,"event_type":")" + std::string(type) + "\"}";
    EXPECT_EQ(api_.ask("POST /events", body).body,
              "{\"error\":\"event_type must not contain control characters\"}\n");
    EXPECT_EQ(api_.ask("PUT /events/1", body).status, 400);
  }
  auto& events = api_.stores().events();
  const domain::EventDraft old = {domain::LinkId{1}, domain::UserId{1}, "a\u009bb", "{}"};
  const auto id = run_blocking_task(events.insert(old, {}))->id;
  const std::string path = "PUT /events/" + std::to_string(id.value);
  EXPECT_EQ(api_.ask(path, "{\"event_type\":\"a\u009bb\",\"details\":{\"x\":1}}").status, 200)
      << "what it has stays";
  EXPECT_EQ(api_.ask(path, "{\"event_type\":\"a\u009bc\"}").status, 400);
}

TEST_F(Events, OfALinkOrUserNobodyKnowsAreNotFound) {
  EXPECT_EQ(api_.ask("POST /events", R"({"url_id":9,"user_id":1,"event_type":"a"})").status, 404);
  EXPECT_EQ(api_.ask("PUT /events/1", R"({"user_id":9})").status, 404);
  EXPECT_EQ(api_.ask("GET /events/99999999999999999999").body, "{\"error\":\"Event not found\"}\n");
}

TEST_F(Events, AreFilteredByTypeAndLink) {
  EXPECT_NE(api_.ask("GET /events?url_id=1&event_type=created").body, "[]\n");
  EXPECT_EQ(api_.ask("GET /events?event_type=updated").body, "[]\n");
  EXPECT_EQ(api_.ask("GET /events?url_id=2").body, "[]\n");
}

TEST_F(Events, LeaveATrailThatIsReadPageByPage) {
  const auto first = api_.ask("GET /audit?per_page=1");
  EXPECT_NE(first.body.find(R"("action":"create")"), std::string::npos) << first.body;
  EXPECT_EQ(first.fields, "Link: </audit?cursor=1&per_page=1>; rel=\"next\"\r\n");
}

}  // namespace
}  // namespace ginnel::api
