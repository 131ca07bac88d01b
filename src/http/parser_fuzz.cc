// SPDX-License-Identifier: MIT
// A request is read alike whether it comes whole or in pieces, and keeps to the limits. The first
// byte of an input tells how long the pieces are.
#include "http/parser.h"
#include "support/fuzz_target.h"

namespace ginnel::http {
namespace {

constexpr std::size_t kMaxBody = 4'096;

struct Reading {
  Parser::Outcome outcome = Parser::Outcome::kNeedMore;
  std::string told;   ///< what a complete request says
  std::string fault;  ///< a limit that was passed
};

std::string tell(const Request& request, std::size_t consumed) {
  std::string text = std::to_string(consumed) + ' ' + std::string(to_text(request.method())) + ' ' +
                     std::string(request.target()) + ' ' + std::string(request.path()) + ' ' +
                     std::string(request.query()) + (request.keep_alive() ? " keep" : " close");
  for (const char* name : {"Host", "Connection", "Content-Length", "Content-Type", "X-A"}) {
    text += '|' + std::string(request.field(name).value_or("(none)"));
    text += ',' + std::to_string(request.field_count(name));
  }
  return text + '|' + std::string(request.body());
}

Reading read(std::string_view bytes, std::size_t step) {
  Request request;
  Parser parser(request, kMaxBody);
  parser.restart(bytes.data());
  Reading reading;
  std::size_t consumed = 0;
  for (std::size_t end = 0; end < bytes.size() && reading.outcome == Parser::Outcome::kNeedMore;) {
    end = std::min(end + step, bytes.size());
    reading.outcome = parser.parse(bytes.substr(consumed, end - consumed), consumed);
  }
  if (consumed > bytes.size()) {
    reading.fault = "more was consumed than there is";
  }
  if (reading.outcome == Parser::Outcome::kComplete) {
    reading.told = tell(request, consumed);
    if (request.body().size() > kMaxBody) {
      reading.fault = "a body beyond the limit";
    }
  } else if (reading.outcome == Parser::Outcome::kFailed && parser.fault().status < 400) {
    reading.fault = "a fault without a status";
  }
  return reading;
}

}  // namespace
}  // namespace ginnel::http

std::string ginnel::support::fault_of(std::string_view bytes) {
  if (bytes.empty()) {
    return {};
  }
  const std::size_t step = 1 + static_cast<unsigned char>(bytes.front()) % 64;
  bytes.remove_prefix(1);
  const auto whole = http::read(bytes, bytes.size());
  const auto pieces = http::read(bytes, step);
  for (const auto* reading : {&whole, &pieces}) {
    if (!reading->fault.empty()) {
      return reading->fault;
    }
  }
  const bool complete = whole.outcome == http::Parser::Outcome::kComplete;
  if (complete && whole.told != pieces.told) {
    return "whole: " + whole.told + "\npieces of " + std::to_string(step) + ": " + pieces.told;
  }
  return {};
}
