// SPDX-License-Identifier: MIT
#include "transfer/csv_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <csv.h>

#include "base/text.h"

namespace ginnel::transfer {
namespace {

constexpr std::size_t kParsedBytes = 65'536;
constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";
constexpr unsigned char kStrict = CSV_STRICT | CSV_STRICT_FINI;
constexpr unsigned char kLenient = 0;

/// RFC 4180 section 2.4: spaces are part of a cell. libcsv would drop them.
int no_character(unsigned char) {
  return 0;
}

Error error_in_line(std::uint64_t line, std::string_view what) {
  return Error(ErrorKind::kInvalid, "line " + std::to_string(line) + ": " + std::string(what));
}

bool ends_line(char character) noexcept {
  return character == '\n' || character == '\r';
}

/// The length of the first line of `bytes` with the byte that ends it, if that is there.
std::size_t line_length(std::string_view bytes) noexcept {
  std::size_t length = 0;
  while (length < bytes.size() && !ends_line(bytes[length])) {
    ++length;
  }
  return length < bytes.size() ? length + 1 : length;
}

/// What may stand around the 0x1A that ends a file.
constexpr std::string_view kEndMarks("\x1a\r\n \t\0", 6);

/// Bytes of such an end that are looked for across two pieces.
constexpr std::size_t kLongestEnd = 1'024;

/// How many bytes of `bytes` stand before a 0x1A that nothing follows; all when there is none.
std::size_t bytes_before_end(std::string_view bytes) noexcept {
  const std::size_t tail = bytes.find_last_not_of(kEndMarks) + 1;  // npos + 1 is 0
  return std::min(bytes.find('\x1a', tail), bytes.size());
}

/// What divides cells, the likeliest first.
constexpr std::string_view kDividers = ",;\t";

/// The first line of `text` that holds more than dividers, quotes and white space.
std::string_view first_line_of(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of("\r\n \",;\t");
  if (begin == std::string_view::npos) {
    return {};
  }
  const std::size_t before = text.find_last_of("\r\n", begin) + 1;  // npos + 1 is 0
  text.remove_prefix(before);
  return text.substr(0, text.find_first_of("\r\n"));
}

/// What divides the cells of a file whose header is `line`: what it holds most of outside quotes.
char divider_of(std::string_view line) noexcept {
  std::array<std::size_t, kDividers.size()> counts{};
  bool quoted = false;
  for (const char character : line) {
    quoted = quoted != (character == '"');
    const std::size_t place = quoted ? kDividers.npos : kDividers.find(character);
    if (place != kDividers.npos) {
      ++counts[place];
    }
  }
  return kDividers[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

/// The divider that a line `sep=;` names, in quotes or not, or nothing when it is no such line.
std::optional<char> named_divider(std::string_view line) noexcept {
  line.remove_prefix(line.starts_with('"') ? 1 : 0);
  constexpr std::string_view kName = "sep=";
  if (line.size() <= kName.size() || ascii_lower(line.substr(0, kName.size())) != kName) {
    return std::nullopt;
  }
  const char divider = line[kName.size()];
  const bool is_known = kDividers.find(divider) != kDividers.npos || divider == '|';
  const bool is_all = line.find_first_not_of("\",; \t|", kName.size()) == line.npos;
  return is_known && is_all ? std::optional(divider) : std::nullopt;
}

bool is_utf16(std::string_view bytes) noexcept {
  return bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff");
}

}  // namespace

/// libcsv takes bytes and calls back for cells and records, without saying where it is. It is given
/// one line at a time, so that at most one record ends in a call and its line is known.
class CsvReader::Parser final {
 public:
  explicit Parser(ByteSource source) : source_(std::move(source)), piece_(kParsedBytes) {
    csv_init(&libcsv_, kStrict);
    csv_set_blk_size(&libcsv_, kCellGrowth);
    csv_set_space_func(&libcsv_, no_character);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { csv_free(&libcsv_); }

  Result<std::optional<CsvRecord>> next();

  std::uint64_t bytes_read() const noexcept { return taken_ - unread_.size() - held_.size(); }

 private:
  /// By how many bytes libcsv's buffer for one cell grows; its own 128 would copy too often.
  static constexpr std::size_t kCellGrowth = 4096;

  static void on_cell(void* cell, std::size_t size, void* self) {
    static_cast<Parser*>(self)->add_cell({static_cast<const char*>(cell), size});
  }
  static void on_record(int, void* self) { static_cast<Parser*>(self)->complete_ = true; }

  void add_cell(std::string_view cell);
  Result<Done> read_record();
  Result<Done> fill();
  Result<Done> begin();
  void pass_over_line();
  Result<Done> read_line();
  Result<Done> feed(std::string_view line);
  Result<Done> finish();
  Error parse_error();
  bool is_blank() const;
  CsvRecord record();
  void start_record();
  void stop();

  ByteSource source_;
  csv_parser libcsv_{};
  std::vector<char> piece_;
  std::string_view unread_;  ///< of piece_
  std::string held_;         ///< behind it: 0x1A and white space, dropped if nothing follows
  std::uint64_t taken_ = 0;  ///< bytes the source gave
  bool at_end_ = false;

  std::uint64_t line_ = 1;         ///< of the byte that is read next
  bool after_return_ = false;      ///< the byte before that was a CR
  std::uint64_t record_line_ = 0;  ///< where the open record began; 0 while none is open
  std::uint64_t cell_line_ = 0;    ///< where the open cell began
  std::size_t record_bytes_ = 0;

  std::string text_;  ///< of all cells of the record
  std::vector<std::size_t> ends_;
  std::array<std::string_view, kMaxColumns> cells_;
  std::string_view fault_;
  bool complete_ = false;
};

void CsvReader::Parser::add_cell(std::string_view cell) {
  cell_line_ = line_;  // the next one begins where this one ends
  if (ends_.size() == kMaxColumns) {
    fault_ = "has more than 64 columns";
    return;
  }
  text_ += cell;
  ends_.push_back(text_.size());
}

void CsvReader::Parser::start_record() {
  text_.clear();
  ends_.clear();
  fault_ = {};
  complete_ = false;
  record_line_ = 0;
  record_bytes_ = 0;
}

Result<std::optional<CsvRecord>> CsvReader::Parser::next() {
  do {
    start_record();
    if (auto read = read_record(); !read) {
      stop();
      return std::move(read).error();
    }
    if (!complete_) {
      return std::optional<CsvRecord>();
    }
  } while (is_blank());
  return std::optional<CsvRecord>(record());
}

/// Reads to the end of a record, or to the end of the file where nothing begins any more.
Result<Done> CsvReader::Parser::read_record() {
  while (!complete_) {
    if (unread_.empty() && !at_end_) {
      if (auto filled = fill(); !filled) {
        return filled;
      }
    }
    if (unread_.empty()) {
      return record_line_ == 0 ? Result<Done>(Done{}) : finish();
    }
    if (auto read = read_line(); !read) {
      return read;
    }
  }
  return Done{};
}

/// After an error: as if the file ended here.
void CsvReader::Parser::stop() {
  at_end_ = true;
  unread_ = {};
  start_record();
}

/// Reads a whole piece unless the file ends before, so that the mark is never cut in two.
Result<Done> CsvReader::Parser::fill() {
  const bool first = taken_ == 0;
  std::copy(held_.begin(), held_.end(), piece_.begin());
  std::size_t filled = held_.size();
  while (filled < piece_.size() && !at_end_) {
    auto count = source_(std::span(piece_).subspan(filled));
    if (!count) {
      return std::move(count).error();
    }
    filled += *count;
    at_end_ = *count == 0;
  }
  taken_ += filled - held_.size();
  unread_ = {piece_.data(), filled};
  const std::size_t kept = bytes_before_end(unread_);
  const bool may_end_here = at_end_ || filled - kept <= kLongestEnd;
  held_ = may_end_here && !at_end_ ? unread_.substr(kept) : std::string_view();
  unread_ = may_end_here ? unread_.substr(0, kept) : unread_;
  return first ? begin() : Result<Done>(Done{});
}

/// Looks at the first piece: for what a spreadsheet says before the table, and how it is divided.
Result<Done> CsvReader::Parser::begin() {
  if (is_utf16(unread_)) {
    return error_in_line(1, "the file is UTF-16; save it as UTF-8");
  }
  if (unread_.starts_with(kUtf8Mark)) {
    unread_.remove_prefix(kUtf8Mark.size());
  }
  auto divider = named_divider(unread_.substr(0, unread_.find_first_of("\r\n")));
  if (divider) {
    pass_over_line();
  } else {
    divider = divider_of(first_line_of(unread_));
  }
  csv_set_delim(&libcsv_, static_cast<unsigned char>(*divider));
  return Done{};
}

void CsvReader::Parser::pass_over_line() {
  unread_.remove_prefix(std::min(unread_.find_first_of("\r\n"), unread_.size()));
  unread_.remove_prefix(unread_.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, unread_.size()));
  ++line_;
}

/// Reads up to the end of the line, or of the piece.
Result<Done> CsvReader::Parser::read_line() {
  const bool second_half = after_return_ && unread_.front() == '\n';  // of a CRLF
  const std::string_view part = unread_.substr(0, second_half ? 1 : line_length(unread_));
  unread_.remove_prefix(part.size());
  if (record_line_ == 0 && !ends_line(part.front())) {
    record_line_ = cell_line_ = line_;
  }
  record_bytes_ += record_line_ == 0 ? 0 : part.size();
  if (record_bytes_ > kMaxRecordBytes) {
    return error_in_line(record_line_, "the record that begins here is over 1 MiB");
  }
  auto fed = feed(part);
  after_return_ = part.back() == '\r';
  line_ += (ends_line(part.back()) && !second_half) ? 1 : 0;
  return fed;
}

Result<Done> CsvReader::Parser::feed(std::string_view part) {
  while (!part.empty()) {
    const std::size_t read =
        csv_parse(&libcsv_, part.data(), part.size(), on_cell, on_record, this);
    part.remove_prefix(read);
    if (part.empty()) {
      break;
    }
    if (csv_error(&libcsv_) != CSV_EPARSE || libcsv_.quoted != 0) {
      return parse_error();
    }
    // The cell goes on to the next comma: only this record is at fault.
    fault_ = "has a quote inside an unquoted cell";
    csv_set_opts(&libcsv_, kLenient);
    csv_parse(&libcsv_, part.data(), 1, on_cell, on_record, this);
    csv_set_opts(&libcsv_, kStrict);
    part.remove_prefix(1);
  }
  return Done{};
}

Error CsvReader::Parser::parse_error() {
  if (csv_error(&libcsv_) != CSV_EPARSE) {
    return Error(ErrorKind::kInternal, "out of memory");
  }
  return error_in_line(line_, "text follows a closing quote; quotes inside a cell are doubled");
}

/// Ends the record that the file's end leaves open.
Result<Done> CsvReader::Parser::finish() {
  if (csv_fini(&libcsv_, on_cell, on_record, this) != 0) {
    return error_in_line(cell_line_, "a quote that opens here is never closed");
  }
  complete_ = true;
  return Done{};
}

/// A line of nothing, or of white space alone: no file of ours has a single column.
bool CsvReader::Parser::is_blank() const {
  return ends_.size() <= 1 && trimmed(text_).empty();
}

CsvRecord CsvReader::Parser::record() {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    cells_[i] = std::string_view(text_).substr(begin, ends_[i] - begin);
    begin = ends_[i];
  }
  return CsvRecord{record_line_, std::span(cells_.data(), ends_.size()), fault_};
}

CsvReader::CsvReader(ByteSource source) : parser_(std::make_unique<Parser>(std::move(source))) {}

CsvReader::~CsvReader() = default;

Result<std::optional<CsvRecord>> CsvReader::next() {
  return parser_->next();
}

std::uint64_t CsvReader::bytes_read() const noexcept {
  return parser_->bytes_read();
}

}  // namespace ginnel::transfer
