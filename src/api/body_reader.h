// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "base/result.h"
#include "change/context.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::api {

/// The JSON object in a request's body. Fails with kInvalid, `Request body must be a JSON object`,
/// and says why (body_fault).
Result<JsonBody> read_object(const http::Request& request);

/// Why a field is no row's number: one is an integer from 1 to 2^53 - 1. Whether the row exists is
/// for the store to say.
std::optional<FieldFault> id_fault(const JsonField& field, std::string_view name);

/// Reads the fields of a JSON body and collects what is wrong with them, all at once.
class BodyReader final {
 public:
  /// `required`: absent fields are faults (`<Field> is required`); otherwise they are just absent.
  BodyReader(const JsonBody& body, bool required) : body_(body), required_(required) {}

  /// A text; `label` begins the messages (`Username is required`), `type_message` is said of
  /// anything that is no text.
  std::optional<std::string> text(std::string_view name,
                                  std::string_view label,
                                  std::string_view type_message);

  /// A row's number (`id_fault`).
  std::optional<std::int64_t> id(std::string_view name);

  /// `<name> must be a boolean` for anything else.
  std::optional<bool> boolean(std::string_view name);

  /// Adds a fault found elsewhere; nothing is added for nothing.
  void add(std::optional<FieldFault> fault);

  /// Everything that is wrong, or nothing.
  std::optional<Error> fault() const;

 private:
  /// The field, with the faults every kind shares already added; kAbsent when nothing is left to
  /// do.
  JsonField present(std::string_view name, std::string_view label);

  const JsonBody& body_;
  bool required_;
  std::vector<FieldFault> faults_;
};

/// What is said of a creation's body that cannot be read: 422 where fields are at fault, as the
/// reference has it; a change answers 400 to the same.
http::Response problem_of_new(const Error& error);

/// Who asks, as the guard found (anonymous for anybody), with the request's id.
CallContext call_of(const http::Request& request);

}  // namespace ginnel::api
