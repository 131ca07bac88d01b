// SPDX-License-Identifier: MIT
#include "transfer/row_parser.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/text.h"
#include "domain/event.h"
#include "domain/foreign_time.h"
#include "domain/ids.h"
#include "domain/kept_object.h"
#include "domain/link.h"
#include "domain/reserved_codes.h"
#include "domain/short_code.h"
#include "domain/target_url.h"
#include "domain/timestamp.h"
#include "domain/user.h"

namespace ginnel::transfer {
namespace {

constexpr std::string_view kUserColumns[] = {"id", "username", "email", "created_at"};
constexpr std::string_view kLinkColumns[] = {"id",
                                             "user_id",
                                             "short_code",
                                             "original_url",
                                             "title",
                                             "is_active",
                                             "created_at",
                                             "updated_at"};
constexpr std::string_view kEventColumns[] = {
    "id", "url_id", "user_id", "event_type", "timestamp", "details"};

/// Whether every byte is ASCII and none is NUL: nearly every cell, and quick to tell.
bool is_plain(std::string_view cell) noexcept {
  return std::ranges::all_of(
      cell, [](char character) { return static_cast<signed char>(character) > 0; });
}

/// What is wrong with the bytes of a cell, or empty.
std::string_view encoding_fault(std::string_view cell) noexcept {
  if (is_plain(cell)) {
    return {};
  }
  if (cell.find('\0') != std::string_view::npos) {
    return "holds a NUL byte";
  }
  return utf8_length(cell) ? "" : "is not valid UTF-8";
}

/// `text` as a row's number, 0 when it is none.
std::int64_t parse_id(std::string_view text) noexcept {
  std::int64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  const bool is_id = failure == std::errc() && stop == end && value >= 1 && value <= domain::kMaxId;
  return is_id ? value : 0;
}

/// The cells of one row by name of their column; gathers the faults that are found.
class Cells final {
 public:
  Cells(std::span<const std::string_view> cells, const std::vector<std::size_t>& places)
      : cells_(cells), places_(places) {}

  std::vector<FieldFault>& faults() noexcept { return faults_; }

  /// A required number.
  std::int64_t id(std::size_t column, std::string_view name) {
    const std::int64_t value = parse_id(trimmed(at(column)));
    if (value == 0) {
      add_fault(name, "must be a whole number from 1 to " + std::to_string(domain::kMaxId));
    }
    return value;
  }

  /// A number, or nothing where the cell is blank.
  template <class Id>
  std::optional<Id> optional_id(std::size_t column, std::string_view name) {
    if (trimmed(at(column)).empty()) {
      return std::nullopt;
    }
    return Id{id(column, name)};
  }

  domain::Timestamp time(std::size_t column, std::string_view name) {
    const auto value = domain::parse_foreign_time(trimmed(at(column)));
    if (!value) {
      add_fault(name, "must be a UTC time like 2025-07-13 12:40:57");
    }
    return value ? value->at : domain::Timestamp{};
  }

  bool flag(std::size_t column, std::string_view name) {
    const std::string text = ascii_lower(trimmed(at(column)));
    const bool is_true = text == "true" || text == "1";
    if (!is_true && text != "false" && text != "0") {
      add_fault(name, "must be True or False");
    }
    return is_true;
  }

  std::string_view at(std::size_t column) const { return cells_[places_[column]]; }
  void add_fault(std::string_view name, std::string message) {
    faults_.push_back({std::string(name), std::move(message)});
  }

 private:
  std::span<const std::string_view> cells_;
  const std::vector<std::size_t>& places_;
  std::vector<FieldFault> faults_;
};

domain::User read_user(Cells& cells) {
  domain::User user;
  user.id = {cells.id(0, "id")};
  user.username = trimmed(cells.at(1));
  user.email = trimmed(cells.at(2));
  user.created_at = cells.time(3, "created_at");
  for (auto& fault :
       {domain::kept_username_fault(user.username), domain::kept_email_fault(user.email)}) {
    if (fault) {
      cells.faults().push_back(*fault);
    }
  }
  return user;
}

void read_code(Cells& cells, domain::Link& link) {
  link.code = cells.at(2);
  if (const auto code = domain::ShortCode::parse(link.code); !code) {
    cells.add_fault("short_code", reason_of(code.error()));
  } else if (domain::is_reserved(link.code)) {
    cells.add_fault("short_code", "is reserved for a page of the service");
  }
}

void read_target(Cells& cells, domain::Link& link, const domain::TargetRules& rules) {
  const auto target = domain::TargetUrl::parse_kept(cells.at(3), rules);
  if (target) {
    link.target = target->text();
  } else {
    cells.add_fault("original_url", reason_of(target.error()));
  }
}

domain::Link read_link(Cells& cells, const domain::TargetRules& rules) {
  domain::Link link;
  link.id = {cells.id(0, "id")};
  link.user = {cells.id(1, "user_id")};
  read_code(cells, link);
  read_target(cells, link, rules);
  link.title = cells.at(4);
  if (utf8_length(link.title).value_or(0) > domain::kMaxTitleLength) {
    cells.add_fault("title", "must not exceed 500 characters");
  }
  link.enabled = cells.flag(5, "is_active");
  link.created_at = cells.time(6, "created_at");
  link.updated_at = cells.time(7, "updated_at");
  return link;
}

void read_type(Cells& cells, domain::Event& event) {
  event.type = trimmed(cells.at(3));
  if (event.type.empty()) {
    cells.add_fault("event_type", "must not be blank");
  } else if (has_control_characters(event.type)) {
    cells.add_fault("event_type", "must not contain control characters");
  } else if (utf8_length(event.type).value_or(0) > domain::kMaxEventTypeLength) {
    cells.add_fault("event_type", "must not exceed 50 characters");
  }
}

domain::Event read_event(Cells& cells) {
  domain::Event event;
  event.id = {cells.id(0, "id")};
  event.link = cells.optional_id<domain::LinkId>(1, "url_id");
  event.user = cells.optional_id<domain::UserId>(2, "user_id");
  read_type(cells, event);
  event.at = cells.time(4, "timestamp");
  event.details = cells.at(5);
  if (auto fault = domain::kept_object_fault(event.details, domain::kEventDetails)) {
    cells.add_fault("details", std::move(*fault));
  }
  event.origin = domain::EventOrigin::kImport;
  return event;
}

/// `row`, or the faults that were found while its cells were read.
template <class Row>
Result<change::ImportRow> without_fault(Row row, Cells& cells) {
  if (!cells.faults().empty()) {
    return Error::about_fields(std::move(cells.faults()));
  }
  return Result<change::ImportRow>(std::move(row));
}

/// The name that a column means: ` Short Code` is `short_code`.
std::string meant_name(std::string_view name) {
  constexpr std::string_view kMarks[] = {"\xef\xbb\xbf", "\xc2\xa0"};  // U+FEFF, U+00A0
  for (const std::string_view mark : kMarks) {
    name = trimmed(name);
    name.remove_prefix(name.starts_with(mark) ? mark.size() : 0);
    name.remove_suffix(name.ends_with(mark) ? mark.size() : 0);
  }
  std::string meant = ascii_lower(trimmed(name));
  std::ranges::replace_if(
      meant, [](char character) { return character == ' ' || character == '-'; }, '_');
  return meant;
}

/// The names of a header with what is meant by each that is not a wanted name already.
std::vector<std::string> meant_names(std::span<const std::string_view> wanted,
                                     std::span<const std::string_view> header) {
  std::vector<std::string> names(header.begin(), header.end());
  for (std::string& name : names) {
    const std::string meant = meant_name(name);
    const bool is_open = std::ranges::find(wanted, meant) != wanted.end() &&
                         std::ranges::find(header, meant) == header.end();
    name = is_open ? meant : name;
  }
  return names;
}

/// The places of `wanted` in a header, or an error that names what is missing or there twice.
Result<std::vector<std::size_t>> find_columns(std::span<const std::string_view> wanted,
                                              const std::vector<std::string>& header) {
  std::vector<std::size_t> places;
  std::string missing;
  for (const auto name : wanted) {
    const auto count = std::ranges::count(header, name);
    if (count > 1) {
      return Error(ErrorKind::kInvalid, "the header names " + std::string(name) + " twice");
    }
    if (count == 0) {
      missing += (missing.empty() ? "" : ", ") + std::string(name);
    }
    places.push_back(static_cast<std::size_t>(std::ranges::find(header, name) - header.begin()));
  }
  if (!missing.empty()) {
    return Error(ErrorKind::kInvalid, "the header lacks " + missing);
  }
  return places;
}

}  // namespace

std::span<const std::string_view> columns_of(change::RowKind kind) noexcept {
  switch (kind) {
    case change::RowKind::kUser:
      return kUserColumns;
    case change::RowKind::kLink:
      return kLinkColumns;
    case change::RowKind::kEvent:
      return kEventColumns;
  }
  return {};  // a value outside the list: a defect
}

Result<RowParser> RowParser::from_header(change::RowKind kind,
                                         std::span<const std::string_view> header,
                                         domain::TargetRules targets) {
  for (const auto name : header) {
    if (const auto fault = encoding_fault(name); !fault.empty()) {
      return Error(ErrorKind::kInvalid, "the header " + std::string(fault));
    }
  }
  auto places = find_columns(columns_of(kind), meant_names(columns_of(kind), header));
  if (!places) {
    return std::move(places).error();
  }
  RowParser parser(kind, std::move(targets));
  parser.places_ = std::move(*places);
  parser.header_.assign(header.begin(), header.end());
  return parser;
}

Result<change::ImportRow> RowParser::parse(std::span<const std::string_view> cells) const {
  while (cells.size() > header_.size() && cells.back().empty()) {
    cells = cells.first(cells.size() - 1);
  }
  if (cells.size() != header_.size()) {
    return Error(ErrorKind::kInvalid,
                 "has " + std::to_string(cells.size()) + " columns, the header has " +
                     std::to_string(header_.size()));
  }
  Cells row(cells, places_);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (const auto fault = encoding_fault(cells[i]); !fault.empty()) {
      row.add_fault(header_[i], std::string(fault));
    }
  }
  if (!row.faults().empty()) {
    return Error::about_fields(std::move(row.faults()));
  }
  switch (kind_) {
    case change::RowKind::kUser:
      return without_fault(read_user(row), row);
    case change::RowKind::kLink:
      return without_fault(read_link(row, targets_), row);
    case change::RowKind::kEvent:
      return without_fault(read_event(row), row);
  }
  return Error(ErrorKind::kInternal, "no such kind of row");
}

std::string reason_of(const Error& error) {
  if (error.faults.empty()) {
    return error.message;
  }
  std::string reason;
  for (const FieldFault& fault : error.faults) {
    reason += reason.empty() ? "" : "; ";
    reason += fault.message.starts_with(fault.field) ? "" : fault.field + ": ";
    reason += fault.message;
  }
  return reason;
}

}  // namespace ginnel::transfer
