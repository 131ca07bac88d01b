// SPDX-License-Identifier: MIT
#include "change/users.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "change/links.h"
#include "change/trail.h"

namespace ginnel::change {
namespace {

domain::UserRecord changed(domain::UserRecord record, const domain::UserChange& wanted) {
  if (wanted.username) {
    record.user.username = trimmed(*wanted.username);
  }
  if (wanted.email) {
    record.user.email = trimmed(*wanted.email);
  }
  record.metadata = wanted.metadata.value_or(record.metadata);
  return record;
}

}  // namespace

Change create(const domain::UserRecord& record, const Context& by) {
  const std::int64_t id = record.user.id.value;
  Change change;
  change.row = UserRow{record};
  change.entry = entry_of(by, "create", "user", id, {}, json_of(record));
  change.key = kept_key_of(by, id);
  return change;
}

Result<std::optional<Change>> update(const domain::UserRecord& before,
                                     const domain::UserChange& wanted,
                                     const Context& by) {
  if (auto as_wanted = check_condition(by, before.user); !as_wanted) {
    return std::move(as_wanted).error();
  }
  domain::UserRecord after = changed(before, wanted);
  if (after == before) {
    return std::optional<Change>();
  }
  const std::int64_t id = after.user.id.value;
  std::optional<Change> change(std::in_place);
  change->act = Act::kUpdate;
  change->entry = entry_of(by, "update", "user", id, json_of(before), json_of(after));
  const bool has_new_name = after.user.username != before.user.username;
  change->row = UserRow{std::move(after), has_new_name};
  return change;
}

Result<std::vector<Change>> remove(const domain::UserRecord& record,
                                   const std::vector<domain::Link>& links,
                                   bool others_are_left,
                                   const Context& by) {
  if (auto as_wanted = check_condition(by, record.user); !as_wanted) {
    return std::move(as_wanted).error();
  }
  std::vector<Change> changes;
  changes.reserve(links.size() + 1);
  for (const domain::Link& link : links) {
    changes.push_back(remove_with_owner(link, by));
  }
  if (!others_are_left) {
    Change& change = changes.emplace_back();
    change.act = Act::kDelete;
    change.row = UserRow{record};
    change.entry = entry_of(by, "delete", "user", record.user.id.value, json_of(record), {});
  }
  return changes;
}

Error user_not_found() {
  return Error(ErrorKind::kNotFound, "User not found");
}

Result<Done> check_free(bool name_is_taken, bool address_is_taken) {
  std::vector<FieldFault> faults;
  if (name_is_taken) {
    faults.push_back({"username", "Username is taken"});
  }
  if (address_is_taken) {
    faults.push_back({"email", "Email is taken"});
  }
  if (faults.empty()) {
    return Done();
  }
  Error taken(ErrorKind::kConflict, faults.front().message);
  taken.faults = std::move(faults);
  return taken;
}

}  // namespace ginnel::change
