// SPDX-License-Identifier: MIT
#include "api/qr_query.h"

#include <utility>

#include "api/query.h"

namespace ginnel::api {
namespace {

constexpr int kMaxMargin = 32;

/// The parameter, or what `value` is already.
void read_number(QueryReader& reader, std::string_view name, int lowest, int highest, int& value) {
  const auto wanted = reader.number(name, lowest, highest);
  value = wanted ? static_cast<int>(*wanted) : value;
}

void read_color(QueryReader& reader, std::string_view name, qr::Color& value) {
  const auto text = reader.text(name);
  const auto color = text ? qr::parse_color(*text) : value;
  if (!color) {
    reader.refuse(name, "must be a color of 3 or 6 hex digits (9c3a1d)");
  }
  value = color.value_or(value);
}

qr::Level read_level(QueryReader& reader) {
  const auto level = qr::parse_level(reader.text("level").value_or("M"));
  if (!level) {
    reader.refuse("level", "must be L, M, Q or H");
  }
  return level.value_or(qr::Level::kM);
}

QrFormat read_format(QueryReader& reader) {
  const std::string text = reader.text("format").value_or("svg");
  if (text != "svg" && text != "png") {
    reader.refuse("format", "must be svg or png");
  }
  return text == "png" ? QrFormat::kPng : QrFormat::kSvg;
}

}  // namespace

Result<QrQuestion> read_qr_question(const http::Request& request, std::optional<QrFormat> format) {
  QueryReader reader(request);
  QrQuestion question{format ? *format : read_format(reader), read_level(reader), {}};
  qr::Style& style = question.style;
  read_number(reader, "size", 1, kMaxQrSize, style.size);
  read_number(reader, "margin", 0, kMaxMargin, style.margin);
  read_color(reader, "color", style.color);
  read_color(reader, "background", style.background);
  if (!qr::stand_apart(style.color, style.background)) {
    reader.refuse("color", "must be much darker or lighter than background: nothing scans it");
  }
  if (auto fault = reader.fault()) {
    return std::move(*fault);
  }
  return question;
}

Result<std::string> draw_qr(const std::string& text, const QrQuestion& question) {
  auto code = qr::QrCode::of(text, question.level);
  if (!code) {
    return std::move(code).error();
  }
  const int smallest = qr::smallest_size(*code, question.style.margin);
  if (question.style.size < smallest) {
    return Error::about_fields({{"size",
                                 "size must be " + std::to_string(smallest) +
                                     " or more for this link, level and margin"}});
  }
  return question.format == QrFormat::kPng ? qr::png_of(*code, question.style)
                                           : qr::svg_of(*code, question.style);
}

}  // namespace ginnel::api
