// SPDX-License-Identifier: MIT
#include "service/link_service.h"

#include <optional>
#include <string>
#include <utility>

#include "domain/code_generator.h"
#include "domain/location.h"
#include "domain/reserved_codes.h"
#include "service/own_hosts.h"

namespace ginnel::service {
namespace {

/// With a space at most 1 % full, eight collisions in a row have a chance of 1 in 10^16.
constexpr int kMaxAttempts = 8;

Error refused_code(std::string message) {
  return Error::about_field(ErrorKind::kConflict, "code", std::move(message));
}

/// A letter of another alphabet is one character of a target and six bytes or more of its Location.
std::optional<Error> location_fault(const domain::TargetUrl& target, std::size_t most) {
  const std::size_t bytes = domain::location_of(target.text()).size();
  if (bytes <= most) {
    return std::nullopt;
  }
  return Error(ErrorKind::kInvalid,
               "URL must not exceed " + std::to_string(most) +
                   " bytes as it is sent to visitors, percent-encoded: this one has " +
                   std::to_string(bytes));
}

bool is_code_conflict(const Error& error) {
  return error.kind == ErrorKind::kConflict;
}

}  // namespace

LinkService::LinkService(storage::LinkStore& links, LinkOptions options, std::uint64_t taken)
    : links_(links),
      options_(std::move(options)),
      targets_(target_rules(options_)),
      taken_(taken) {}

Result<domain::TargetUrl> LinkService::parse_target(std::string_view text) const {
  auto target = domain::TargetUrl::parse(text, targets_);
  if (target) {
    if (auto fault = location_fault(*target, options_.max_location_bytes)) {
      return std::move(*fault);
    }
  }
  return target;
}

std::string LinkService::short_url(std::string_view code) const {
  return options_.public_url + "/" + std::string(code);
}

Task<Result<domain::Link>> LinkService::create(domain::LinkDraft draft, change::Context caller) {
  if (draft.chosen && domain::is_reserved(draft.code)) {
    co_return refused_code("This short code is reserved");
  }
  auto claim = running_.claim(caller);
  if (!claim) {
    co_return std::move(claim).error();
  }
  const int attempts = draft.chosen ? 1 : kMaxAttempts;
  const change::Context by = std::move(caller);
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (!draft.chosen) {
      draft.code = domain::random_code(domain::code_length_for(taken_)).text();
    }
    auto made = co_await links_.insert(draft, by);
    if (made) {
      ++taken_;
      co_return std::move(made);
    }
    if (!is_code_conflict(made.error())) {
      co_return std::move(made);
    }
    if (draft.chosen) {
      co_return refused_code(std::move(made).error().message);
    }
    ++collisions_;
  }
  co_return Error(ErrorKind::kInternal, "Failed to generate unique short code");
}

Task<Result<domain::Link>> LinkService::get(domain::LinkId id, CallContext call) {
  auto link = co_await links_.find(id, std::move(call));
  if (!link) {
    co_return std::move(link).error();
  }
  if (!link->has_value()) {
    co_return Error(ErrorKind::kNotFound, "URL not found");
  }
  co_return std::move(**link);
}

Task<Result<domain::Link>> LinkService::get(domain::ShortCode code, CallContext call) {
  storage::LinkQuery query;
  query.code = code.text();
  query.limit = 1;
  auto found = co_await links_.list(std::move(query), std::move(call));
  if (!found) {
    co_return std::move(found).error();
  }
  if (found->rows.empty()) {
    co_return Error(ErrorKind::kNotFound, "URL not found");
  }
  co_return std::move(found->rows.front());
}

Task<Result<storage::Page<domain::Link>>> LinkService::list(storage::LinkQuery query,
                                                            CallContext call) {
  return links_.list(std::move(query), std::move(call));
}

Task<Result<domain::Link>> LinkService::change(const domain::Link& known,
                                               domain::LinkChange change,
                                               change::Context caller) {
  if (change.target == known.target) {
    const auto todays = parse_target(known.target);
    if (!todays || todays->text() != known.target) {
      caller = change::while_it_is(known, std::move(caller));
    }
  }
  return links_.change(known.id, std::move(change), std::move(caller));
}

Task<Result<Done>> LinkService::remove(domain::LinkId id, change::Context caller) {
  return links_.remove(id, std::move(caller));
}

}  // namespace ginnel::service
