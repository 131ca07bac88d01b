// SPDX-License-Identifier: MIT
#include "http/parser.h"

#include <algorithm>
#include <optional>
#include <utility>

// Beast asserts that five bytes of a last chunk are there when it is parsed a second time, which a
// client that sends `0\r\n\r\n` byte by byte breaks; without the assertion the code is right (seen
// in Boost 1.81). The precompiled header has defined BOOST_ASSERT already, so it is defined anew.
#define BOOST_DISABLE_ASSERTS
#include <boost/asio/buffer.hpp>
#include <boost/assert.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "base/printable.h"
#include "base/release_memory.h"
#include "base/text.h"
#include "http/host_field.h"
#include "http/plain_get.h"

namespace ginnel::http {
namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;

constexpr std::string_view kBareLineFeed = "Lines must end with CRLF";

std::string_view view(boost::beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

bool has_token(std::string_view list, std::string_view token) noexcept {
  while (!list.empty()) {
    const std::string_view item = trimmed(take_until(list, ','));
    if (same_field_name(item, token)) {
      return true;
    }
  }
  return false;
}

/// Beast's parser of one message, handing what it finds to a Reader.
template <class Reader>
class Message final : public beast::basic_parser<true> {
 public:
  explicit Message(Reader& reader) : reader_(reader) {
    this->header_limit(kMaxHeaderBytes);
    this->eager(true);
  }

 private:
  void stop_if_failed(error_code& ec) const {
    ec = reader_.failed() ? error_code(beast::error::bad_value) : error_code();
  }

  void on_request_impl(beast::verb,
                       boost::beast::string_view method,
                       boost::beast::string_view target,
                       int version,
                       error_code& ec) override {
    reader_.on_start(view(method), view(target), version == 11);
    stop_if_failed(ec);
  }
  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
  void on_field_impl(beast::field kind,
                     boost::beast::string_view name,
                     boost::beast::string_view value,
                     error_code& ec) override {
    reader_.on_field(kind, view(name), view(value));
    stop_if_failed(ec);
  }
  void on_header_impl(error_code& ec) override {
    reader_.on_header();
    stop_if_failed(ec);
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& ec) override {
    ec = {};
  }
  std::size_t on_body_impl(boost::beast::string_view piece, error_code& ec) override {
    reader_.on_body(view(piece));
    ec = {};
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t,
                            boost::beast::string_view extension,
                            error_code& ec) override {
    reader_.on_chunk_extension(view(extension));
    stop_if_failed(ec);
  }
  std::size_t on_chunk_body_impl(std::uint64_t,
                                 boost::beast::string_view piece,
                                 error_code& ec) override {
    return on_body_impl(piece, ec);
  }
  void on_finish_impl(error_code& ec) override { ec = {}; }

  Reader& reader_;
};

}  // namespace

class Parser::Reader final {
 public:
  Reader(Request& request, BodyLimit max_body_bytes)
      : request_(request), max_body_bytes_(std::move(max_body_bytes)) {}

  void restart(const char* input) {
    message_.reset();
    request_.input_ = input;
    clear_request();
    fault_ = held_fault_ = {};
    header_bytes_ = 0;
    hosts_ = content_lengths_ = transfer_encodings_ = 0;
    connection_close_ = connection_keep_alive_ = header_done_ = started_ = false;
    passes_body_over_ = false;
  }

  void moved(const char* input) noexcept { request_.input_ = input; }

  bool passes_body_over() const noexcept { return passes_body_over_; }

  void pass_body_over() noexcept {
    passes_body_over_ = true;
    release_memory(request_.body_);
  }

  Outcome parse(std::string_view bytes, std::size_t& consumed);
  Outcome parse_by_beast(std::string_view bytes, std::size_t& consumed);

  bool header_done() const noexcept { return header_done_; }
  ParseFault fault() const noexcept { return *fault_; }

  // For the Message:
  bool failed() const noexcept { return fault_.has_value(); }
  void on_start(std::string_view method, std::string_view target, bool http11);
  void on_field(beast::field kind, std::string_view name, std::string_view value);
  void on_header();
  void on_body(std::string_view piece) {
    if (!passes_body_over_) {
      request_.body_.append(piece);
    }
  }
  void on_chunk_extension(std::string_view extension);

 private:
  void clear_request();
  bool pass_empty_lines(std::string_view& bytes, std::size_t& consumed);
  Outcome check_limits(std::string_view unread);
  void check_framing(beast::field kind, std::string_view value);
  bool is_folded(std::string_view name, std::string_view value) const noexcept;
  bool has_bare_line_feed() const noexcept;
  void fail(int status, std::string_view message) {
    if (!fault_) {
      fault_ = held_fault_.value_or(ParseFault{status, message});
    }
  }
  void fail(error_code ec, std::string_view unread);

  /// Fails at the end of the header, so that its other fields say in which form to tell.
  void fail_later(std::string_view message) {
    if (!held_fault_) {
      held_fault_ = ParseFault{400, message};
    }
  }

  Request::Slice slice(std::string_view text) const noexcept {
    if (text.empty()) {
      return {};
    }
    return {static_cast<std::uint32_t>(text.data() - request_.input_),
            static_cast<std::uint32_t>(text.size())};
  }

  Request& request_;
  BodyLimit max_body_bytes_;
  std::optional<Message<Reader>> message_;
  std::optional<ParseFault> fault_;
  std::optional<ParseFault> held_fault_;
  const char* end_ = nullptr;  ///< one past the bytes of the current call
  std::size_t header_bytes_ = 0;
  int hosts_ = 0;
  int content_lengths_ = 0;
  int transfer_encodings_ = 0;
  bool http11_ = true;
  bool connection_close_ = false;
  bool connection_keep_alive_ = false;
  bool header_done_ = false;
  bool passes_body_over_ = false;
  bool started_ = false;  ///< the empty lines before the request line are behind
};

void Parser::Reader::clear_request() {
  request_.method_ = Method::kOther;
  request_.target_ = {};
  request_.fields_.clear();
  request_.body_.clear();
  request_.has_body_ = false;
  request_.http11_ = true;
  request_.keep_alive_ = false;
  request_.expects_continue_ = false;
}

Parser::Outcome Parser::Reader::parse(std::string_view bytes, std::size_t& consumed) {
  if (bytes.data() == request_.input_) {
    if (const std::size_t length = PlainGet::read(bytes, request_); length > 0) {
      header_done_ = true;
      consumed += length;
      return Outcome::kComplete;
    }
    clear_request();
  }
  return parse_by_beast(bytes, consumed);
}

Parser::Outcome Parser::Reader::parse_by_beast(std::string_view bytes, std::size_t& consumed) {
  end_ = bytes.data() + bytes.size();
  if (!started_ && !pass_empty_lines(bytes, consumed)) {
    return Outcome::kNeedMore;
  }
  if (!message_) {
    message_.emplace(*this);
  }
  error_code ec;
  while (!bytes.empty() && !ec && !message_->is_done()) {
    const std::size_t taken = message_->put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    consumed += taken;
    bytes.remove_prefix(taken);
    header_bytes_ += header_done_ ? 0 : taken;
  }
  if (ec && ec != beast::error::need_more) {
    fail(ec, bytes);
    return Outcome::kFailed;
  }
  if (message_->is_done()) {
    return Outcome::kComplete;
  }
  return check_limits(bytes);
}

/// RFC 9112 section 2.2: empty lines before the request line are passed over. Gives false while
/// nothing else has come.
bool Parser::Reader::pass_empty_lines(std::string_view& bytes, std::size_t& consumed) {
  while (bytes.starts_with("\r\n")) {
    bytes.remove_prefix(2);
    consumed += 2;
  }
  started_ = !bytes.empty() && bytes != "\r";
  return started_;
}

/// Fails when `unread`, which is no whole line yet, is already too long, or will never be one:
/// Beast waits for the CRLF.
Parser::Outcome Parser::Reader::check_limits(std::string_view unread) {
  if (has_bare_line_feed()) {
    fail(400, kBareLineFeed);
    return Outcome::kFailed;
  }
  if (!header_done_ && header_bytes_ + unread.size() >= kMaxHeaderBytes) {
    fail(beast::error::header_limit, unread);
    return Outcome::kFailed;
  }
  if (header_done_ && unread.size() >= kMaxHeaderBytes) {
    fail(400, "The line of a chunk or its trailers are too long");
    return Outcome::kFailed;
  }
  return Outcome::kNeedMore;
}

void Parser::Reader::on_start(std::string_view method, std::string_view target, bool http11) {
  http11_ = http11;
  request_.http11_ = http11;
  request_.method_ = parse_method(method);
  request_.target_ = slice(target);
  if (!is_printable<'!'>(target)) {
    fail_later("The request target holds characters that must be percent-encoded");
  }
  if (const auto named = request_.target_authority();
      named && (named->empty() || !is_host_field(*named))) {
    fail_later("The request target names no host");
  }
  message_->body_limit(max_body_bytes_(request_));
}

/// Beast takes every byte in a quoted value of one. RFC 9112 section 7.1.1 allows no control
/// character but the tab; nobody sends others than printable ASCII.
void Parser::Reader::on_chunk_extension(std::string_view extension) {
  for (; !extension.empty(); extension.remove_prefix(1)) {
    if (!is_printable(extension.substr(0, 1)) && extension.front() != '\t') {
      fail(400, "A chunk extension holds a control character");
    }
  }
}

void Parser::Reader::on_field(beast::field kind, std::string_view name, std::string_view value) {
  if (header_done_) {
    return;  // a trailer: allowed, and ignored (RFC 9112 section 7.1.2)
  }
  if (is_folded(name, value)) {
    fail(400, "A header field is folded over several lines");
    return;
  }
  if (request_.fields_.size() >= kMaxFields) {
    fail(400, "More than 100 header fields");
    return;
  }
  request_.fields_.push_back({slice(name), slice(value)});
  check_framing(kind, value);
}

void Parser::Reader::check_framing(beast::field kind, std::string_view value) {
  switch (kind) {
    case beast::field::host:
      ++hosts_;
      if (!is_host_field(value)) {
        fail_later("The Host header field is no host");
      }
      break;
    case beast::field::content_length:
      if (++content_lengths_ > 1 || value.find(',') != std::string_view::npos) {
        fail(400, "More than one Content-Length");
      }
      break;
    case beast::field::transfer_encoding:
      ++transfer_encodings_;
      if (!http11_) {
        fail(400, "Transfer-Encoding needs HTTP/1.1");
      } else if (!same_field_name(value, "chunked")) {
        fail(501, "The only Transfer-Encoding served is chunked");
      }
      break;
    case beast::field::connection:
      connection_close_ = connection_close_ || has_token(value, "close");
      connection_keep_alive_ = connection_keep_alive_ || has_token(value, "keep-alive");
      break;
    case beast::field::expect:
      request_.expects_continue_ = http11_ && same_field_name(value, "100-continue");
      break;
    default:
      break;
  }
}

/// obs-fold (RFC 9112 section 5.2): Beast unfolds into a buffer of its own, so the value lies
/// outside the input; an empty value is looked up in the input itself.
bool Parser::Reader::is_folded(std::string_view name, std::string_view value) const noexcept {
  if (!value.empty()) {
    const bool moved = value.data() < request_.input_ || value.data() >= end_;
    return moved || std::find(name.data(), value.data(), '\n') != value.data();
  }
  const char* line_end = std::find(name.data(), end_, '\n');
  return end_ - line_end > 1 && (line_end[1] == ' ' || line_end[1] == '\t');
}

/// Whether a line of a header that is not whole yet ends in LF alone.
bool Parser::Reader::has_bare_line_feed() const noexcept {
  if (header_done_) {
    return false;
  }
  const std::string_view come(request_.input_, static_cast<std::size_t>(end_ - request_.input_));
  const std::string_view header = come.substr(0, come.find("\r\n\r\n"));
  for (auto at = header.find('\n'); at != header.npos; at = header.find('\n', at + 1)) {
    if (at == 0 || header[at - 1] != '\r') {
      return true;
    }
  }
  return false;
}

void Parser::Reader::on_header() {
  if (held_fault_) {
    fault_ = held_fault_;
    return;
  }
  if (hosts_ > 1 || (http11_ && hosts_ == 0)) {
    fail(400, "Exactly one Host header field is needed");
    return;
  }
  header_done_ = true;
  request_.has_body_ = content_lengths_ + transfer_encodings_ > 0;
  request_.keep_alive_ = http11_ ? !connection_close_ : connection_keep_alive_;
}

void Parser::Reader::fail(error_code ec, std::string_view unread) {
  if (ec == beast::error::header_limit) {
    const bool in_request_line =
        header_bytes_ == 0 &&
        unread.substr(0, kMaxHeaderBytes).find('\n') == std::string_view::npos;
    fail(in_request_line ? 414 : 431,
         in_request_line ? "The request line is longer than 16384 bytes"
                         : "The header is longer than 16384 bytes");
  } else if (ec == beast::error::body_limit) {
    fail(413, "The body is larger than this server takes");
  } else if (ec == beast::error::bad_transfer_encoding && content_lengths_ == 0) {
    fail(501, "The only Transfer-Encoding served is chunked");
  } else if (has_bare_line_feed()) {
    fail(400, kBareLineFeed);
  } else if (ec == beast::error::bad_version) {
    fail(400, "The HTTP version is not 1.0 or 1.1");
  } else {
    fail(400, "Bad request");
  }
}

Parser::Parser(Request& request, BodyLimit max_body_bytes)
    : reader_(std::make_unique<Reader>(request, std::move(max_body_bytes))) {
  reader_->restart(nullptr);
}

Parser::~Parser() = default;

void Parser::restart(const char* input) {
  reader_->restart(input);
}

void Parser::moved(const char* input) noexcept {
  reader_->moved(input);
}

Parser::Outcome Parser::parse(std::string_view bytes, std::size_t& consumed) {
  return reader_->parse(bytes, consumed);
}

bool Parser::passes_body_over() const noexcept {
  return reader_->passes_body_over();
}

void Parser::pass_body_over() noexcept {
  reader_->pass_body_over();
}

bool Parser::header_done() const noexcept {
  return reader_->header_done();
}

ParseFault Parser::fault() const noexcept {
  return reader_->fault();
}

}  // namespace ginnel::http
