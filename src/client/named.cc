// SPDX-License-Identifier: MIT
#include "client/named.h"

#include <charconv>
#include <limits>
#include <utility>

#include "client/rows.h"
#include "client/short_url.h"
#include "domain/user.h"

namespace ginnel::client {
namespace {

/// The number that a word of digits alone is; of too many it is one that no row has.
std::optional<std::int64_t> number_of(std::string_view word) {
  if (word.empty() || word.find_first_not_of("0123456789") != word.npos) {
    return std::nullopt;
  }
  std::int64_t number = std::numeric_limits<std::int64_t>::max();  // stays where they are too many
  std::from_chars(word.data(), word.data() + word.size(), number);
  return number;
}

/// The words by which the rows of a collection are looked for and missed.
struct Collection {
  std::string path;
  std::string filter;
  std::string_view missing;
};

Error unlike_ginnel(const Server& server) {
  return {ErrorKind::kUnavailable, server.url() + " does not answer as Ginnel does"};
}

Result<boost::json::object> object_of(const Server& server, Result<Answer> answer) {
  if (!answer) {
    return std::move(answer).error();
  }
  auto* const object = answer->document.if_object();
  if (object == nullptr) {
    return unlike_ginnel(server);
  }
  return std::move(*object);
}

Result<boost::json::object> find(Server& server, const Collection& collection, const Name& name) {
  if (name.id) {
    return object_of(server, server.ask("GET", collection.path + "/" + std::to_string(*name.id)));
  }
  const auto query = std::string("?") + collection.filter + "=" + Server::escaped(name.text);
  auto answer = server.ask("GET", collection.path + query);
  if (!answer) {
    return std::move(answer).error();
  }
  auto* const rows = answer->document.if_array();
  if (rows == nullptr || rows->size() > 1) {  // a server that does not know the filter lists all
    return unlike_ginnel(server);
  }
  auto* const row = rows->empty() ? nullptr : rows->front().if_object();
  if (row == nullptr) {
    return Error(ErrorKind::kNotFound, std::string(collection.missing).append(name.text));
  }
  return std::move(*row);
}

/// What the server says of itself. An older one tells no names, and has only that by which it is
/// asked.
Result<ServerNames> names_of(Server& server) {
  auto told = object_of(server, server.ask("GET", "/"));
  if (!told) {
    return std::move(told).error();
  }
  std::vector<std::string> hosts;
  for (const auto& host : array_at(*told, "hosts")) {
    if (host.is_string()) {
      hosts.emplace_back(host.get_string());
    }
  }
  return ServerNames(server.url(), text_at(*told, "public_url"), hosts);
}

Result<Name> name_in_url(Server& server, std::string_view word) {
  auto url = read_short_url(word);
  if (!url) {
    return std::move(url).error();
  }
  auto names = names_of(server);
  if (!names) {
    return std::move(names).error();
  }
  auto code = names->code_of(*url);
  if (!code) {
    return std::move(code).error();
  }
  return Name{std::nullopt, std::move(code).value()};
}

}  // namespace

Name link_name(std::string_view word) {
  if (const auto number = number_of(word)) {
    return {number, {}};
  }
  word = word.substr(0, word.find_first_of("?#"));
  word.remove_prefix(word.starts_with('/') ? 1 : 0);
  while (word.ends_with('/')) {
    word.remove_suffix(1);
  }
  return {std::nullopt, std::string(word)};
}

Name user_name(std::string_view word) {
  const auto number = number_of(word);
  return {number, number ? std::string() : std::string(word)};
}

Result<boost::json::object> find_link(Server& server, std::string_view word) {
  static const Collection kLinks = {"/urls", "short_code", "there is no link with the code "};
  Result<Name> name = is_url(word) ? name_in_url(server, word) : Result(link_name(word));
  if (!name) {
    return std::move(name).error();
  }
  auto link = find(server, kLinks, *name);
  if (link && !name->id && text_at(*link, "short_code") != name->text) {
    return unlike_ginnel(server);
  }
  return link;
}

Result<boost::json::object> find_user(Server& server, std::string_view word) {
  static const Collection kUsers = {"/users", "username", "there is no user with the name "};
  auto user = find(server, kUsers, user_name(word));
  if (user && !user_name(word).id &&
      domain::username_key(text_at(*user, "username")) != domain::username_key(word)) {
    return unlike_ginnel(server);
  }
  return user;
}

Result<std::string> public_url(Server& server) {
  auto told = object_of(server, server.ask("GET", "/"));
  if (!told) {
    return std::move(told).error();
  }
  return text_at(*told, "public_url");
}

Result<boost::json::object> only_user(Server& server) {
  auto answer = server.ask("GET", "/users?per_page=2");
  if (!answer) {
    return std::move(answer).error();
  }
  auto* const users = answer->document.if_array();
  if (users == nullptr) {
    return unlike_ginnel(server);
  }
  if (users->size() != 1 || answer->more || !users->front().is_object()) {
    return Error(ErrorKind::kInvalid,
                 users->empty()
                     ? "there is no user yet to whom the link could belong: make one by ginnel "
                       "user create NAME EMAIL"
                     : "there are several users: say whose link it is by --user NAME");
  }
  return std::move(users->front().get_object());
}

}  // namespace ginnel::client
