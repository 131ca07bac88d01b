// SPDX-License-Identifier: MIT
#include "api/idempotency_key.h"

#include <string>

#include <gtest/gtest.h>

#include "support/memory_api.h"
#include "support/sent_request.h"

namespace ginnel::api {
namespace {

constexpr std::string_view kAda = R"({"username":"ada","email":"ada@example.org"})";

std::string with_key(std::string_view key) {
  return "Content-Type: application/json\r\nIdempotency-Key: " + std::string(key) + "\r\n";
}

Result<change::Context> creator(const std::string& fields, std::string_view line = "POST /users") {
  const support::SentRequest request(line, fields, kAda);
  return creator_of(*request);
}

TEST(IdempotencyKey, IsTakenWithAndWithoutQuotes) {
  EXPECT_EQ(creator(with_key("8e03978e-40d5"))->key->text, "8e03978e-40d5");
  EXPECT_EQ(creator(with_key("\"8e03978e-40d5\""))->key->text, "8e03978e-40d5");
  EXPECT_EQ(creator(with_key(std::string(255, 'k')))->key->text.size(), 255U);
  EXPECT_FALSE(creator("")->key);
}

TEST(IdempotencyKey, IsRefusedUnlessItIsOneOfVisibleCharacters) {
  for (const std::string& fields : {with_key(""),
                                    with_key("\"\""),
                                    with_key("two words"),
                                    with_key("caf\xc3\xa9"),
                                    with_key(std::string(256, 'k')),
                                    with_key("one") + "Idempotency-Key: two\r\n"}) {
    const auto caller = creator(fields);
    ASSERT_FALSE(caller) << fields;
    EXPECT_EQ(caller.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(caller.error().faults.front().field, "Idempotency-Key");
  }
}

TEST(IdempotencyKey, StandsForMethodTargetAndBody) {
  const auto digest = creator(with_key("k"))->key->request;
  EXPECT_EQ(creator(with_key("k"))->key->request, digest);
  EXPECT_NE(creator(with_key("k"), "POST /v1/users")->key->request, digest);
  EXPECT_NE(creator(with_key("k"), "PUT /users")->key->request, digest);
}

TEST(IdempotencyKey, ARepetitionIsAnsweredAlike) {
  support::MemoryApi api;
  const auto first = api.ask("POST /users", kAda, with_key("k"));
  const auto second = api.ask("POST /users", kAda, with_key("\"k\""));
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.fields, first.fields);

  const std::string link = R"({"user_id":1,"original_url":"https://example.com","title":"t"})";
  const auto made = api.ask("POST /urls", link, with_key("l"));
  const auto again = api.ask("POST /urls", link, with_key("l"));
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(again.body, made.body) << "one random code";
  EXPECT_EQ(again.fields, made.fields);
}

TEST(IdempotencyKey, OfAnotherRequestIs422) {
  support::MemoryApi api;
  ASSERT_EQ(api.ask("POST /users", kAda, with_key("k")).status, 201);
  const auto other =
      api.ask("POST /users", R"({"username":"bob","email":"bob@example.org"})", with_key("k"));
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.body, "{\"error\":\"Idempotency-Key was sent with another request before\"}\n");
}

TEST(IdempotencyKey, WhatFailedIsTriedAnew) {
  support::MemoryApi api;
  const std::string event = R"({"url_id":1,"user_id":1,"event_type":"note","details":{"a":1}})";
  EXPECT_EQ(api.ask("POST /events", event, with_key("k")).status, 404);
  ASSERT_EQ(api.ask("POST /users", kAda).status, 201);
  ASSERT_EQ(
      api.ask("POST /urls", R"({"user_id":1,"original_url":"https://example.com","title":"t"})")
          .status,
      201);
  EXPECT_EQ(api.ask("POST /events", event, with_key("k")).status, 201);
}

TEST(IdempotencyKey, IsKeptBySucceedingAfterAnOutage) {
  support::MemoryApi api;
  api.stores().fail_with(Error(ErrorKind::kUnavailable, "away"));
  EXPECT_EQ(api.ask("POST /users", kAda, with_key("k")).status, 503);
  api.stores().fail_with(std::nullopt);
  EXPECT_EQ(api.ask("POST /users", kAda, with_key("k")).status, 201);
}

}  // namespace
}  // namespace ginnel::api
