// SPDX-License-Identifier: MIT
#include "domain/json_form.h"

#include <chrono>

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

constexpr Timestamp kAt{std::chrono::microseconds(1'752'410'457'000'000)};
constexpr Timestamp kLater{kAt + std::chrono::microseconds(681'306)};

TEST(JsonForm, WritesAUserWithItsKeysInAlphabeticalOrder) {
  const User user = {UserId{7}, "ad\"a", "a@b.c", kAt};

  EXPECT_EQ(json_of(user),
            R"({"created_at":"2025-07-13T12:40:57","email":"a@b.c","id":7,"username":"ad\"a"})");
}

TEST(JsonForm, WritesTheMetadataOfAUserForTheTrailUnlessItIsEmpty) {
  UserRecord record = {{UserId{7}, "ada", "a@b.c", kAt}, R"({"b": 1.0})"};
  EXPECT_EQ(json_of(record),
            R"({"created_at":"2025-07-13T12:40:57","email":"a@b.c","id":7,)"
            R"("metadata":{"b": 1.0},"username":"ada"})");

  record.metadata = kNoMetadata;
  EXPECT_EQ(json_of(record), json_of(record.user));
}

TEST(JsonForm, WritesAProfileWithItsKeysInAlphabeticalOrder) {
  UserProfile profile;
  profile.record.user = {UserId{7}, "ada", "a@b.c", kAt};
  EXPECT_EQ(json_of(profile),
            R"({"clicks":0,"created_at":"2025-07-13T12:40:57","email":"a@b.c","id":7,)"
            R"("last_activity_at":null,"links":0,"metadata":{},"username":"ada"})");

  profile.record.metadata = R"({"b": 1.0})";
  profile.links = 2;
  profile.clicks = 12;
  profile.last_activity = kLater;
  EXPECT_EQ(json_of(profile),
            R"({"clicks":12,"created_at":"2025-07-13T12:40:57","email":"a@b.c","id":7,)"
            R"("last_activity_at":"2025-07-13T12:40:57.681306","links":2,)"
            R"("metadata":{"b": 1.0},"username":"ada"})");
}

TEST(JsonForm, WritesALinkWithoutItsVersion) {
  Link link;
  link.id.value = 3;
  link.user.value = 7;
  link.code = "abc123";
  link.target = "https://example.org/\u00e9";
  link.title = "T";
  link.enabled = false;
  link.created_at = kAt;
  link.updated_at = kLater;
  link.version = 9;

  EXPECT_EQ(json_of(link),
            R"({"created_at":"2025-07-13T12:40:57","id":3,"is_active":false,)"
            R"("original_url":"https://example.org/\u00e9","short_code":"abc123","title":"T",)"
            R"("updated_at":"2025-07-13T12:40:57.681306","user_id":7})");
}

TEST(JsonForm, WritesTheDetailsOfAnEventAsTheyAre) {
  Event event;
  event.id.value = 5;
  event.link = LinkId{3};
  event.type = "click";
  event.at = kAt;
  event.details = R"({"b": 1.0, "a":[ ]})";

  EXPECT_EQ(json_of(event),
            R"({"details":{"b": 1.0, "a":[ ]},"event_type":"click","id":5,)"
            R"("timestamp":"2025-07-13T12:40:57","url_id":3,"user_id":null})");
}

TEST(JsonForm, WritesWhatAnAuditRowLacksAsNull) {
  AuditEntry entry;
  entry.id.value = 2;
  entry.at = kAt;
  entry.who = "anonymous";
  entry.request_id = "r1";
  entry.action = "create";
  entry.entity = "user";
  entry.entity_id = 7;
  entry.after = R"({"id":7})";

  EXPECT_EQ(json_of(entry),
            R"({"action":"create","after":{"id":7},"at":"2025-07-13T12:40:57","before":null,)"
            R"("entity":"user","entity_id":7,"id":2,"request_id":"r1","who":"anonymous"})");
}

TEST(JsonForm, AddsToTheEndOfWhatIsThere) {
  std::string out = "[";
  append_json(out, User());

  EXPECT_EQ(out.substr(0, 15), R"([{"created_at":)");
}

}  // namespace
}  // namespace ginnel::domain
