// SPDX-License-Identifier: MIT
#include "client/link_commands.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "client/named.h"
#include "client/rows.h"
#include "client/stats_rows.h"
#include "domain/typed_target.h"

namespace ginnel::client {
namespace {

namespace json = boost::json;

/// A list on a terminal asks for the clicks of so many rows by itself: each is a request.
constexpr std::uint32_t kMostAskedUnasked = 100;

const Column kClicks = {"clicks", "humans", Column::Kind::kNumber};
const Column kShortUrl = {"short url", "short_url"};

const std::vector<Column>& row_columns() {
  using Kind = Column::Kind;
  static const std::vector<Column> kColumns = {{"id", "id", Kind::kNumber},
                                               {"code", "short_code"},
                                               {"state", "is_active", Kind::kState},
                                               {"user", "user_id", Kind::kNumber},
                                               {"title", "title", Kind::kLongText},
                                               {"target", "original_url", Kind::kLongText}};
  return kColumns;
}

/// What a list shows beside the rows of the interface.
struct Extras {
  bool clicks = false;
  bool short_urls = false;
};

Extras extras_of(const Console& console, const LinkArguments& arguments) {
  const bool is_table = console.format == Format::kTable;
  const bool is_short = !arguments.list.all && arguments.list.limit <= kMostAskedUnasked;
  return {.clicks = arguments.clicks || (is_table && is_short),
          .short_urls = arguments.short_urls || is_table};
}

/// For people the short URL stands in the code's place, and clicks beside it; for programs what
/// they asked for stands behind what has always been there.
std::vector<Column> list_columns(const Console& console, const Extras& extras) {
  std::vector<Column> columns = row_columns();
  if (console.format == Format::kTable) {
    columns[1] = kShortUrl;
    columns[3].is_spare = true;
    if (extras.clicks) {
      columns.insert(columns.begin() + 2, kClicks);
    }
    return columns;
  }
  if (extras.short_urls) {
    columns.push_back(kShortUrl);
  }
  if (extras.clicks) {
    columns.push_back(kClicks);
  }
  return columns;
}

const std::vector<Column>& all_columns() {
  static const std::vector<Column> kColumns = [] {
    auto columns = row_columns();
    columns.push_back({"created", "created_at"});
    columns.push_back({"updated", "updated_at"});
    return columns;
  }();
  return kColumns;
}

std::string path_of(const json::object& link) {
  return "/urls/" + std::to_string(number_at(link, "id"));
}

/// `link 2001, debian-doc`.
std::string words_for_link(const json::object& link) {
  return "link " + text_at(link, "id") + ", " + text_at(link, "short_code");
}

/// Adds `clicks` and `humans` of the last 30 days, as the server counts them, to each row. A link
/// that was deleted since has none.
Result<Done> add_clicks(Server& server, json::array& rows) {
  for (json::value& row : rows) {
    auto* const link = row.if_object();
    if (link == nullptr) {
      continue;
    }
    auto answer = server.ask("GET", path_of(*link) + "/stats?values=1");
    if (!answer && answer.error().kind != ErrorKind::kNotFound) {
      return std::move(answer).error();
    }
    const auto* const stats = answer ? answer->document.if_object() : nullptr;
    for (const char* key : {"clicks", "humans"}) {
      if (stats != nullptr && stats->contains(key)) {
        (*link)[key] = stats->at(key);
      }
    }
  }
  return Done();
}

void add_short_urls(const std::string& public_url, json::array& rows) {
  for (json::value& row : rows) {
    if (auto* const link = row.if_object()) {
      (*link)["short_url"] = public_url + "/" + text_at(*link, "short_code");
    }
  }
}

Result<json::object> owner_of_new(Server& server, const LinkArguments& arguments) {
  return arguments.user.empty() ? only_user(server) : find_user(server, arguments.user);
}

int set_state(Server& server,
              const Console& console,
              const LinkArguments& arguments,
              bool is_active) {
  const auto link = find_link(server, arguments.name);
  if (!link) {
    return report(link.error(), console);
  }
  const json::object change = {{"is_active", is_active}};
  const auto answer = server.ask("PUT", path_of(*link), change);
  if (!answer) {
    return report(answer.error(), console);
  }
  tell(console, answer->document, (is_active ? "enabled " : "disabled ") + words_for_link(*link));
  return kDone;
}

void add_parameter(std::string& query, std::string_view name, const std::string& value) {
  if (!value.empty()) {
    query.append(query.empty() ? "?" : "&").append(name).append("=").append(Server::escaped(value));
  }
}

}  // namespace

int create_link(Server& server, const Console& console, const LinkArguments& arguments) {
  const auto owner = owner_of_new(server, arguments);
  if (!owner) {
    return report(owner.error(), console);
  }
  json::object draft = {{"original_url", domain::typed_target(arguments.target)},
                        {"title", arguments.title},
                        {"user_id", number_at(*owner, "id")}};
  if (!arguments.code.empty()) {
    draft["code"] = arguments.code;
  }
  auto answer = server.ask("POST", "/urls", draft);
  if (!answer) {
    return report(answer.error(), console);
  }
  if (auto* const link = answer->document.if_object()) {
    (*link)["short_url"] = answer->short_url;
  }
  tell(console, answer->document, answer->short_url);
  return kDone;
}

int list_links(Server& server, const Console& console, const LinkArguments& arguments) {
  std::string filters;
  if (!arguments.user.empty()) {
    const auto user = find_user(server, arguments.user);
    if (!user) {
      return report(user.error(), console);
    }
    filters += "&user_id=" + text_at(*user, "id");
  }
  if (!arguments.state.empty()) {
    filters += arguments.state == "active" ? "&is_active=true" : "&is_active=false";
  }
  const Extras extras = extras_of(console, arguments);
  const auto begin = extras.short_urls ? public_url(server) : Result(std::string());
  if (!begin) {
    return report(begin.error(), console);
  }
  const auto complete = [&](json::array& rows) -> Result<Done> {
    if (extras.short_urls) {
      add_short_urls(*begin, rows);
    }
    return extras.clicks ? add_clicks(server, rows) : Done();
  };
  const List list = {"/urls", std::move(filters), "links", list_columns(console, extras), complete};
  return write_list(server, console, list, arguments.list);
}

int show_link(Server& server, const Console& console, const LinkArguments& arguments) {
  const auto link = find_link(server, arguments.name);
  if (!link) {
    return report(link.error(), console);
  }
  write_row(console, all_columns(), *link);
  return kDone;
}

int enable_link(Server& server, const Console& console, const LinkArguments& arguments) {
  return set_state(server, console, arguments, true);
}

int disable_link(Server& server, const Console& console, const LinkArguments& arguments) {
  return set_state(server, console, arguments, false);
}

int delete_link(Server& server, const Console& console, const LinkArguments& arguments) {
  const auto link = find_link(server, arguments.name);
  if (!link) {
    return report(link.error(), console);
  }
  if (!arguments.yes) {
    const std::string question =
        "Delete " + words_for_link(*link) + " to " + text_at(*link, "original_url") + "?";
    if (const int status = confirm(question, console); status != kDone) {
      return status;
    }
  }
  if (const auto answer = server.ask("DELETE", path_of(*link)); !answer) {
    return report(answer.error(), console);
  }
  tell(console, *link, "deleted " + words_for_link(*link));
  return kDone;
}

int show_stats(Server& server, const Console& console, const LinkArguments& arguments) {
  const auto link = find_link(server, arguments.name);
  if (!link) {
    return report(link.error(), console);
  }
  std::string query;
  add_parameter(query, "period", arguments.period);
  add_parameter(query, "from", arguments.from);
  add_parameter(query, "to", arguments.to);
  add_parameter(query, "time_zone", arguments.time_zone);
  add_parameter(query, "values", arguments.values);
  const auto answer = server.ask("GET", path_of(*link) + "/stats" + query);
  if (!answer) {
    return report(answer.error(), console);
  }
  const auto* const stats = answer->document.if_object();
  if (console.format == Format::kJson || stats == nullptr) {
    write_row(console, {}, answer->document);
    return kDone;
  }
  RowWriter writer(console, stats_columns());
  writer.add(stats_rows(*stats));
  writer.end();
  return kDone;
}

}  // namespace ginnel::client
