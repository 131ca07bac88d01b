// SPDX-License-Identifier: MIT
#include "change/imports.h"

#include <algorithm>
#include <utility>

#include "base/json_text.h"
#include "change/trail.h"
#include "domain/code_generator.h"
#include "domain/reserved_codes.h"

namespace ginnel::change {
namespace {

ImportVerdict refused(std::string reason) {
  return ImportVerdict{ImportOutcome::kRefused, std::move(reason)};
}

std::string named(std::string_view entity, std::int64_t id) {
  return std::string(entity) + " " + std::to_string(id);
}

ImportVerdict compared(bool same, std::string_view entity, std::int64_t id) {
  if (same) {
    return ImportVerdict{ImportOutcome::kUnchanged, {}};
  }
  return ImportVerdict{ImportOutcome::kDiffers,
                       named(entity, id) + " is there already, with other content"};
}

ImportVerdict deleted(std::string_view entity, std::int64_t id) {
  return ImportVerdict{ImportOutcome::kDeleted, named(entity, id) + " was deleted"};
}

ImportVerdict unknown(std::string_view entity, std::int64_t id) {
  return refused(named(entity, id) + " does not exist");
}

ImportVerdict taken(std::string_view what, std::string_view by, std::int64_t id) {
  return refused(std::string(what) + " is taken by " + named(by, id));
}

bool is_importable(std::int64_t id) noexcept {
  return id >= 1 && id <= kMaxImportedId;
}

ImportVerdict bad_id() {
  return refused("id must be between 1 and " + std::to_string(kMaxImportedId));
}

/// Why no link may have this code, or nothing.
std::optional<std::string> code_fault(const std::string& code) {
  if (!domain::ShortCode::is_valid(code)) {
    return "short_code is not a valid code";
  }
  if (domain::is_reserved(code)) {
    return "short_code is reserved";
  }
  return std::nullopt;
}

bool same_content(domain::Link kept, const domain::Link& row) {
  kept.version = row.version;
  return kept == row;
}

/// Whether an event or click is what `row` says, as it is shown or, where it names what is gone by
/// now, as it was.
bool same_content(const EventRow& kept, const domain::Event& row) {
  return (kept.shown.link == row.link || kept.event.link == row.link) &&
         (kept.shown.user == row.user || kept.event.user == row.user) &&
         kept.event.type == row.type && kept.event.at == row.at &&
         kept.event.details == row.details;
}

std::string summary_of(const ImportOrigin& origin,
                       const ImportCounts& counts,
                       std::int64_t first_id,
                       std::int64_t last_id) {
  std::string numbers;
  JsonObject inner(numbers);
  inner.add("inserted", counts.inserted)
      .add("rows", counts.rows)
      .add("skipped", counts.skipped)
      .add("unchanged", counts.unchanged);
  inner.end();
  std::string summary;
  JsonObject outer(summary);
  outer.add_raw("counts", numbers)
      .add("file", origin.file)
      .add("first_id", first_id)
      .add("last_id", last_id)
      .add("sha256", origin.sha256);
  outer.end();
  return summary;
}

}  // namespace

std::string_view to_text(RowKind kind) noexcept {
  switch (kind) {
    case RowKind::kUser:
      return "user";
    case RowKind::kLink:
      return "link";
    case RowKind::kEvent:
      return "event";
  }
  return "";  // a value outside the list: a defect
}

std::string_view plural_of(RowKind kind) noexcept {
  switch (kind) {
    case RowKind::kUser:
      return "users";
    case RowKind::kLink:
      return "urls";
    case RowKind::kEvent:
      return "events";
  }
  return "";  // a value outside the list: a defect
}

bool is_importable(const domain::User& row) noexcept {
  return is_importable(row.id.value);
}

bool is_importable(const domain::Link& row) {
  return is_importable(row.id.value) && !code_fault(row.code);
}

bool is_importable(const domain::Event& row) noexcept {
  return is_importable(row.id.value);
}

ImportVerdict judge(const domain::User& row, const UserFacts& facts) {
  if (!is_importable(row.id.value)) {
    return bad_id();
  }
  if (facts.was_deleted) {
    return deleted("user", row.id.value);
  }
  if (facts.kept) {
    return compared(*facts.kept == row, "user", row.id.value);
  }
  if (facts.has_name) {
    return taken("username", "user", facts.has_name->value);
  }
  if (facts.has_email) {
    return taken("email", "user", facts.has_email->value);
  }
  return ImportVerdict();
}

ImportVerdict judge(const domain::Link& row, const LinkFacts& facts) {
  if (!is_importable(row.id.value)) {
    return bad_id();
  }
  if (facts.was_deleted) {
    return deleted("link", row.id.value);
  }
  if (facts.kept) {
    return compared(same_content(*facts.kept, row), "link", row.id.value);
  }
  if (auto fault = code_fault(row.code)) {
    return refused(std::move(*fault));
  }
  if (!facts.owner_is_there) {
    return unknown("user", row.user.value);
  }
  if (facts.has_code) {
    return taken("short_code", "link", facts.has_code->value);
  }
  return ImportVerdict();
}

ImportVerdict judge(const domain::Event& row, const EventFacts& facts) {
  if (!is_importable(row.id.value)) {
    return bad_id();
  }
  if (facts.kept && same_content(*facts.kept, row)) {
    return compared(true, "event", row.id.value);
  }
  if (facts.is_click) {
    return taken("id", "click", row.id.value);
  }
  if (facts.kept) {
    return compared(false, "event", row.id.value);
  }
  if (!facts.link_is_there) {
    return unknown("link", row.link.value_or(domain::LinkId()).value);
  }
  if (!facts.user_is_there) {
    return unknown("user", row.user.value_or(domain::UserId()).value);
  }
  return ImportVerdict();
}

bool is_chosen(const domain::Link& row) noexcept {
  return !domain::may_be_random(row.code, row.id);
}

std::optional<NameKeys> keys_side_by_side(std::string_view name, std::string_view other) {
  const std::string old_key = domain::old_username_key(name);
  std::string old_key_of_other = domain::old_username_key(other);
  if (old_key == old_key_of_other) {
    return std::nullopt;
  }
  // Whose older key is today's as well has it: no other row can keep that one beside it.
  if (old_key == domain::username_key(name)) {
    return NameKeys{old_key, std::move(old_key_of_other)};
  }
  return NameKeys{old_key, std::nullopt};
}

void ImportTally::add(ImportOutcome outcome, std::int64_t id) {
  ++counts_.rows;
  switch (outcome) {
    case ImportOutcome::kInserted:
      ++counts_.inserted;
      first_id_ = first_id_ == 0 ? id : std::min(first_id_, id);
      last_id_ = std::max(last_id_, id);
      return;
    case ImportOutcome::kUnchanged:
      ++counts_.unchanged;
      return;
    case ImportOutcome::kDiffers:
    case ImportOutcome::kDeleted:
    case ImportOutcome::kRefused:
      ++counts_.skipped;
      return;
  }
}

domain::AuditEntry ImportTally::entry(const ImportOrigin& origin, const Context& by) const {
  return entry_of(
      by, "import", origin.entity, 0, {}, summary_of(origin, counts_, first_id_, last_id_));
}

}  // namespace ginnel::change
