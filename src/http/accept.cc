// SPDX-License-Identifier: MIT
#include "http/accept.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/text.h"
#include "http/response.h"

namespace ginnel::http {
namespace {

constexpr int kFullWeight = 1'000;

/// How exactly a range names a type, and with which weight.
struct Match {
  enum class Kind { kNone, kAnything, kFamily, kName };

  Kind kind = Kind::kNone;
  int weight = 0;
};

/// Where `mark` stands outside of quoted strings (RFC 9110 section 5.6.4); the end when nowhere.
std::size_t find_unquoted(std::string_view text, char mark) noexcept {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      quoted = !quoted;
    } else if (quoted && text[i] == '\\') {
      ++i;
    } else if (!quoted && text[i] == mark) {
      return i;
    }
  }
  return text.size();
}

/// What stands before `mark`; `text` is left with what stands behind it.
std::string_view taken_until(std::string_view& text, char mark) noexcept {
  const std::string_view piece = text.substr(0, find_unquoted(text, mark));
  text.remove_prefix(std::min(text.size(), piece.size() + 1));
  return trimmed(piece);
}

/// `0`, `0.85`, `1.000` in thousandths; nothing for anything else (RFC 9110 section 12.4.2).
std::optional<int> weight_of(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
      (text.size() > 1 && text[1] != '.')) {
    return std::nullopt;
  }
  int weight = (text[0] - '0') * kFullWeight;
  int unit = kFullWeight / 10;
  for (const char digit : text.substr(std::min<std::size_t>(text.size(), 2))) {
    if (!is_digit(digit)) {
      return std::nullopt;
    }
    weight += (digit - '0') * unit;
    unit /= 10;
  }
  return weight <= kFullWeight ? std::optional(weight) : std::nullopt;
}

/// The weight among a range's parameters; nothing when it is malformed.
std::optional<int> weight_among(std::string_view parameters) noexcept {
  while (!parameters.empty()) {
    std::string_view value = taken_until(parameters, ';');
    if (same_field_name(taken_until(value, '='), "q")) {
      return weight_of(trimmed(value));
    }
  }
  return kFullWeight;
}

Match::Kind kind_of(std::string_view range, std::string_view type) noexcept {
  if (same_field_name(range, type)) {
    return Match::Kind::kName;
  }
  if (range == "*/*") {
    return Match::Kind::kAnything;
  }
  const std::string_view family = type.substr(0, type.find('/') + 1);
  const bool covers = range.size() == family.size() + 1 && range.back() == '*' &&
                      same_field_name(range.substr(0, family.size()), family);
  return covers ? Match::Kind::kFamily : Match::Kind::kNone;
}

/// The most specific range that covers `type`.
Match best_match(std::string_view accept, std::string_view type) noexcept {
  Match best;
  while (!accept.empty()) {
    std::string_view parameters = taken_until(accept, ',');
    const Match::Kind kind = kind_of(taken_until(parameters, ';'), type);
    const auto weight = weight_among(parameters);
    if (kind > best.kind && weight) {
      best = {kind, *weight};
    }
  }
  return best;
}

}  // namespace

int wanted(std::string_view accept, std::string_view type) noexcept {
  return best_match(accept, type).weight;
}

bool asks_for(std::string_view accept, std::string_view type, std::string_view usual) noexcept {
  const Match match = best_match(accept, type);
  return match.kind == Match::Kind::kName && match.weight > 0 &&
         match.weight >= wanted(accept, usual);
}

bool prefers_html(const Request& request) {
  const auto accept = request.list_field("Accept");
  return accept && wanted(*accept, "text/html") > wanted(*accept, kJson);
}

}  // namespace ginnel::http
