// SPDX-License-Identifier: MIT
#include "page/html.h"

#include <algorithm>
#include <stdexcept>

namespace ginnel::page {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

/// Appends `text` as HTML shows it, in content and in quoted attributes alike.
void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kMarks = "&<>\"'";
  constexpr std::string_view kEscapes[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
  for (const char character : text) {
    const auto place = kMarks.find(character);
    out += place == kMarks.npos ? std::string_view(&character, 1) : kEscapes[place];
  }
}

std::string_view value_of(std::string_view name, std::initializer_list<Filling> fillings) {
  const auto found = std::ranges::find(fillings, name, &Filling::name);
  if (found == fillings.end()) {
    throw std::logic_error("nothing fills {{" + std::string(name) + "}}");
  }
  return found->value;
}

}  // namespace

std::string filled(std::string_view form, std::initializer_list<Filling> fillings) {
  std::string text;
  text.reserve(form.size());
  for (auto place = form.find(kOpen); place != std::string_view::npos; place = form.find(kOpen)) {
    const auto end = form.find(kClose, place);
    if (end == std::string_view::npos) {
      throw std::logic_error("a place in a template is not closed");
    }
    text.append(form.substr(0, place));
    const auto name = form.substr(place + kOpen.size(), end - place - kOpen.size());
    append_escaped(text, value_of(name, fillings));
    form.remove_prefix(end + kClose.size());
  }
  return text.append(form);
}

}  // namespace ginnel::page
