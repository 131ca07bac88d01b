// SPDX-License-Identifier: MIT
#include "change/users.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "change/links.h"
#include "change/trail.h"

namespace ginnel::change {
namespace {

/// Fails when there is no user, or another than the one who is to be changed.
Result<Done> check(const std::optional<UserRow>& user, const Context& by) {
  return user ? check_condition(by, user->record.user)
              : Error(ErrorKind::kNotFound, "User not found");
}

UserRow changed(UserRow row, const domain::UserChange& wanted) {
  domain::User& user = row.record.user;
  if (wanted.username && user.username != trimmed(*wanted.username)) {
    user.username = trimmed(*wanted.username);
    row.name_key = domain::username_key(user.username);
  }
  if (wanted.email) {
    user.email = trimmed(*wanted.email);
  }
  row.record.metadata = wanted.metadata.value_or(row.record.metadata);
  return row;
}

}  // namespace

Result<Change> create(const domain::UserDraft& draft,
                      domain::UserId id,
                      const std::optional<KeptKey>& kept,
                      const Context& by) {
  auto repeated = is_repeated(kept, by);
  if (!repeated) {
    return std::move(repeated).error();
  }
  domain::UserRecord record = domain::record_of(draft, by.at);
  domain::User& user = record.user;
  user.id = id;
  Change change;
  if (*repeated) {
    user.id.value = kept->id;
    user.created_at = kept->at;
  } else {
    change.act = Act::kCreate;
    change.entry = entry_of(by, "create", "user", id.value, {}, json_of(record));
    change.key = kept_key_of(by, id.value);
  }
  std::string name_key = domain::username_key(user.username);
  change.row = UserRow{std::move(record), std::move(name_key)};
  return change;
}

Result<Change> update(const std::optional<UserRow>& before,
                      const domain::UserChange& wanted,
                      const Context& by) {
  if (auto as_wanted = check(before, by); !as_wanted) {
    return std::move(as_wanted).error();
  }
  UserRow after = changed(*before, wanted);
  Change change;
  if (after.record != before->record) {
    change.act = Act::kUpdate;
    change.entry = entry_of(by,
                            "update",
                            "user",
                            after.record.user.id.value,
                            json_of(before->record),
                            json_of(after.record));
  }
  change.row = std::move(after);
  return change;
}

Result<std::vector<Change>> remove(const std::optional<UserRow>& user,
                                   const std::vector<domain::Link>& links,
                                   bool others_are_left,
                                   const Context& by) {
  if (auto as_wanted = check(user, by); !as_wanted) {
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
    change.row = *user;
    change.entry =
        entry_of(by, "delete", "user", user->record.user.id.value, json_of(user->record), {});
  }
  return changes;
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
