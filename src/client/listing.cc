// SPDX-License-Identifier: MIT
#include "client/listing.h"

#include <algorithm>
#include <optional>

namespace ginnel::client {
namespace {

constexpr std::uint32_t kPage = 500;

std::int64_t last_id(const boost::json::array& rows) {
  return rows.empty() ? 0 : number_at(as_object(rows.back()), "id");
}

Result<Answer> ask_page(Server& server,
                        const List& list,
                        const ListArguments& wanted,
                        std::uint32_t rows) {
  std::string query = "?per_page=" + std::to_string(rows) + list.filters;
  query += wanted.newest ? "&order=newest" : "";
  if (wanted.after > 0 || !wanted.newest) {
    query += "&cursor=" + std::to_string(wanted.after);
  }
  auto answer = server.ask("GET", list.path + query);
  const auto* const page = answer ? answer->document.if_array() : nullptr;
  const std::int64_t last = page != nullptr ? last_id(*page) : 0;
  const bool goes_on =
      wanted.newest ? last > 0 && (wanted.after == 0 || last < wanted.after) : last > wanted.after;
  if (answer && !goes_on && (page == nullptr || !page->empty())) {
    return Error(ErrorKind::kUnavailable, server.url() + " does not list as Ginnel does");
  }
  return answer;
}

/// Tells of what a list does not show: that there is nothing, or more.
void tell_rest(const Console& console,
               const List& list,
               std::uint64_t written,
               std::optional<std::int64_t> more_after) {
  if (written == 0 && console.format == Format::kTable) {
    console.err << "no " << list.of << '\n';
  }
  if (more_after) {
    console.err << "there are more " << list.of << ": --after " << *more_after
                << " goes on, --all shows all\n";
  }
}

}  // namespace

int write_list(Server& server, const Console& console, const List& list, ListArguments wanted) {
  RowWriter writer(console, list.columns);
  std::uint64_t written = 0;
  bool more = true;
  while (more && (wanted.all || written < wanted.limit)) {
    const std::uint64_t left = wanted.all ? kPage : wanted.limit - written;
    const auto rows = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, kPage));
    auto answer = ask_page(server, list, wanted, rows);
    if (!answer) {
      return report(answer.error(), console);
    }
    auto& page = answer->document.get_array();
    if (const auto completed = list.complete ? list.complete(page) : Done(); !completed) {
      return report(completed.error(), console);
    }
    writer.add(page);
    written += page.size();
    wanted.after = page.empty() ? wanted.after : last_id(page);
    more = answer->more && !page.empty();
  }
  writer.end();
  tell_rest(console, list, written, more ? std::optional(wanted.after) : std::nullopt);
  return kDone;
}

}  // namespace ginnel::client
