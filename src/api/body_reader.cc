// SPDX-License-Identifier: MIT
#include "api/body_reader.h"

#include <utility>

#include "api/body_fault.h"
#include "domain/ids.h"
#include "http/problem.h"

namespace ginnel::api {

Result<JsonBody> read_object(const http::Request& request) {
  auto parsed = JsonBody::parse(request);
  if (auto* body = std::get_if<JsonBody>(&parsed)) {
    return std::move(*body);
  }
  return http::unreadable_body("Request body must be a JSON object", body_fault(request));
}

std::optional<FieldFault> id_fault(const JsonField& field, std::string_view name) {
  if (field.kind != JsonField::Kind::kInteger || field.integer > domain::kMaxId) {
    return FieldFault{std::string(name), std::string(name) + " must be an integer"};
  }
  if (field.integer < 1) {
    return FieldFault{std::string(name), std::string(name) + " must be 1 or more"};
  }
  return std::nullopt;
}

std::optional<std::string> BodyReader::text(std::string_view name,
                                            std::string_view label,
                                            std::string_view type_message) {
  JsonField field = present(name, label);
  if (field.kind == JsonField::Kind::kAbsent) {
    return std::nullopt;
  }
  if (field.kind != JsonField::Kind::kString) {
    add(FieldFault{std::string(name), std::string(type_message)});
    return std::nullopt;
  }
  return std::move(field.text);
}

std::optional<std::int64_t> BodyReader::id(std::string_view name) {
  const JsonField field = present(name, name);
  if (field.kind == JsonField::Kind::kAbsent) {
    return std::nullopt;
  }
  add(id_fault(field, name));
  return field.integer;
}

std::optional<bool> BodyReader::boolean(std::string_view name) {
  const JsonField field = present(name, name);
  if (field.kind == JsonField::Kind::kAbsent) {
    return std::nullopt;
  }
  if (field.kind != JsonField::Kind::kBoolean) {
    add(FieldFault{std::string(name), std::string(name) + " must be a boolean"});
    return std::nullopt;
  }
  return field.boolean;
}

void BodyReader::add(std::optional<FieldFault> fault) {
  if (fault) {
    faults_.push_back(std::move(*fault));
  }
}

std::optional<Error> BodyReader::fault() const {
  if (faults_.empty()) {
    return std::nullopt;
  }
  return Error::about_fields(faults_);
}

JsonField BodyReader::present(std::string_view name, std::string_view label) {
  JsonField field = body_.field(name);
  if (field.kind == JsonField::Kind::kAbsent && required_) {
    add(FieldFault{std::string(name), std::string(label) + " is required"});
  }
  if (field.kind == JsonField::Kind::kBadText) {
    add(FieldFault{std::string(name), std::string(label) + " holds text that is not Unicode"});
    field.kind = JsonField::Kind::kAbsent;
  }
  return field;
}

http::Response problem_of_new(const Error& error) {
  return error.message == kValidationFailed ? http::problem(error, 422) : http::problem(error);
}

CallContext call_of(const http::Request& request) {
  CallContext call;
  if (const std::string& name = request.caller().name; !name.empty()) {
    call.who = name;
  }
  call.request_id = request.request_id();
  return call;
}

}  // namespace ginnel::api
