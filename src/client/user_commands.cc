// SPDX-License-Identifier: MIT
#include "client/user_commands.h"

#include "client/named.h"
#include "client/rows.h"

namespace ginnel::client {
namespace {

namespace json = boost::json;

const std::vector<Column>& columns() {
  using Kind = Column::Kind;
  static const std::vector<Column> kColumns = {{"id", "id", Kind::kNumber},
                                               {"name", "username", Kind::kLongText},
                                               {"email", "email", Kind::kLongText},
                                               {"created", "created_at"}};
  return kColumns;
}

/// `user 401, ada`.
std::string words_for_user(const json::object& user) {
  return "user " + text_at(user, "id") + ", " + text_at(user, "username");
}

}  // namespace

int create_user(Server& server, const Console& console, const UserArguments& arguments) {
  const json::object draft = {{"email", arguments.email}, {"username", arguments.name}};
  const auto answer = server.ask("POST", "/users", draft);
  if (!answer) {
    return report(answer.error(), console);
  }
  write_row(console, columns(), answer->document);
  return kDone;
}

int list_users(Server& server, const Console& console, const UserArguments& arguments) {
  return write_list(server, console, {"/users", {}, "users", columns()}, arguments.list);
}

int show_user(Server& server, const Console& console, const UserArguments& arguments) {
  const auto user = find_user(server, arguments.name);
  if (!user) {
    return report(user.error(), console);
  }
  write_row(console, columns(), *user);
  return kDone;
}

int delete_user(Server& server, const Console& console, const UserArguments& arguments) {
  const auto user = find_user(server, arguments.name);
  if (!user) {
    return report(user.error(), console);
  }
  if (!arguments.yes) {
    const std::string question =
        "Delete " + words_for_user(*user) + ", and every link of this user?";
    if (const int status = confirm(question, console); status != kDone) {
      return status;
    }
  }
  const auto answer = server.ask("DELETE", "/users/" + text_at(*user, "id"));
  if (!answer) {
    return report(answer.error(), console);
  }
  tell(console, *user, "deleted " + words_for_user(*user) + " and the links");
  return kDone;
}

}  // namespace ginnel::client
