// SPDX-License-Identifier: MIT
#include "http/problem.h"

#include <string>

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::http {
namespace {

/// The answer to a request for /users that sent this Accept.
Response presented(Response response, const std::string& accept = std::string(kProblemJson)) {
  const support::SentRequest request("GET /users?page=x", "Accept: " + accept + "\r\n");
  present_error(*request, response);
  return response;
}

/// The last word of the type of a problem document.
std::string type_of(Response response) {
  const std::string body = presented(std::move(response)).body;
  const auto begin = body.find(kProblemType) + kProblemType.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

TEST(Problem, SaysWhatIsWrong) {
  const Response response = problem(Error(ErrorKind::kNotFound, "User not found", "secret"));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "{\"error\":\"User not found\"}\n");
}

TEST(Problem, NamesEveryField) {
  const Response response =
      problem(Error::about_fields({{"email", "no"}, {"username", "Username is required"}}), 422);
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body,
            "{\"details\":{\"email\":\"no\",\"username\":\"Username is required\"},"
            "\"error\":\"Validation failed\"}\n");
}

TEST(Problem, NamesFieldsInAlphabeticalOrder) {
  const Response response = problem(Error::about_fields({{"b", "2"}, {"a", "1"}}));
  EXPECT_EQ(response.body,
            "{\"details\":{\"a\":\"1\",\"b\":\"2\"},\"error\":\"Validation failed\"}\n");
}

TEST(Problem, KeepsTheFirstMessageOfAField) {
  const Response response =
      problem(Error::about_fields({{"title", "first"}, {"code", "c"}, {"title", "second"}}));
  EXPECT_EQ(response.body,
            "{\"details\":{\"code\":\"c\",\"title\":\"first\"},\"error\":\"Validation failed\"}\n");
}

TEST(Problem, OfAFieldWithAMessageOfItsOwnSaysThatAlone) {
  const Response response =
      problem(Error::about_field(ErrorKind::kConflict, "code", "This short code is taken"));
  EXPECT_EQ(response.body, "{\"error\":\"This short code is taken\"}\n");
  EXPECT_EQ(response.error->faults.front().field, "code");
}

TEST(Problem, AsksToComeBackWhenWaitingHelps) {
  EXPECT_NE(problem(Error(ErrorKind::kUnavailable, "busy")).fields.find("Retry-After: 1"),
            std::string::npos);
  EXPECT_EQ(problem(429, "Too many requests").fields, "Retry-After: 1\r\n");
  EXPECT_EQ(problem(Error(ErrorKind::kConflict, "taken")).fields, "");
}

TEST(Problem, SaysWhichCredentialsAreTaken) {
  EXPECT_EQ(problem(Error(ErrorKind::kUnauthorized, "no")).fields,
            "WWW-Authenticate: Bearer realm=\"ginnel\"\r\n");
  EXPECT_EQ(problem(Error(ErrorKind::kForbidden, "no")).fields, "");
}

TEST(Status, ExistsForEveryKind) {
  EXPECT_EQ(status_of(ErrorKind::kInvalid), 400);
  EXPECT_EQ(status_of(ErrorKind::kUnauthorized), 401);
  EXPECT_EQ(status_of(ErrorKind::kForbidden), 403);
  EXPECT_EQ(status_of(ErrorKind::kNotFound), 404);
  EXPECT_EQ(status_of(ErrorKind::kGone), 410);
  EXPECT_EQ(status_of(ErrorKind::kConflict), 409);
  EXPECT_EQ(status_of(ErrorKind::kPreconditionFailed), 412);
  EXPECT_EQ(status_of(ErrorKind::kTooLarge), 413);
  EXPECT_EQ(status_of(ErrorKind::kUnavailable), 503);
  EXPECT_EQ(status_of(ErrorKind::kTimeout), 503);
  EXPECT_EQ(status_of(ErrorKind::kInternal), 500);
}

TEST(PresentedError, IsAProblemDocumentForWhoAsksForOne) {
  const Response response = presented(problem(Error(ErrorKind::kNotFound, "User not found", "x")));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            "{\"detail\":\"User not found\",\"instance\":\"/users\",\"request_id\":\"\","
            "\"status\":404,\"title\":\"Not Found\",\"type\":\"urn:ginnel:problem:not-found\"}\n");
}

TEST(PresentedError, StaysAsItIsForEverybodyElse) {
  for (const char* accept : {"*/*", "application/json", "text/html, */*;q=0.8"}) {
    const Response response = presented(problem(404, "Not found"), accept);
    EXPECT_EQ(response.content_type, kJson) << accept;
    EXPECT_EQ(response.body, "{\"error\":\"Not found\"}\n") << accept;
  }
}

TEST(PresentedError, SaysThatAcceptDecided) {
  EXPECT_EQ(presented(problem(404, "Not found"), "*/*").fields, "Vary: Accept\r\n");
  EXPECT_EQ(presented(problem(404, "Not found")).fields, "Vary: Accept\r\n");
}

TEST(PresentedError, ReadsEveryAcceptField) {
  const support::SentRequest request("GET /",
                                     "Accept: text/html\r\nAccept: application/problem+json\r\n");
  Response response = problem(404, "Not found");
  present_error(*request, response);
  EXPECT_EQ(response.content_type, kProblemJson);
}

TEST(PresentedError, ListsEveryFaultInTheOrderInWhichItWasFound) {
  const Response response =
      presented(problem(Error::about_fields({{"b", "2"}, {"a", "1"}, {"b", "3"}}), 422));
  EXPECT_NE(response.body.find(R"("errors":[{"field":"b","message":"2"},)"
                               R"({"field":"a","message":"1"},{"field":"b","message":"3"}])"),
            std::string::npos)
      << response.body;
}

TEST(PresentedError, KeepsItsOtherFields) {
  const Response response = presented(problem(Error(ErrorKind::kUnavailable, "busy")));
  EXPECT_EQ(response.fields, "Retry-After: 1\r\nVary: Accept\r\n");
}

TEST(PresentedError, HasATypeByWhatCanBeDoneAboutIt) {
  EXPECT_EQ(type_of(problem(Error::about_fields({{"a", "1"}}))), "invalid-fields");
  EXPECT_EQ(type_of(problem(Error::about_fields({{"a", "1"}}), 422)), "invalid-fields");
  EXPECT_EQ(type_of(problem(Error(ErrorKind::kInvalid, "no JSON"))), "bad-request");
  EXPECT_EQ(type_of(problem(Error(ErrorKind::kConflict, "taken"))), "conflict");
  EXPECT_EQ(type_of(problem(Error(ErrorKind::kConflict, "taken"), 422)), "conflict");
  EXPECT_EQ(type_of(problem(Error(ErrorKind::kTimeout, "late"))), "outcome-unknown");
  EXPECT_EQ(type_of(problem(Error(ErrorKind::kUnavailable, "busy"))), "service-unavailable");
  EXPECT_EQ(type_of(problem(405, "Method not allowed")), "method-not-allowed");
}

TEST(PresentedError, OfARequestWithoutAPathHasNoInstance) {
  const support::SentRequest request("OPTIONS *", "Accept: application/problem+json\r\n");
  Response response = problem(404, "Not found");
  present_error(*request, response);
  EXPECT_EQ(response.body.find("instance"), std::string::npos) << response.body;
}

TEST(PresentedError, OfARequestWithoutFieldsIsTheUsualOne) {
  Response response = problem(414, "The request line is longer than 16384 bytes");
  present_error(Request(), response);
  EXPECT_EQ(response.body, "{\"error\":\"The request line is longer than 16384 bytes\"}\n");
}

}  // namespace
}  // namespace ginnel::http
