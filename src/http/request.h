// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "base/ip_address.h"
#include "http/principal.h"

namespace ginnel::http {

class Socket;

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

inline constexpr std::size_t kMethodCount = 8;

/// `GET` for kGet; `OTHER` for kOther.
std::string_view to_text(Method method) noexcept;

/// kOther for a method this server has no route for. Case-sensitive (RFC 9110 section 9.1).
Method parse_method(std::string_view text) noexcept;

/// A request, complete with its body. Owned by its session and reused from one request to the next
/// without allocation; a handler may borrow it, and every view it gives, until it has answered.
///
/// Fields are kept as offsets into the session's input, so that the input may move while it grows.
class Request final {
 public:
  Method method() const noexcept { return method_; }

  /// The request target as sent: printable ASCII, in origin form or `*`.
  std::string_view target() const noexcept { return view(target_); }

  /// The target up to the first `?`, as sent: still percent-encoded.
  std::string_view path() const noexcept;

  /// What follows the first `?`, as sent; empty when there is none.
  std::string_view query() const noexcept;

  /// The host, and the port where one is named, that the client asks: of a target in absolute form,
  /// else of the Host field (RFC 9112 section 3.2.2). Empty when neither names one.
  std::string_view authority() const noexcept;

  /// The authority of a target in absolute form; nothing for one in another form.
  std::optional<std::string_view> target_authority() const noexcept;

  /// The value of the first field of this name, compared without case, white space around it
  /// removed; nothing when there is none.
  std::optional<std::string_view> field(std::string_view name) const noexcept;

  /// The values of all fields of this name as one list, joined by commas (RFC 9110 section 5.3);
  /// nothing when there is none.
  std::optional<std::string> list_field(std::string_view name) const;

  /// How many fields have this name.
  std::size_t field_count(std::string_view name) const noexcept;

  /// How many fields there are, and the name and value of the one at `place` as sent, from 0.
  std::size_t field_count() const noexcept { return fields_.size(); }
  std::string_view field_name(std::size_t place) const noexcept {
    return view(fields_[place].name);
  }
  std::string_view field_value(std::size_t place) const noexcept {
    return view(fields_[place].value);
  }

  /// Whether its sender speaks HTTP/1.1, and not 1.0.
  bool is_http11() const noexcept { return http11_; }

  std::string_view body() const noexcept { return body_; }

  /// Whether the client can take another answer on this connection (RFC 9112 section 9.3).
  bool keep_alive() const noexcept { return keep_alive_; }

  /// The client's X-Request-ID when it is 1 to 128 printable ASCII characters without space,
  /// otherwise 32 random hex digits.
  std::string_view request_id() const noexcept { return request_id_; }

  /// Who sends it, as the router's guard found; a visitor as long as it has not been asked.
  const Principal& caller() const noexcept { return caller_; }

  /// Which loop serves this connection: 0 to ServerOptions::threads - 1.
  std::size_t core() const noexcept { return core_; }

  /// The address the connection came from.
  const IpAddress& peer() const noexcept { return peer_; }

  /// The user whose program opened the other end of the connection (http::peer_owner); nothing when
  /// that is not known, or the request came by no connection. Known once, it is not asked again.
  std::optional<uid_t> peer_owner() const noexcept;

  /// How many bytes from its first on the views that it gives may show.
  std::size_t viewed_bytes() const noexcept;

 private:
  friend class Parser;
  friend class PlainGet;
  friend class Session;
  friend class ResponseWriter;

  struct Slice {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
  };
  struct Field {
    Slice name;
    Slice value;
  };

  std::string_view view(Slice slice) const noexcept {
    return {input_ + slice.offset, slice.length};
  }

  const char* input_ = nullptr;  ///< where this request begins in the session's buffer
  Method method_ = Method::kOther;
  Slice target_;
  std::vector<Field> fields_;
  std::string body_;
  bool has_body_ = false;  ///< an empty one included
  bool http11_ = true;
  bool keep_alive_ = true;
  bool expects_continue_ = false;
  std::string request_id_;
  Principal caller_;
  std::string known_host_;  ///< of the last plain request whose Host was looked at and is one
  IpAddress peer_;
  std::size_t core_ = 0;
  const Socket* connection_ = nullptr;
  mutable std::optional<uid_t> peer_owner_;
};

/// Whether two field names are equal without regard to ASCII case.
bool same_field_name(std::string_view a, std::string_view b) noexcept;

/// The decoded value of the first `name=value` pair of a query string, `+` meaning a space; nothing
/// when the name is absent. An undecodable value is given as it was sent.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

}  // namespace ginnel::http
