// SPDX-License-Identifier: MIT
#include "page/html.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace ginnel::page {
namespace {

TEST(Html, FillsEveryPlace) {
  EXPECT_EQ(filled("<b title=\"{{a}}\">{{b}}{{a}}</b>", {{"a", "1"}, {"b", "2"}}),
            "<b title=\"1\">21</b>");
  EXPECT_EQ(filled("nothing { to } fill", {{"a", "1"}}), "nothing { to } fill");
  EXPECT_EQ(filled("", {}), "");
}

TEST(Html, LetsNoValueBeMarkup) {
  EXPECT_EQ(filled("{{a}}", {{"a", "<a href='x' title=\"&amp;\">"}}),
            "&lt;a href=&#39;x&#39; title=&quot;&amp;amp;&quot;&gt;");
  EXPECT_EQ(filled("{{a}}", {{"a", "{{b}}"}}), "{{b}}") << "a value is not filled again";
}

TEST(Html, RefusesAPlaceThatNothingFills) {
  EXPECT_THROW(filled("{{b}}", {{"a", "1"}}), std::logic_error);
  EXPECT_THROW(filled("{{a", {{"a", "1"}}), std::logic_error);
}

}  // namespace
}  // namespace ginnel::page
