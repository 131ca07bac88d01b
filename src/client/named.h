// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"
#include "client/server.h"

namespace ginnel::client {

/// A link or user as a person names it: one of the two.
struct Name {
  std::optional<std::int64_t> id;
  std::string text;  ///< a code, or a user's name
};

/// Digits are an id. Otherwise a code, alone or behind a slash: `/2001` is the code of digits. Not
/// for a URL (short_url.h).
Name link_name(std::string_view word);

/// Digits are an id, everything else is a user's name.
Name user_name(std::string_view word);

/// The link or user as the server has it. Fails as Server::ask does, with kNotFound too. A link may
/// be named by its short URL: then the server is asked for its names, and the search fails with
/// kForbidden, before anything else is asked, where it is another server's (short_url.h).
Result<boost::json::object> find_link(Server& server, std::string_view word);
Result<boost::json::object> find_user(Server& server, std::string_view word);

/// What the short URLs of the server begin with, without a slash at the end. Fails as Server::ask
/// does.
Result<std::string> public_url(Server& server);

/// The user of the server when there is one only. Fails with kInvalid otherwise: `message` says
/// what to type.
Result<boost::json::object> only_user(Server& server);

}  // namespace ginnel::client
