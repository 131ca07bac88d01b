// SPDX-License-Identifier: MIT
#include "service/link_service.h"

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "domain/reserved_codes.h"
#include "service/own_hosts.h"
#include "support/memory_stores.h"

namespace ginnel::service {
namespace {

/// A store that calls the first `taken` codes taken, whatever they are, and notes what it is asked.
class CrowdedLinkStore final : public storage::LinkStore {
 public:
  CrowdedLinkStore(storage::LinkStore& inner, int taken) : inner_(inner), taken_(taken) {}

  Task<Result<domain::Link>> insert(domain::LinkDraft draft, change::Context by) override {
    drafts.push_back(draft);
    if (taken_ > 0) {
      --taken_;
      co_return Error(ErrorKind::kConflict, "This short code is taken");
    }
    co_return co_await inner_.insert(std::move(draft), std::move(by));
  }
  Task<Result<std::optional<domain::Link>>> find(domain::LinkId id, CallContext call) override {
    return inner_.find(id, std::move(call));
  }
  Task<Result<std::optional<domain::Link>>> find_by_code(std::string code,
                                                         CallContext call) override {
    return inner_.find_by_code(std::move(code), std::move(call));
  }
  Task<Result<storage::Page<domain::Link>>> list(storage::LinkQuery query,
                                                 CallContext call) override {
    return inner_.list(query, std::move(call));
  }
  Task<Result<domain::Link>> change(domain::LinkId id,
                                    domain::LinkChange change,
                                    change::Context by) override {
    return inner_.change(id, std::move(change), std::move(by));
  }
  Task<Result<Done>> remove(domain::LinkId id, change::Context by) override {
    return inner_.remove(id, std::move(by));
  }
  Task<Result<std::uint64_t>> count(CallContext call) override {
    return inner_.count(std::move(call));
  }
  Task<Result<std::vector<domain::Link>>> find_by_codes(std::vector<std::string> words,
                                                        CallContext call) override {
    return inner_.find_by_codes(std::move(words), std::move(call));
  }

  std::vector<domain::LinkDraft> drafts;

 private:
  storage::LinkStore& inner_;
  int taken_;
};

class LinkServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    owner_ = run_blocking_task(stores_.users().insert({"ada", "ada@example.org"}, {}))->id;
  }

  /// With this code, or one of ours.
  domain::LinkDraft new_link(const std::string& code = {}) const {
    return {owner_, code, "https://example.com/x", "Title", !code.empty()};
  }

  Result<domain::Link> create(LinkService& service, domain::LinkDraft draft) const {
    return run_blocking_task(service.create(std::move(draft), caller_));
  }

  /// What `service` says about a target.
  static std::string message_of(const LinkService& service, std::string_view target) {
    const auto parsed = service.parse_target(target);
    return parsed ? "taken" : parsed.error().message;
  }

  support::MemoryStores stores_;
  domain::UserId owner_;
  change::Context caller_{{"a key", "request-1"}};
};

constexpr const char* kOwnHost = "URL references a reserved or private host";

TEST_F(LinkServiceTest, MakesALinkWithARandomCode) {
  LinkService service(stores_.links(), {}, 0);
  const auto link = create(service, new_link());
  ASSERT_TRUE(link) << link.error().message;
  EXPECT_EQ(link->code.size(), 6U);
  EXPECT_FALSE(domain::is_reserved(link->code));
  EXPECT_EQ(link->user, owner_);
  EXPECT_EQ(link->target, "https://example.com/x");
  EXPECT_EQ(link->title, "Title");
  EXPECT_EQ(*run_blocking_task(service.get(link->id, {})), *link);
}

TEST_F(LinkServiceTest, GivesEveryLinkItsOwnCode) {
  LinkService service(stores_.links(), {}, 0);
  EXPECT_NE(create(service, new_link())->code, create(service, new_link())->code);
}

TEST_F(LinkServiceTest, TellsTheStoreWhetherAPersonChoseTheCode) {
  CrowdedLinkStore links(stores_.links(), 0);
  LinkService service(links, {}, 0);
  create(service, new_link()).value();
  create(service, new_link("Mine-1")).value();
  ASSERT_EQ(links.drafts.size(), 2U);
  EXPECT_FALSE(links.drafts[0].chosen);
  EXPECT_TRUE(links.drafts[1].chosen);
  EXPECT_EQ(links.drafts[1].code, "Mine-1");
}

TEST_F(LinkServiceTest, MakesLongerCodesAsTheSpaceFills) {
  CrowdedLinkStore links(stores_.links(), 1);
  LinkService service(links, {}, 568'002'355);  // 62^6 / 100
  create(service, new_link()).value();
  create(service, new_link()).value();
  ASSERT_EQ(links.drafts.size(), 3U);
  EXPECT_EQ(links.drafts[0].code.size(), 6U);
  EXPECT_EQ(links.drafts[1].code.size(), 6U) << "a code that was taken does not count";
  EXPECT_EQ(links.drafts[2].code.size(), 7U) << "the link before does";
}

TEST_F(LinkServiceTest, NeverShortensCodesBecauseALinkWasDeleted) {
  LinkService service(stores_.links(), {}, 568'002'355);
  const auto link = create(service, new_link());
  ASSERT_TRUE(run_blocking_task(service.remove(link->id, caller_)));
  EXPECT_EQ(create(service, new_link())->code.size(), 7U);
}

TEST_F(LinkServiceTest, TriesAnotherCodeWhenOneIsTakenAndCountsIt) {
  CrowdedLinkStore links(stores_.links(), 7);
  LinkService service(links, {}, 0);
  EXPECT_TRUE(create(service, new_link()));
  EXPECT_EQ(service.collisions(), 7U);
  EXPECT_NE(links.drafts[0].code, links.drafts[1].code);
}

TEST_F(LinkServiceTest, GivesUpAfterEightCollisions) {
  CrowdedLinkStore links(stores_.links(), 9);
  LinkService service(links, {}, 0);
  const auto link = create(service, new_link());
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, ErrorKind::kInternal);
  EXPECT_EQ(link.error().message, "Failed to generate unique short code");
  EXPECT_EQ(links.drafts.size(), 8U);
  EXPECT_EQ(service.collisions(), 8U);
}

TEST_F(LinkServiceTest, RefusesAChosenCodeThatIsTaken) {
  LinkService service(stores_.links(), {}, 0);
  create(service, new_link("mine")).value();
  const auto second = create(service, new_link("mine"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(second.error().message, "This short code is taken");
  EXPECT_EQ(service.collisions(), 0U) << "no random code collided";
}

TEST_F(LinkServiceTest, RefusesAChosenCodeThatIsReservedWithoutAskingTheStore) {
  CrowdedLinkStore links(stores_.links(), 0);
  LinkService service(links, {}, 0);
  for (const char* code : {"health", "Health", "DOCS"}) {
    EXPECT_EQ(create(service, new_link(code)).error().message, "This short code is reserved");
  }
  EXPECT_TRUE(links.drafts.empty());
}

TEST_F(LinkServiceTest, LetsAPersonReviveACode) {
  LinkService service(stores_.links(), {}, 0);
  const auto link = create(service, new_link("mine"));
  ASSERT_TRUE(run_blocking_task(service.remove(link->id, caller_)));
  EXPECT_TRUE(create(service, new_link("mine")));
}

TEST_F(LinkServiceTest, NamesTheUnknownOwner) {
  LinkService service(stores_.links(), {}, 0);
  domain::LinkDraft link = new_link();
  link.user = domain::UserId{99};
  const auto made = create(service, std::move(link));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(made.error().message, "User 99 not found");
}

TEST_F(LinkServiceTest, DoesNotTryAgainWhenTheStoreFails) {
  LinkService service(stores_.links(), {}, 0);
  stores_.fail_with(Error(ErrorKind::kTimeout, "slow"));
  const auto made = create(service, new_link());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(service.collisions(), 0U);
}

TEST_F(LinkServiceTest, AnUnknownLinkIsNotFound) {
  LinkService service(stores_.links(), {}, 0);
  domain::Link unknown;
  unknown.id = domain::LinkId{7};
  for (const Error& error :
       {run_blocking_task(service.get(domain::LinkId{7}, {})).error(),
        run_blocking_task(service.change(unknown, {}, caller_)).error(),
        run_blocking_task(service.remove(domain::LinkId{7}, caller_)).error()}) {
    EXPECT_EQ(error.kind, ErrorKind::kNotFound);
    EXPECT_EQ(error.message, "URL not found");
  }
}

TEST_F(LinkServiceTest, TakesAnOldTargetForTheOwnOnlyAsLongAsItIs) {
  LinkService service(stores_.links(), {}, 0);
  for (const std::string target : {"https://example.com/x\u200b", "http://192.168.1.1/"}) {
    const domain::LinkDraft draft = {owner_, "c" + std::to_string(target.size()), target, "", true};
    const domain::Link old = *run_blocking_task(stores_.links().insert(draft, {}));
    domain::LinkChange same;
    same.target = target;
    const auto kept = run_blocking_task(service.change(old, same, caller_));
    ASSERT_TRUE(kept) << target;
    EXPECT_EQ(kept->target, target);
    domain::LinkChange other;
    other.target = "https://example.com/";
    run_blocking_task(service.change(*kept, other, caller_)).value();
    const auto late = run_blocking_task(service.change(*kept, same, caller_));
    ASSERT_FALSE(late) << target;
    EXPECT_EQ(late.error().kind, ErrorKind::kPreconditionFailed);
    EXPECT_EQ(run_blocking_task(service.get(old.id, {}))->target, "https://example.com/");
  }
}

TEST_F(LinkServiceTest, SaysWhoMadeEveryChange) {
  LinkService service(stores_.links(), {}, 0);
  const auto link = create(service, new_link());
  run_blocking_task(service.change(*link, {}, caller_)).value();
  run_blocking_task(service.remove(link->id, caller_)).value();
  const auto trail = run_blocking_task(stores_.events().audit({domain::AuditId{1}, 100}, {}));
  ASSERT_EQ(trail->rows.size(), 3U);
  for (const auto& entry : trail->rows) {
    EXPECT_EQ(entry.who + " " + entry.request_id, "a key request-1") << entry.action;
  }
}

TEST_F(LinkServiceTest, ListsTheLinksOfAnOwner) {
  LinkService service(stores_.links(), {}, 0);
  create(service, new_link("one")).value();
  storage::LinkQuery query;
  query.user = owner_;
  EXPECT_EQ(run_blocking_task(service.list(query, {}))->rows.size(), 1U);
  query.user = domain::UserId{99};
  EXPECT_TRUE(run_blocking_task(service.list(query, {}))->rows.empty());
}

TEST_F(LinkServiceTest, MakesShortUrlsOfThePublicUrl) {
  LinkOptions options;
  options.public_url = "https://go.example.org/x";
  const LinkService service(stores_.links(), options, 0);
  EXPECT_EQ(service.short_url("abc"), "https://go.example.org/x/abc");
}

TEST_F(LinkServiceTest, RefusesTheHostOfThePublicUrlInEveryForm) {
  LinkOptions options;
  options.public_url = "HTTPS://Go.Example.org:8443/base";
  const LinkService service(stores_.links(), options, 0);
  for (const char* target : {"https://go.example.org/abc",
                             "http://GO.EXAMPLE.ORG:8443",
                             "https://go.example.org:1/",
                             "https://go%2eexample.org./"}) {
    EXPECT_EQ(message_of(service, target), kOwnHost) << target;
  }
  EXPECT_EQ(message_of(service, "https://example.org/"), "taken");
  EXPECT_EQ(message_of(service, "https://www.go.example.org/"), "taken");
}

TEST_F(LinkServiceTest, RefusesTheOtherHostsOfTheService) {
  LinkOptions options;
  options.own_hosts = {"Short.example", "b\u00fccher.example", "8.8.8.8", "2606:4700:0::1"};
  const LinkService service(stores_.links(), options, 0);
  for (const char* target : {"https://short.example",
                             "https://xn--bcher-kva.example/",
                             "http://134744072/",
                             "http://[2606:4700::1]/"}) {
    EXPECT_EQ(message_of(service, target), kOwnHost) << target;
  }
}

TEST(OwnHosts, AreComparable) {
  LinkOptions options;
  options.own_hosts = {"A.example.", "::FFFF", "not a host"};
  options.public_url = "http://[2606:4700:0::1]:8080";
  EXPECT_EQ(own_hosts(options),
            (std::vector<std::string>{"a.example", "::ffff", "not a host", "2606:4700::1"}));
}

std::string times(std::size_t count, std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) {
    result += text;
  }
  return result;
}

/// What is said of a target as the service takes it; `taken` when it does.
std::string said_of(const LinkService& service, const std::string& target) {
  const auto parsed = service.parse_target(target);
  return parsed ? "taken" : parsed.error().message;
}

TEST_F(LinkServiceTest, ALocationHasAtMostWhatAProxyTakes) {
  const LinkService service(stores_.links(), {}, 0);
  const std::string begin = "https://example.com/";
  const std::string of =
      "URL must not exceed 3500 bytes as it is sent to visitors, "
      "percent-encoded: this one has ";
  EXPECT_EQ(said_of(service, begin + times(580, "\u044f")), "taken") << "3,500 bytes";
  EXPECT_EQ(said_of(service, begin + times(580, "\u044f") + "a"), of + "3501");
  EXPECT_EQ(said_of(service, begin + times(660, "\u044f")), of + "3980");
  EXPECT_EQ(said_of(service, begin + times(400, "\u4e2d")), of + "3620");
  EXPECT_EQ(said_of(service, begin + times(300, "\U0001F600")), of + "3620");
  EXPECT_EQ(said_of(service, begin + times(1'200, "<")), of + "3620");
  EXPECT_EQ(said_of(service, begin + "?q=" + times(600, "a \"")), of + "4223");
  EXPECT_EQ(said_of(service, begin + times(2'028, "a")), "taken");
  EXPECT_EQ(said_of(service, begin + times(2'029, "\u044f")),
            "URL must not exceed 2048 characters");
}

TEST_F(LinkServiceTest, TheLengthsOfATargetAreSettings) {
  LinkOptions options;
  options.max_target_length = 100;
  options.max_location_bytes = 300;
  const LinkService narrow(stores_.links(), options, 0);
  const std::string begin = "https://example.com/";
  EXPECT_EQ(said_of(narrow, begin + times(80, "a")), "taken");
  EXPECT_EQ(said_of(narrow, begin + times(81, "a")), "URL must not exceed 100 characters");
  EXPECT_EQ(said_of(narrow, begin + times(47, "\u044f")).find("URL must not exceed 300 bytes"), 0U);
  options.max_target_length = 4'000;
  options.max_location_bytes = 8'000;
  const LinkService wide(stores_.links(), options, 0);
  EXPECT_EQ(said_of(wide, begin + times(3'980, "a")), "taken");
  EXPECT_EQ(said_of(wide, begin + times(660, "\u044f")), "taken");
}

}  // namespace
}  // namespace ginnel::service
