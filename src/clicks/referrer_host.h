// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace ginnel::clicks {

/// The host of a page that a browser came from, in lower case and ASCII, without port and dot at
/// its end: `news.example.org` of `https://News.Example.ORG:8080/x?y`. An Android app's is its
/// name: `com.google.android.gm` of `android-app://com.google.android.gm/`.
///
/// Empty for anything else: no http, https or android-app URL, a host that is none, over 255 bytes,
/// or perhaps cut by kMaxRecordedText.
std::string referrer_host(std::string_view referrer);

}  // namespace ginnel::clicks
