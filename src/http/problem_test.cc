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
